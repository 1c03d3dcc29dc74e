/**
 * The book of releases: a history read entry by entry. Nothing is believed that signatures do not prove, so whoever
 * writes into the store moves nothing: an entry that proves nothing leaves the book as it was. Who runs rules keeps one;
 * so does who releases, and they come to the same end.
 */
import { enrol, type Roster, remove, rosterHash, samePerson } from './approvers.ts'
import { ReleaseError } from './codes.ts'
import { follows, NO_HISTORY } from './history.ts'
import { verifyStatement } from './jws.ts'
import type { BundleRef, ChangeClass, Entry, Head, StatedClass, Statement } from './model.ts'
import { type Closed, Proposals } from './proposals.ts'
import { bundleMatter, CLOCK_TOLERANCE, checkStatement, quorum, secondsOf } from './quorum.ts'

export interface Reader {
  /** seconds since 1970 */
  readonly now: number
  /** nothing decided before this moment can be new: when the store was last read; 0 = never */
  readonly since: number
  /** Class of a change, from the files; rejects with ReleaseError when they are not what they are said to be. */
  classOf(parent: BundleRef | null, next: BundleRef, entry: Entry): Promise<ChangeClass>
}

export interface BookOptions {
  readonly roster: Roster
  /** false: `approval: off`, activations need no statement */
  readonly required: boolean
  /** the first release may come from any parent when two people signed it: a folder does not hold what was before */
  readonly adopts?: boolean
}

export interface Activation {
  readonly bundle: BundleRef
  readonly class: StatedClass
  readonly by: readonly string[]
  readonly seq: number
  readonly at: string
}

export interface ShadowOrder {
  readonly bundle: BundleRef
  readonly share: number
  /** seconds since 1970 */
  readonly until: number
}

/** What one person put in force. */
export interface Unreviewed {
  readonly entry: Entry
  readonly by: readonly string[]
  /** hash of what was in force before, as it was proved */
  readonly parent: string | null
}

/** What an entry did. `refused`: it claimed something it does not prove. */
export type Taken =
  | { readonly kind: 'activated'; readonly activation: Activation }
  | { readonly kind: 'noted' }
  | { readonly kind: 'refused'; readonly entry: Entry; readonly error: ReleaseError }

/**
 * An entry ahead of this clock that would count were the clock right: it is read again later. Refusing it for good would
 * leave the book behind all others.
 */
export class AheadError extends ReleaseError {
  constructor() {
    super('APPROVAL_NOT_YET')
  }
}

export class Book {
  readonly #required: boolean
  readonly #adopts: boolean
  #head: Head = NO_HISTORY
  #at = ''
  #roster: Roster
  #active: Activation | null = null
  readonly #past = new Map<string, BundleRef>()
  readonly #spent = new Set<string>()
  readonly #proposals = new Proposals()
  readonly #pending: Statement[] = []
  #shadow: ShadowOrder | null = null
  /** entries that alarm, or were released by one, nobody looked at since */
  readonly #open = new Map<string, Unreviewed>()
  #anchor = 0

  constructor(options: BookOptions) {
    this.#required = options.required
    this.#adopts = options.adopts === true
    this.#roster = options.roster
  }

  get head(): Head {
    return this.#head
  }
  /** of the last entry, '' before the first */
  get at(): string {
    return this.#at
  }
  get roster(): Roster {
    return this.#roster
  }
  get active(): Activation | null {
    return this.#active
  }
  get shadow(): ShadowOrder | null {
    return this.#shadow
  }
  get spent(): ReadonlySet<string> {
    return this.#spent
  }
  /** statements that are good and not used yet */
  get pending(): readonly Statement[] {
    return this.#pending.filter(({ claims }) => !this.#spent.has(claims.jti))
  }
  wasActive(id: string): boolean {
    return this.#past.has(id)
  }
  /**
   * A bundle that waits for its release. Throws ReleaseError when it does not, or when it is not `author`'s.
   */
  proposed(bundle: BundleRef | null, author: string | null = null): BundleRef {
    if (bundle === null) throw new ReleaseError('BUNDLE_UNKNOWN')
    const by = this.author(bundle.id)
    if (by === null || this.closed(bundle.id) !== null || this.wasActive(bundle.id))
      throw new ReleaseError('PROPOSAL_NOT_OPEN')
    if (author !== null && author !== by) throw new ReleaseError('PROPOSAL_NOT_YOURS')
    return bundle
  }
  /** Throws ReleaseError PROPOSAL_CLOSED when a statement would release what was refused or withdrawn after it was signed. */
  checkOpen(statement: Statement): void {
    const { act, files } = statement.claims
    if (act === 'release' && files !== null) this.#proposals.checkOpen({ id: files }, [statement])
  }
  author(id: string): string | null {
    return this.#proposals.author(id)
  }
  /** How a proposal ended that was not released; null: it did not. */
  closed(id: string): Closed | null {
    return this.#proposals.closed(id)
  }
  /** Releases of one person that wait for another's look, oldest first. */
  get toReview(): readonly Unreviewed[] {
    return [...this.#open.values()]
  }
  /** seq of the newest release two people stand by: what came before need not be looked into again. 0: none */
  get anchor(): number {
    return this.#anchor
  }

  /**
   * Throws ReleaseError HISTORY_BROKEN when the entry is not the next one, AheadError, and whatever else `classOf` throws
   * that is no ReleaseError; the book is as before then.
   */
  async take(entry: Entry, reader: Reader): Promise<Taken> {
    if (!follows(entry, this.#head, this.#at)) throw new ReleaseError('HISTORY_BROKEN')
    const taken = await this.#judge(entry, reader)
    this.#head = { seq: entry.seq, hash: entry.hash }
    this.#at = entry.at
    return taken
  }

  /** The same for a history of one's own: an entry that proves nothing is no part of it. Throws its ReleaseError. */
  async add(entry: Entry, reader: Reader): Promise<void> {
    if (!follows(entry, this.#head, this.#at)) throw new ReleaseError('HISTORY_BROKEN')
    const taken = await this.#judge(entry, reader)
    if (taken.kind === 'refused') throw taken.error
    this.#head = { seq: entry.seq, hash: entry.hash }
    this.#at = entry.at
  }

  async #judge(entry: Entry, reader: Reader): Promise<Taken> {
    try {
      // a moment ahead of the clock would let an expired statement in later
      if (secondsOf(entry.at) > reader.now + CLOCK_TOLERANCE) return await this.#hold(entry, reader)
      return (await this.#read(entry, reader)) ?? { kind: 'noted' }
    } catch (error) {
      if (error instanceof ReleaseError && !(error instanceof AheadError)) return { kind: 'refused', entry, error }
      throw error
    }
  }

  /** Only what people who are enough signed for that moment holds anybody up: others could date an entry as they like. */
  async #hold(entry: Entry, reader: Reader): Promise<never> {
    const binds = entry.statements.length > 0 && entry.kind !== 'approved'
    if (binds) await this.#copy().#read(entry, reader)
    throw binds ? new AheadError() : new ReleaseError('APPROVAL_NOT_YET')
  }

  #copy(): Book {
    const copy = new Book({ roster: this.#roster, required: this.#required, adopts: this.#adopts })
    copy.#active = this.#active
    copy.#shadow = this.#shadow
    for (const [id, ref] of this.#past) copy.#past.set(id, ref)
    for (const jti of this.#spent) copy.#spent.add(jti)
    for (const [id, open] of this.#open) copy.#open.set(id, open)
    copy.#proposals.takeFrom(this.#proposals)
    copy.#pending.push(...this.#pending)
    return copy
  }

  async #read(entry: Entry, reader: Reader): Promise<Taken | null> {
    const at = Math.max(secondsOf(entry.at), reader.since - CLOCK_TOLERANCE)
    const statements = await this.verify(entry.statements)
    switch (entry.kind) {
      case 'submitted':
        this.#proposals.submit(entry)
        return null
      case 'refused':
        return this.#refuse(entry, statements, at)
      case 'withdrawn':
        return this.#withdraw(entry)
      case 'approved':
        for (const statement of statements) this.checkOpen(statement)
        this.#pending.push(...statements)
        return null
      case 'activated':
        return { kind: 'activated', activation: await this.#activate(entry, statements, at, reader) }
      case 'roster':
        return this.#changeRoster(statements, at)
      case 'shadow':
        return this.#orderShadow(entry, statements, at)
      case 'reviewed':
        return this.#review(statements, at)
      case 'destroyed':
        return this.#destroy(statements, at)
    }
  }

  /** Throws as verifyStatement() at the first that is not good. */
  verify(statements: readonly string[]): Promise<Statement[]> {
    return Promise.all(statements.map((jws) => verifyStatement(jws, this.#roster)))
  }

  async #activate(entry: Entry, statements: readonly Statement[], at: number, reader: Reader): Promise<Activation> {
    const { bundle } = entry
    if (bundle === null) throw new ReleaseError('BUNDLE_UNKNOWN')
    const act = statements[0]?.claims.act === 'rollback' ? 'rollback' : 'release'
    if (act === 'release') this.#proposals.checkOpen(bundle, statements)
    const first = this.#adopts && this.#active === null
    if (act === 'rollback' && !first && !this.wasActive(bundle.id)) throw new ReleaseError('ROLLBACK_NEVER_ACTIVE')
    const active = this.#active?.bundle ?? null
    const adopted = this.#adopts && active === null && statements.length > 1
    const parent = adopted ? statements[0]!.claims.parent : (active?.hash ?? null)
    const more = { parent, at, spent: this.#spent, author: this.author(bundle.id) }
    const stated = statedOf(statements)
    // signatures first: nothing is fetched or compiled for an entry that proves nothing
    if (this.#required || statements.length > 0) quorum(statements, { ...bundleMatter(act, bundle, stated), ...more })
    // what two people approved as looser needs no proof that it is, and going back is what it is
    const proved = stated === 'looser' || act === 'rollback' || adopted || statements.length === 0
    const change = proved ? stated : await reader.classOf(active, bundle, entry)
    const matter = { ...bundleMatter(act, bundle, change), ...more }
    const by = statements.length > 0 ? quorum(statements, matter) : []
    if (adopted && by.length < 2) throw new ReleaseError('APPROVAL_MISSING')
    this.#spend(statements)
    this.#active = { bundle, class: matter.class, by, seq: entry.seq, at: entry.at }
    this.#past.set(bundle.id, bundle)
    this.#open.delete(bundle.id)
    if (by.length === 1) this.#open.set(bundle.id, { entry, by, parent: matter.parent })
    if (by.length > 1 && act === 'release') this.#anchor = entry.seq
    return this.#active
  }

  #changeRoster(statements: readonly Statement[], at: number): null {
    const { act, subject, approver } = first(statements).claims
    if (act !== 'enrol' && act !== 'remove') throw new ReleaseError('APPROVAL_ACT')
    quorum(statements, this.#matter(act, subject, rosterHash(this.#roster), 'roster', at))
    const same = statements.every(({ claims }) => act === 'remove' || samePerson(claims.approver, approver))
    if (!same) throw new ReleaseError('APPROVAL_BUNDLE')
    const next = act === 'enrol' ? enrol(this.#roster, approver!) : remove(this.#roster, subject)
    this.#spend(statements)
    this.#roster = next
    return null
  }

  /** Somebody on the list says no; where nobody signs, the entry says it. */
  #refuse(entry: Entry, statements: readonly Statement[], at: number): null {
    const bundle = this.proposed(entry.bundle)
    if (this.#required || statements.length > 0) {
      const matter = { ...bundleMatter('refuse', bundle, 'same'), parent: this.#active?.bundle.hash ?? null }
      quorum(statements, { ...matter, at, spent: this.#spent, author: null })
    }
    this.#spend(statements)
    return this.#close(bundle.id, entry, 'refused')
  }

  /** Believed without a signature: it releases nothing, and whoever writes into the store could leave the proposal out as well. */
  #withdraw(entry: Entry): null {
    const bundle = this.proposed(entry.bundle, entry.who)
    return this.#close(bundle.id, entry, 'withdrawn')
  }

  #close(id: string, entry: Entry, how: Closed['how']): null {
    this.#spend(this.#pending.filter(({ claims }) => claims.act === 'release' && claims.files === id))
    this.#proposals.close(id, entry, how)
    return null
  }

  /** Without a bundle: the run ends. Nothing is put in force or taken out of it, so nobody signs that. */
  #orderShadow({ bundle }: Entry, statements: readonly Statement[], at: number): null {
    if (bundle === null) {
      this.#shadow = null
      return null
    }
    const matter = { ...bundleMatter('shadow', bundle, 'same'), parent: this.#active?.bundle.hash ?? null }
    quorum(statements, { ...matter, at, spent: this.#spent, author: null })
    this.#spend(statements)
    const { share, exp } = first(statements).claims
    this.#shadow = { bundle, share: share!, until: exp }
    return null
  }

  /** A second person stands by what one released. */
  #review(statements: readonly Statement[], at: number): null {
    const { claims, by } = first(statements)
    const open = this.#open.get(claims.files ?? '')
    if (open === undefined) throw new ReleaseError('REVIEW_NOT_DUE')
    if (open.by.includes(by)) throw new ReleaseError('APPROVAL_TWICE')
    const matter = this.#matter('review', open.entry.bundle!.hash, open.parent, claims.class, at)
    checkStatement(first(statements), { ...matter, files: open.entry.bundle!.id })
    this.#spend(statements)
    this.#open.delete(claims.files!)
    if (open.entry.seq > this.#anchor) this.#anchor = open.entry.seq
    return null
  }

  #destroy(statements: readonly Statement[], at: number): null {
    const { act, subject, parent } = first(statements).claims
    if (act !== 'destroy') throw new ReleaseError('APPROVAL_ACT')
    quorum(statements, this.#matter('destroy', subject, parent, 'destroy', at))
    this.#spend(statements)
    return null
  }

  #matter(act: Statement['claims']['act'], subject: string, parent: string | null, stated: StatedClass, at: number) {
    return { act, subject, files: null, parent, class: stated, at, spent: this.#spent, author: null }
  }

  #spend(statements: readonly Statement[]): void {
    for (const { claims } of statements) this.#spent.add(claims.jti)
  }
}

function first(statements: readonly Statement[]): Statement {
  if (statements.length === 0) throw new ReleaseError('APPROVAL_MISSING')
  return statements[0]!
}

/** The worst that any of them says. */
function statedOf(statements: readonly Statement[]): ChangeClass {
  const said = new Set(statements.map(({ claims }) => claims.class))
  return said.has('looser') ? 'looser' : said.has('tighter') ? 'tighter' : 'same'
}
