/**
 * Rules from a folder with signatures beside it: `.approvals/*.jws` holds what approvers signed (`veilgate rules sign`).
 * The folder is a draft until the statements prove it; then it becomes the next release of this node's own history.
 */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRuleFolder, watchRuleFolder } from '../../adapters/rule-files.ts'
import type { KeptRelease } from '../../adapters/state/kept-release.ts'
import { watchFiles } from '../../adapters/watched-files.ts'
import type { Log } from '../../ports/log.ts'
import type { Roster } from '../../release/approvers.ts'
import { Book, type Reader } from '../../release/book.ts'
import { bundleId } from '../../release/bundle.ts'
import { ReleaseError } from '../../release/codes.ts'
import { nextEntry } from '../../release/history.ts'
import { verifyStatement } from '../../release/jws.ts'
import type { Bundle, BundleRef, Entry, EntryDraft, Statement } from '../../release/model.ts'
import { statedOf } from '../release/book-keeper.ts'
import { bundleFilesOf } from '../release/bundle-files.ts'
import { BundleLoadError, BundleLoader, type Loaded, openFiles } from '../release/load.ts'
import { Keeping } from './keeping.ts'
import type { RuleSource, SourceTools } from './rule-source.ts'

export const APPROVALS = '.approvals'

export interface SignedOptions {
  readonly folder: string
  readonly roster: Roster
  readonly kept: {
    read(): KeptRelease | 'none' | 'altered'
    readonly write: ((kept: KeptRelease) => void) | null
  }
  readonly now: () => number
  readonly log: Log
}

const MAX_STATEMENTS = 500

export class SignedSource implements RuleSource {
  readonly #o: SignedOptions
  readonly #tools: SourceTools
  readonly #book: Book
  readonly #entries: Entry[] = []
  readonly #loader: BundleLoader
  readonly #keeping: Keeping
  #running: Loaded | null = null
  #draft: string | null = null
  #altered = false
  #since = 0
  #taking: Promise<void> = Promise.resolve()
  readonly #watches: { close(): void }[] = []

  constructor(options: SignedOptions, tools: SourceTools) {
    this.#o = options
    this.#tools = tools
    this.#keeping = new Keeping(options.log)
    this.#book = new Book({ roster: options.roster, required: true, adopts: true })
    // everything it ever compares is at hand: what is in force, and the folder
    this.#loader = new BundleLoader({ bundle: async () => null }, (files) => tools.compile(files))
  }

  async start(): Promise<void> {
    await this.#restore()
    const { folder, log } = this.#o
    const first = await readRuleFolder(folder)
    await this.#look()
    const look = () => void (this.#taking = this.#taking.then(() => this.#look()))
    this.#watches.push(watchRuleFolder(folder, first, look, () => log.error('rules.unreadable', {})))
    this.#watches.push(watchFiles(() => this.#statementFiles(), look))
  }

  reasons(): readonly string[] {
    return []
  }

  notes(): readonly string[] {
    const notes: [boolean, string][] = [
      [this.#draft !== null, 'RULES_UNAPPROVED'],
      [this.#draft !== null && this.#running !== null, 'RULES_LAST_GOOD'],
      [this.#altered, 'RELEASE_KEPT_ALTERED'],
      [this.#keeping.failed, 'RULES_NOT_KEPT'],
      [this.#book.toReview.length > 0, 'RELEASE_TO_REVIEW'],
    ]
    return notes.filter(([holds]) => holds).map(([, note]) => note)
  }

  shadow(): null {
    return null
  }

  async stop(): Promise<void> {
    for (const watch of this.#watches) watch.close()
    await this.#taking
    this.#keeping.stop()
  }

  async #restore(): Promise<void> {
    const kept = this.#o.kept.read()
    if (kept === 'none') return
    try {
      if (kept === 'altered') throw new ReleaseError('BUNDLE_ALTERED')
      const { id, files } = kept.bundle
      const loaded = await openFiles(id, files, (rules) => this.#tools.compile(rules))
      // this node looked into the files when it took them; its seal vouches for that now
      const classOf: Reader['classOf'] = async (_parent, _next, entry) => statedOf(entry)
      for (const entry of kept.entries) await this.#add(entry, { now: this.#o.now() / 1000, since: 0, classOf })
      if (this.#book.active?.bundle.hash !== loaded.hash) throw new ReleaseError('BUNDLE_ALTERED')
      this.#since = kept.at / 1000
      await this.#enforce(loaded)
      this.#o.log.info('release.restored', { bundle: loaded.hash })
    } catch (error) {
      this.#altered = true
      this.#o.log.error('release.kept-refused', { problem: codeOf(error) })
    }
  }

  async #look(): Promise<void> {
    try {
      await this.#takeRoster()
      const statements = await this.#statements()
      const { files, problems } = await bundleFilesOf(this.#o.folder)
      if (problems.some((p) => p.severity === 'error')) throw new BundleLoadError('BUNDLE_BROKEN')
      const id = bundleId(files)
      if (id !== this.#running?.id) await this.#release({ id, files }, statements)
      await this.#takeReviews(statements)
      this.#draft = null
    } catch (error) {
      const code = codeOf(error)
      if (this.#draft !== code)
        this.#o.log.error('release.draft', { problem: code, bundle: this.#tools.bundle() ?? '' })
      this.#draft = code
    }
  }

  async #release({ id, files }: Pick<Bundle, 'id' | 'files'>, statements: readonly Statement[]): Promise<void> {
    const loaded = await openFiles(id, files, (rules) => this.#tools.compile(rules))
    this.#loader.keep(loaded)
    const parent = this.#book.active?.bundle.hash ?? null
    const about = statements.filter(({ claims }) => {
      const fits = claims.act === 'release' || claims.act === 'rollback'
      // a node that knows nothing yet takes what two people stand by, wherever they came from
      return fits && claims.files === id && (parent === null || claims.parent === parent)
    })
    const bundle = { id, hash: loaded.hash }
    const newest = new Map(about.map((statement) => [statement.by, statement]))
    const jws = [...newest.values()].map((statement) => statement.jws)
    await this.#append({ kind: 'activated', bundle, parent, statements: jws, why: about[0]?.claims.why ?? '' })
    await this.#enforce(loaded)
    this.#keep()
  }

  async #takeRoster(): Promise<void> {
    const groups = Map.groupBy(await this.#statements(), ({ claims: c }) => `${c.act} ${c.subject} ${c.parent}`)
    for (const group of groups.values()) {
      const { act, why } = group[0]!.claims
      if ((act !== 'enrol' && act !== 'remove') || group.length < 2) continue
      const statements = group.map(({ jws }) => jws)
      await this.#append({ kind: 'roster', bundle: null, parent: null, statements, why }).catch(ignoreRefusal)
      this.#keep()
    }
  }

  async #takeReviews(statements: readonly Statement[]): Promise<void> {
    for (const { jws, claims } of statements) {
      const open = this.#book.toReview.some(({ entry }) => entry.bundle?.id === claims.files)
      if (claims.act !== 'review' || !open) continue
      const bundle = { id: claims.files!, hash: claims.subject }
      const review = { kind: 'reviewed', bundle, parent: null, statements: [jws], why: claims.why } as const
      await this.#append(review).catch(ignoreRefusal)
      this.#keep()
    }
  }

  /** What is signed by people who are on the list, still counts and was not used; oldest first. */
  async #statements(): Promise<Statement[]> {
    const good: Statement[] = []
    for (const file of this.#statementFiles().slice(0, MAX_STATEMENTS)) {
      const jws = (await readFile(file, 'utf8').catch(() => '')).trim()
      const statement = await verifyStatement(jws, this.#book.roster).catch(() => null)
      if (statement === null) continue
      const { jti, exp } = statement.claims
      if (!this.#book.spent.has(jti) && exp > this.#o.now() / 1000) good.push(statement)
    }
    return good.toSorted((a, b) => a.claims.iat - b.claims.iat)
  }

  #statementFiles(): string[] {
    const folder = join(this.#o.folder, APPROVALS)
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith('.jws'))
        .sort()
        .map((name) => join(folder, name))
    } catch {
      return []
    }
  }

  /** One more entry of this node's own history; throws ReleaseError when it proves nothing, and nothing is kept. */
  async #append(draft: Pick<EntryDraft, 'kind' | 'bundle' | 'parent' | 'statements' | 'why'>): Promise<void> {
    const { now, log } = this.#o
    const at = new Date(now()).toISOString()
    const rest = { at: at > this.#book.at ? at : this.#book.at, who: 'folder', class: null, alarm: false } as const
    const entry = nextEntry({ ...draft, ...rest }, this.#book.head)
    const classOf = (parent: BundleRef | null, next: BundleRef) => this.#loader.classOf(parent, next)
    await this.#add(entry, { now: now() / 1000, since: this.#since, classOf })
    this.#since = now() / 1000
    log.info('release.approved', { bundle: entry.bundle?.hash ?? '', problem: entry.kind })
  }

  async #add(entry: Entry, reader: Reader): Promise<void> {
    await this.#book.add(entry, reader)
    this.#entries.push(entry)
  }

  async #enforce(loaded: Loaded): Promise<void> {
    if (!(await this.#tools.put(loaded.compiled))) throw new BundleLoadError('BUNDLE_BROKEN')
    this.#loader.keep(loaded)
    this.#running = loaded
  }

  #keep(): void {
    const { write } = this.#o.kept
    if (write === null || this.#running === null) return
    const { id, hash, files } = this.#running
    const kept = { at: this.#o.now(), entries: [...this.#entries], bundle: { id, hash, files } }
    this.#keeping.keep(() => write(kept))
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ReleaseError)) throw error
}

/** Never more than a code: a message may name a file or quote one. */
function codeOf(error: unknown): string {
  return error instanceof ReleaseError || error instanceof BundleLoadError ? error.code : 'INTERNAL'
}
