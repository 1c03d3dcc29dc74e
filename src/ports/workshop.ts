/** What officers work on before anybody else is bound by it: drafts, saved samples, keys proposed for enrolment. */

export interface DraftHead {
  readonly id: string
  readonly title: string
  /** account id */
  readonly author: string
  /** hash of the bundle it was copied from */
  readonly base: string | null
  readonly state: 'open' | 'submitted'
  /** id of the bundle it became */
  readonly proposal: string | null
  /** RFC 3339, UTC */
  readonly createdAt: string
  readonly changedAt: string
}

/** One file of a draft beside what it was copied from; `text` null: taken out, `base` null: added. */
export interface DraftFile {
  readonly path: string
  readonly text: string | null
  readonly base: string | null
  readonly encoding: 'utf8' | 'base64'
}

/** What a draft takes on the disk: its texts, and those it was copied from. */
export interface DraftSize {
  /** account id */
  readonly author: string
  readonly state: DraftHead['state']
  readonly bytes: number
}

export interface SavedSample {
  readonly id: string
  readonly title: string
  readonly format: string
  /** account id */
  readonly by: string
  /** RFC 3339, UTC */
  readonly at: string
  readonly text: string
}

/** A public key its owner proposed; approvers sign for or against it. */
export interface ProposedKey {
  /** name of the account */
  readonly name: string
  readonly x: string
  readonly y: string
  readonly label: string
  /** RFC 3339, UTC */
  readonly at: string
}

export interface Workshop {
  /** latest change first */
  drafts(): DraftHead[]
  draft(id: string): DraftHead | null
  /** of every draft */
  draftSizes(): DraftSize[]
  addDraft(head: DraftHead, files: readonly DraftFile[]): void
  putDraft(head: DraftHead): void
  /** Replaces head and all files of an open draft that is as it was at `before`; false, and nothing changed, otherwise. */
  rebase(head: DraftHead, before: string, files: readonly DraftFile[]): boolean
  /** Closes an open draft and gives its files as they stood then, in one step; null, and nothing changed, when it is not open. */
  closeDraft(id: string): DraftFile[] | null
  /** Ends what closeDraft() began: the bundle it became, or null to open it again. What was thrown away stays so. */
  settleDraft(id: string, proposal: string | null): void
  /** Opens a draft that became this bundle; false, and nothing changed, when it is no such draft (any more). */
  reopenDraft(id: string, proposal: string): boolean
  deleteDraft(id: string): void
  /** by path, removed ones too */
  draftFiles(id: string): DraftFile[]
  draftFile(id: string, path: string): DraftFile | null
  /**
   * Writes one file while its text is still `before` (null: not there); false, and nothing changed, otherwise. A file that
   * is neither in the draft nor in its base is forgotten.
   */
  putDraftFile(id: string, path: string, before: string | null, text: string | null, at: string): boolean

  samples(): SavedSample[]
  sample(id: string): SavedSample | null
  addSample(sample: SavedSample): void
  deleteSample(id: string): void

  proposedKeys(): ProposedKey[]
  /** Replaces what the account proposed before. */
  putProposedKey(key: ProposedKey): void
  deleteProposedKey(name: string): void
}
