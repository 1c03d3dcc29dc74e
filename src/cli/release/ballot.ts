/** Whether a statement is good now, whether enough people signed, and the entry that says so in the history. */
import type { Verdict } from '../../ports/release.ts'
import { rosterHash, samePerson } from '../../release/approvers.ts'
import type { Book } from '../../release/book.ts'
import { ReleaseError } from '../../release/codes.ts'
import { verifyStatement } from '../../release/jws.ts'
import type { BundleRef, ChangeClass, EntryDraft, EntryKind, Statement } from '../../release/model.ts'
import { bundleMatter, checkStatement, type Matter, peopleFor, quorum } from '../../release/quorum.ts'
import type { BundleLoader } from './load.ts'

export interface Ballot {
  readonly verdict: Verdict
  readonly entry: Omit<EntryDraft, 'at'>
}

/** Throws ReleaseError when the statement is not good; BundleLoadError. `at`: seconds since 1970. */
export async function ballotOf(jws: string, book: Book, loader: BundleLoader, at: number): Promise<Ballot> {
  const statement = await verifyStatement(jws, book.roster)
  const { claims, by } = statement
  const ref = claims.files === null ? null : { id: claims.files, hash: claims.subject }
  book.checkOpen(statement)
  const matter = await matterOf(statement, ref, book, loader, at)
  checkStatement(statement, matter)
  const others = await sameMatter(book, matter)
  // two people who mean different keys for one name mean different things
  if (others.some((s) => claims.act === 'enrol' && !samePerson(s.claims.approver, claims.approver)))
    throw new ReleaseError('APPROVAL_BUNDLE')
  const together = [...others, statement]
  if (new Set(together.map((s) => s.by)).size < together.length) throw new ReleaseError('APPROVAL_TWICE')
  const needs = Math.max(...together.map((s) => peopleFor(s.claims.class)))
  const signed = together.map((s) => s.by)
  const refused = codeOf(() => quorum(together, matter))
  const kind = refused === null ? (AT_ONCE[claims.act] ?? 'approved') : 'approved'
  const statements = kind === 'approved' ? [jws] : together.map((s) => s.jws)
  const about = { bundle: ref, parent: claims.parent, class: claims.class, statements }
  return {
    verdict: { released: refused === null, refused, signed, needs },
    entry: { kind, who: by, why: claims.why, ...about, alarm: false },
  }
}

/** Acts that take effect with the last signature they need. */
const AT_ONCE: Readonly<Partial<Record<Statement['claims']['act'], EntryKind>>> = {
  refuse: 'refused',
  enrol: 'roster',
  remove: 'roster',
  shadow: 'shadow',
  review: 'reviewed',
  destroy: 'destroyed',
}

async function matterOf(
  { claims, by }: Statement,
  ref: BundleRef | null,
  book: Book,
  loader: BundleLoader,
  at: number,
): Promise<Matter> {
  const active = book.active?.bundle ?? null
  const common = { at, spent: book.spent, author: ref === null ? null : book.author(ref.id) }
  const { act, subject, parent, class: stated } = claims
  if (act === 'review') {
    const open = book.toReview.find(({ entry }) => entry.bundle?.id === ref?.id)
    if (open === undefined) throw new ReleaseError('REVIEW_NOT_DUE')
    if (open.by.includes(by)) throw new ReleaseError('APPROVAL_TWICE')
    return {
      act,
      subject: open.entry.bundle!.hash,
      files: open.entry.bundle!.id,
      parent: open.parent,
      class: stated,
      ...common,
    }
  }
  if (ref === null) {
    const current = act === 'destroy' ? parent : rosterHash(book.roster)
    return { act, subject, files: null, parent: current, class: stated, ...common }
  }
  if (act === 'rollback' && !book.wasActive(ref.id)) throw new ReleaseError('ROLLBACK_NEVER_ACTIVE')
  // a proposal that does not even compile here can be refused all the same
  if (act === 'refuse')
    return { ...bundleMatter('refuse', book.proposed(ref), 'same'), parent: active?.hash ?? null, ...common }
  const loaded = await loader.load(ref)
  const change = act === 'release' ? await loader.classOf(active, ref) : 'same'
  const kind = act === 'rollback' || act === 'shadow' ? act : 'release'
  return { ...bundleMatter(kind, loaded, change), parent: active?.hash ?? null, ...common }
}

export interface ReleaseBallot {
  readonly verdict: Verdict
  readonly statements: readonly string[]
  readonly class: ChangeClass
  readonly rollback: boolean
}

/** May this bundle be put in force now? Throws ReleaseError when not; BundleLoadError. */
export async function judgeBallot(
  ref: BundleRef,
  book: Book,
  loader: BundleLoader,
  at: number,
  required: boolean,
): Promise<ReleaseBallot> {
  const active = book.active?.bundle ?? null
  if (active?.id === ref.id) throw new ReleaseError('NOTHING_CHANGED')
  if (!book.wasActive(ref.id) && book.closed(ref.id) !== null) throw new ReleaseError('PROPOSAL_CLOSED')
  const change = await loader.classOf(active, ref)
  const common = { parent: active?.hash ?? null, at, spent: book.spent, author: book.author(ref.id) }
  const back = { ...bundleMatter('rollback', ref, change), ...common }
  const forward = { ...bundleMatter('release', ref, change), ...common }
  const returning = book.wasActive(ref.id) ? await sameMatter(book, back) : []
  const rollback = returning.length > 0
  const statements = rollback ? returning : await sameMatter(book, forward)
  const by = required ? quorum(statements, rollback ? back : forward) : statements.map((s) => s.by)
  const needs = required ? peopleFor(rollback ? 'rollback' : change) : 0
  const verdict = { released: true, refused: null, signed: by, needs }
  return { verdict, statements: statements.map((s) => s.jws), class: change, rollback }
}

/** Statements that wait in the book and are good for this matter now, the signer still being on the list. */
export async function sameMatter(book: Book, matter: Matter): Promise<Statement[]> {
  const good: Statement[] = []
  for (const { jws } of book.pending) {
    const statement = await verifyStatement(jws, book.roster).catch(() => null)
    if (statement !== null && codeOf(() => checkStatement(statement, matter)) === null) good.push(statement)
  }
  return good
}

function codeOf(check: () => unknown): Verdict['refused'] {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof ReleaseError) return error.code
    throw error
  }
}
