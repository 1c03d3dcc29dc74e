/** The release desk over a bundle store: drafts in, signatures in, releases out; everything else is read from the book. */
import { randomUUID } from 'node:crypto'
import type { Attestation, BundleHead, BundleStore, StoredBundle } from '../../ports/bundle-store.ts'
import type {
  BundleView,
  Draft,
  Prepared,
  ReleaseDesk,
  ReleaseState,
  StatementRequest,
  Submitted,
  Verdict,
} from '../../ports/release.ts'
import { type Roster, rosterHash } from '../../release/approvers.ts'
import type { Book } from '../../release/book.ts'
import { bundleId } from '../../release/bundle.ts'
import { readClaims } from '../../release/claims.ts'
import { type ReleaseCode, ReleaseError } from '../../release/codes.ts'
import { nextEntry } from '../../release/history.ts'
import { payloadOf, STATEMENT_TYPE } from '../../release/jws.ts'
import type { BundleFile, BundleRef, Claims, Entry, EntryDraft } from '../../release/model.ts'
import { defaultLifetime, peopleFor } from '../../release/quorum.ts'
import { ballotOf, judgeBallot } from './ballot.ts'
import { BookKeeper } from './book-keeper.ts'
import { changeLines } from './change-lines.ts'
import { type Gated, gate } from './gate.ts'
import { BundleLoadError, BundleLoader, openFiles } from './load.ts'
import { bundleViews, type KnownClasses } from './views.ts'

export interface DeskOptions {
  readonly store: BundleStore
  /** the first approvers, of veilgate.yaml */
  readonly roster: Roster
  readonly approval: 'required' | 'off'
  readonly source: 'folder' | 'store'
  /** milliseconds since 1970 */
  readonly now: () => number
  /** YYYY-MM-DD in the configured zone */
  readonly today: () => string
}

const MAX_BUNDLES = 200
const TRIES = 5

export class StoreDesk implements ReleaseDesk {
  readonly #o: DeskOptions
  readonly #loader: BundleLoader
  readonly #keeper: BookKeeper
  readonly #classes: KnownClasses = new Map()

  constructor(options: DeskOptions) {
    this.#o = options
    this.#loader = new BundleLoader(options.store)
    const { store, roster, now } = options
    this.#keeper = new BookKeeper({
      store,
      roster,
      now,
      loader: this.#loader,
      required: options.approval === 'required',
    })
  }

  async state(): Promise<ReleaseState> {
    const { source, approval } = this.#o
    const book = await this.#read()
    const alarm = book.toReview.findLast(({ entry }) => entry.alarm)?.entry ?? null
    const active = book.active?.bundle ?? null
    const { roster, shadow } = book
    const { unproved } = this.#keeper
    return { source, approval, active, roster, rosterHash: rosterHash(roster), alarm, unproved, shadow }
  }

  async examine(draft: Draft): Promise<Submitted> {
    return (await this.#examine(draft)).said
  }

  async submit(draft: Draft): Promise<Submitted> {
    const { said, gated, parent } = await this.#examine(draft)
    if (said.bundle === null || gated === null) return said
    const { author, why, files } = draft
    const at = this.#at()
    const submission = { author, at, why: lineOf(why), parent, class: said.class, tests: gated.tests }
    const fresh = await this.#o.store.putBundle({ ...said.bundle, files, submission })
    const book = await this.#read()
    if (fresh || book.author(said.bundle.id) === null || book.closed(said.bundle.id) !== null)
      await this.#append(async () => ({
        ...blank('submitted', author, why),
        bundle: said.bundle,
        parent,
        class: said.class,
      }))
    return said
  }

  async bundles(): Promise<readonly BundleView[]> {
    return bundleViews(await this.#o.store.bundles(MAX_BUNDLES), await this.#read(), this.#loader, this.#classes)
  }

  async bundle(id: string): Promise<(BundleView & { readonly files: readonly BundleFile[] }) | null> {
    const book = await this.#read()
    const found = await this.#find(id).catch(notThere)
    const stored = found === null ? null : await this.#o.store.bundle(found.id)
    if (stored === null || bundleId(stored.files) !== stored.id) return null
    const [view] = await bundleViews([stored], book, this.#loader, this.#classes)
    return { ...view!, files: stored.files }
  }

  async prepare(request: StatementRequest): Promise<Prepared> {
    const book = await this.#read()
    const now = Math.floor(this.#o.now() / 1000)
    const { act, why, lifetime = defaultLifetime(act) } = request
    const about = await this.#about(request, book)
    const rest = { iat: now, exp: now + lifetime, jti: randomUUID(), why: lineOf(why) }
    const claims = readClaims({ v: 1, act, ...about, ...rest })
    return { claims, payload: payloadOf(claims), typ: STATEMENT_TYPE, needs: peopleFor(claims.class) }
  }

  async approve(jws: string): Promise<Verdict> {
    try {
      let verdict: Verdict | null = null
      await this.#append(async (book) => {
        const ballot = await ballotOf(jws, book, this.#loader, this.#seconds())
        verdict = ballot.verdict
        return ballot.entry
      })
      return verdict!
    } catch (error) {
      return refusedBy(error)
    }
  }

  async activate(id: string, who: string, why: string): Promise<Verdict> {
    try {
      const { id: bundle, hash } = await this.#find(id)
      let verdict: Verdict | null = null
      await this.#append(async (book) => {
        const required = this.#o.approval === 'required'
        const ballot = await judgeBallot({ id: bundle, hash }, book, this.#loader, this.#seconds(), required)
        verdict = ballot.verdict
        const { statements, class: change, rollback } = ballot
        const said = { statements, class: rollback ? ('rollback' as const) : change, alarm: rollback }
        const parent = book.active?.bundle.hash ?? null
        return { ...blank('activated', who, why), bundle: { id: bundle, hash }, parent, ...said }
      })
      if (this.#keeper.book.active?.bundle.id !== bundle) throw new ReleaseError('RACE_LOST')
      return verdict!
    } catch (error) {
      return refusedBy(error)
    }
  }

  async drop(id: string, how: 'refused' | 'withdrawn', who: string, why: string): Promise<Verdict> {
    return this.#note(async () => {
      if (how === 'refused' && this.#o.approval === 'required') throw new ReleaseError('APPROVAL_MISSING')
      const { id: bundle, hash } = await this.#find(id)
      return async (book) => ({
        ...blank(how, who, why),
        bundle: book.proposed({ id: bundle, hash }, how === 'withdrawn' ? who : null),
        parent: book.active?.bundle.hash ?? null,
      })
    })
  }

  async stopShadow(who: string, why: string): Promise<Verdict> {
    return this.#note(async () => async (book) => {
      if (book.shadow === null || book.shadow.until <= this.#seconds()) throw new ReleaseError('SHADOW_NOT_RUNNING')
      return blank('shadow', who, why)
    })
  }

  /** An entry that nobody signs. */
  async #note(prepare: () => Promise<(book: Book) => Promise<Omit<EntryDraft, 'at'>>>): Promise<Verdict> {
    try {
      await this.#append(await prepare())
      return { released: true, refused: null, signed: [], needs: 0 }
    } catch (error) {
      return refusedBy(error)
    }
  }

  async history(limit: number, before = Number.POSITIVE_INFINITY): Promise<readonly Entry[]> {
    await this.#read()
    const upTo = this.#keeper.entries.filter(({ seq }) => seq < before)
    return upTo.slice(Math.max(0, upTo.length - limit)).toReversed()
  }

  attestations(): Promise<readonly Attestation[]> {
    return this.#o.store.attestations()
  }

  close(): Promise<void> {
    return this.#o.store.close()
  }

  async #read(): Promise<Book> {
    await this.#keeper.sync()
    return this.#keeper.book
  }

  async #examine(draft: Draft): Promise<{ said: Submitted; gated: Gated | null; parent: string | null }> {
    const book = await this.#read()
    const active = book.active?.bundle ?? null
    const parent = active?.hash ?? null
    const gated = await gate(draft.files, this.#o.today())
    const { problems, tests } = gated
    const refuse = (refused: ReleaseCode, more: Partial<Submitted> = {}) => ({
      said: { bundle: null, refused, problems, tests, class: 'looser', changes: [], needs: 2, ...more } as Submitted,
      gated: null,
      parent,
    })
    if (gated.refused !== null || gated.compiled === null) return refuse(gated.refused ?? 'GATE_PROBLEMS')
    const ref = { id: bundleId(draft.files), hash: gated.compiled.hash }
    if (draft.basedOn !== undefined && draft.basedOn !== parent) return refuse('PARENT_CHANGED')
    if (ref.id === active?.id) return refuse('NOTHING_CHANGED')
    this.#loader.keep(await openFiles(ref.id, draft.files))
    const diff = await this.#loader.diff(active, ref)
    const change = diff?.class ?? 'looser'
    const changes = diff === null ? [] : changeLines(diff)
    const needs = peopleFor(change)
    return { said: { bundle: ref, refused: null, problems, tests, class: change, changes, needs }, gated, parent }
  }

  /** What a statement of this act is about, from what is in force. */
  async #about(request: StatementRequest, book: Book): Promise<Partial<Claims>> {
    const { act, approver, subject, parent = null, share = 0.05 } = request
    const active = book.active?.bundle ?? null
    if (act === 'enrol' || act === 'remove') {
      const who = approver?.id ?? subject ?? ''
      const roster = { subject: who, files: null, parent: rosterHash(book.roster), class: 'roster' } as const
      return act === 'enrol' && approver !== undefined ? { ...roster, approver } : roster
    }
    if (act === 'destroy') return { subject: subject ?? '', files: null, parent, class: 'destroy' }
    const found = await this.#find(request.id ?? '')
    const about = { subject: found.hash, files: found.id }
    if (act === 'review') {
      const open = book.toReview.find(({ entry }) => entry.bundle?.id === found.id)
      if (open === undefined) throw new ReleaseError('REVIEW_NOT_DUE')
      const { class: stated } = open.entry
      return { ...about, parent: open.parent, class: stated === 'same' || stated === 'tighter' ? stated : 'looser' }
    }
    if (act === 'refuse') book.proposed({ id: found.id, hash: found.hash })
    if (act === 'refuse') return { ...about, parent: active?.hash ?? null, class: 'refuse' }
    if (act === 'shadow') return { ...about, parent: active?.hash ?? null, class: 'shadow', share }
    if (act === 'rollback') {
      if (!book.wasActive(found.id) || found.id === active?.id) throw new ReleaseError('ROLLBACK_NEVER_ACTIVE')
      return { ...about, parent: active?.hash ?? null, class: 'rollback' }
    }
    const change = await this.#classed(active, found)
    return { ...about, parent: active?.hash ?? null, class: change }
  }

  async #classed(active: BundleRef | null, next: BundleRef) {
    try {
      return await this.#loader.classOf(active, next)
    } catch (error) {
      throw error instanceof BundleLoadError ? new ReleaseError(error.code) : error
    }
  }

  /** By id or hash, or 8 and more of its hex digits. */
  async #find(written: string): Promise<BundleHead | StoredBundle> {
    const digits = written.replace(/^sha256:/, '')
    if (!/^[0-9a-f]{8,64}$/.test(digits)) throw new ReleaseError('BUNDLE_UNKNOWN')
    const whole = digits.length === 64 ? await this.#o.store.bundle(`sha256:${digits}`) : null
    if (whole !== null) return whole
    const starts = (text: string): boolean => text.startsWith(`sha256:${digits}`)
    const found = (await this.#o.store.bundles(1000)).filter(({ id, hash }) => starts(id) || starts(hash))
    if (found.length > 1) throw new ReleaseError('BUNDLE_AMBIGUOUS')
    return found[0] ?? unknown()
  }

  /** Appends what `make` says of the book as it is; again when somebody else was first. */
  async #append(make: (book: Book) => Promise<Omit<EntryDraft, 'at'>>): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const book = await this.#read()
      const draft = await make(book)
      const at = book.at > this.#at() ? book.at : this.#at()
      const entry = nextEntry({ at, ...draft }, book.head)
      if (await this.#o.store.append(entry)) return this.#confirm(entry)
    }
    throw new ReleaseError('RACE_LOST')
  }

  /** What every node will make of it. */
  async #confirm(entry: Entry): Promise<void> {
    const taken = await this.#keeper.sync()
    const refused = taken.find((each) => each.kind === 'refused' && each.entry.hash === entry.hash)
    if (refused?.kind === 'refused') throw refused.error
  }

  #at(): string {
    return new Date(this.#o.now()).toISOString()
  }

  #seconds(): number {
    return Math.floor(this.#o.now() / 1000)
  }
}

const blank = (kind: EntryDraft['kind'], who: string, why: string) => ({
  kind,
  who,
  why: lineOf(why),
  bundle: null,
  parent: null,
  class: null,
  statements: [],
  alarm: false,
})

/** One line of at most 500 characters: a history is printed. */
const lineOf = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 500)

function refusedBy(error: unknown): Verdict {
  if (error instanceof ReleaseError || error instanceof BundleLoadError)
    return { released: false, refused: error.code, signed: [], needs: 0 }
  throw error
}

function notThere(error: unknown): null {
  if (error instanceof ReleaseError) return null
  throw error
}

function unknown(): never {
  throw new ReleaseError('BUNDLE_UNKNOWN')
}
