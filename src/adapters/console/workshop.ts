/** Drafts, saved samples and proposed keys in SQLite. */
import type { DatabaseSync } from 'node:sqlite'
import type { DraftFile, DraftHead, DraftSize, ProposedKey, SavedSample, Workshop } from '../../ports/workshop.ts'

export class SqliteWorkshop implements Workshop {
  readonly #db: DatabaseSync
  /** of drafts by id, until their files change: nobody else writes drafts into the file */
  readonly #sizes = new Map<string, number>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  drafts(): DraftHead[] {
    return this.#all<{ head: string }>('SELECT head FROM drafts ORDER BY changed DESC, id').map(({ head }) =>
      JSON.parse(head),
    )
  }

  draft(id: string): DraftHead | null {
    const [row] = this.#all<{ head: string }>('SELECT head FROM drafts WHERE id = ?', id)
    return row === undefined ? null : (JSON.parse(row.head) as DraftHead)
  }

  draftSizes(): DraftSize[] {
    return this.drafts().map(({ id, author, state }) => ({ author, state, bytes: this.#sizeOf(id) }))
  }

  #sizeOf(draft: string): number {
    let bytes = this.#sizes.get(draft)
    if (bytes === undefined) {
      const sql = `SELECT TOTAL(COALESCE(octet_length(text), 0) + COALESCE(octet_length(base), 0)) AS bytes
                   FROM draft_files WHERE draft = ?`
      this.#sizes.set(draft, (bytes = this.#all<{ bytes: number }>(sql, draft)[0]!.bytes))
    }
    return bytes
  }

  addDraft(head: DraftHead, files: readonly DraftFile[]): void {
    this.#whole(() => {
      this.putDraft(head)
      this.#addFiles(head.id, files)
    })
  }

  rebase(head: DraftHead, before: string, files: readonly DraftFile[]): boolean {
    return this.#whole(() => {
      const now = this.draft(head.id)
      if (now === null || now.state !== 'open' || now.changedAt !== before) return false
      this.#run('DELETE FROM draft_files WHERE draft = ?', head.id)
      this.#addFiles(head.id, files)
      this.putDraft(head)
      return true
    })
  }

  #addFiles(draft: string, files: readonly DraftFile[]): void {
    this.#sizes.delete(draft)
    const insert = this.#db.prepare('INSERT INTO draft_files VALUES (?, ?, ?, ?, ?)')
    for (const { path, text, base, encoding } of files) insert.run(draft, path, text, base, encoding)
  }

  putDraft(head: DraftHead): void {
    this.#run(
      'INSERT INTO drafts VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET changed = excluded.changed, head = excluded.head',
      head.id,
      head.changedAt,
      JSON.stringify(head),
    )
  }

  closeDraft(id: string): DraftFile[] | null {
    return this.#whole(() => {
      const head = this.draft(id)
      if (head === null || head.state !== 'open') return null
      this.putDraft({ ...head, state: 'submitted', proposal: null })
      return this.draftFiles(id)
    })
  }

  settleDraft(id: string, proposal: string | null): void {
    this.#whole(() => {
      const head = this.draft(id)
      if (head === null || head.state !== 'submitted' || head.proposal !== null) return
      this.putDraft({ ...head, state: proposal === null ? 'open' : 'submitted', proposal })
    })
  }

  reopenDraft(id: string, proposal: string): boolean {
    return this.#whole(() => {
      const head = this.draft(id)
      if (head === null || head.state !== 'submitted' || head.proposal !== proposal) return false
      this.putDraft({ ...head, state: 'open', proposal: null })
      return true
    })
  }

  deleteDraft(id: string): void {
    this.#sizes.delete(id)
    this.#run('DELETE FROM drafts WHERE id = ?', id)
  }

  draftFiles(id: string): DraftFile[] {
    return this.#all<DraftFile>('SELECT path, text, base, encoding FROM draft_files WHERE draft = ? ORDER BY path', id)
  }

  draftFile(id: string, path: string): DraftFile | null {
    const sql = 'SELECT path, text, base, encoding FROM draft_files WHERE draft = ? AND path = ?'
    return this.#all<DraftFile>(sql, id, path)[0] ?? null
  }

  putDraftFile(id: string, path: string, before: string | null, text: string | null, at: string): boolean {
    return this.#whole(() => {
      const head = this.draft(id)
      const file = this.draftFile(id, path)
      if (head === null || head.state !== 'open' || (file?.text ?? null) !== before) return false
      if (text === null && (file?.base ?? null) === null)
        this.#run('DELETE FROM draft_files WHERE draft = ? AND path = ?', id, path)
      else
        this.#run(
          `INSERT INTO draft_files VALUES (?, ?, ?, NULL, 'utf8')
           ON CONFLICT (draft, path) DO UPDATE SET text = excluded.text`,
          id,
          path,
          text,
        )
      this.#sizes.delete(id)
      this.putDraft({ ...head, changedAt: at })
      return true
    })
  }

  samples(): SavedSample[] {
    return this.#all<{ sample: string }>('SELECT sample FROM samples ORDER BY id').map(({ sample }) =>
      JSON.parse(sample),
    )
  }

  sample(id: string): SavedSample | null {
    const [row] = this.#all<{ sample: string }>('SELECT sample FROM samples WHERE id = ?', id)
    return row === undefined ? null : (JSON.parse(row.sample) as SavedSample)
  }

  addSample(sample: SavedSample): void {
    this.#run('INSERT INTO samples VALUES (?, ?)', sample.id, JSON.stringify(sample))
  }

  deleteSample(id: string): void {
    this.#run('DELETE FROM samples WHERE id = ?', id)
  }

  proposedKeys(): ProposedKey[] {
    return this.#all<{ proposed: string }>('SELECT proposed FROM proposed_keys ORDER BY name').map(({ proposed }) =>
      JSON.parse(proposed),
    )
  }

  putProposedKey(key: ProposedKey): void {
    this.#run(
      'INSERT INTO proposed_keys VALUES (?, ?) ON CONFLICT DO UPDATE SET proposed = excluded.proposed',
      key.name,
      JSON.stringify(key),
    )
  }

  deleteProposedKey(name: string): void {
    this.#run('DELETE FROM proposed_keys WHERE name = ?', name)
  }

  #all<T>(sql: string, ...values: (string | null)[]): T[] {
    // rows come without a prototype; plain objects go out
    return this.#db
      .prepare(sql)
      .all(...values)
      .map((row) => ({ ...row })) as unknown as T[]
  }

  #run(sql: string, ...values: (string | null)[]): void {
    this.#db.prepare(sql).run(...values)
  }

  #whole<T>(change: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = change()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }
}
