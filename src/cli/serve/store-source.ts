/**
 * Rules from a bundle store: the node reads the history, verifies every signature and class itself, and runs what is
 * proved. A store that is away, rewritten or forged changes nothing that runs; an approved bundle that cannot be put in
 * force within five seconds makes the node unready.
 */
import type { KeptRelease } from '../../adapters/state/kept-release.ts'
import { type Attestation, type BundleStore, BundleStoreError } from '../../ports/bundle-store.ts'
import type { Log } from '../../ports/log.ts'
import type { Roster } from '../../release/approvers.ts'
import { AheadError, type ShadowOrder, type Taken } from '../../release/book.ts'
import { ReleaseError } from '../../release/codes.ts'
import { BookKeeper } from '../release/book-keeper.ts'
import { BundleLoadError, BundleLoader, type Loaded, openFiles } from '../release/load.ts'
import { Keeping } from './keeping.ts'
import type { RuleSource, SourceTools } from './rule-source.ts'
import type { ShadowOffer } from './shadow-run.ts'

export interface StoreSourceOptions {
  readonly store: BundleStore
  /** the first approvers */
  readonly roster: Roster
  /** false: `approval: off` */
  readonly required: boolean
  readonly kept: {
    read(): KeptRelease | 'none' | 'altered'
    /** null: another worker of this folder keeps */
    readonly write: ((kept: KeptRelease) => void) | null
  }
  /** what this node says of itself beside its rules; null: another worker says it */
  readonly attest: (() => Pick<Attestation, 'node' | 'keyring' | 'notes' | 'shadow'>) | null
  readonly now: () => number
  readonly log: Log
  readonly pollMs?: number
}

/** between two looks at the store: five seconds hold several, and the work behind the last one */
const POLL_MS = 500
const ATTEST_MS = 5000
export const LATE_MS = 5000

export class StoreSource implements RuleSource {
  readonly #o: StoreSourceOptions
  readonly #tools: SourceTools
  readonly #keeper: BookKeeper
  readonly #keeping: Keeping
  readonly #loader: BundleLoader
  #running: Loaded | null = null
  #since = ''
  /** since when something approved is not in force */
  #late: number | null = null
  #away = false
  #broken = false
  #forged = false
  #altered = false
  #said = ''
  #attested = 0
  #kept = 0
  #shadow: { readonly order: ShadowOrder; readonly candidate: Loaded } | null = null
  #timer: NodeJS.Timeout | null = null
  #stopped = false

  constructor(options: StoreSourceOptions, tools: SourceTools) {
    this.#o = options
    this.#tools = tools
    this.#keeping = new Keeping(options.log)
    const { store, roster, required, now } = options
    this.#loader = new BundleLoader(store, (files) => tools.compile(files))
    this.#keeper = new BookKeeper({ store, roster, required, now, loader: this.#loader })
  }

  async start(): Promise<void> {
    await this.#restore()
    await this.#look()
    this.#again()
  }

  reasons(): readonly string[] {
    const late = this.#late !== null && this.#o.now() - this.#late > LATE_MS
    return late ? ['RELEASE_NOT_IN_FORCE'] : []
  }

  notes(): readonly string[] {
    const notes: [boolean, string][] = [
      [!this.#o.required, 'APPROVAL_OFF'],
      [this.#away, 'RELEASE_STORE_AWAY'],
      [this.#broken, 'RELEASE_HISTORY_BROKEN'],
      [this.#forged, 'RELEASE_REFUSED'],
      [this.#altered, 'RELEASE_KEPT_ALTERED'],
      [this.#keeping.failed, 'RULES_NOT_KEPT'],
      [this.#keeper.book.toReview.length > 0, 'RELEASE_TO_REVIEW'],
      [this.#late !== null, 'RULES_LAST_GOOD'],
    ]
    return notes.filter(([holds]) => holds).map(([, note]) => note)
  }

  shadow(): ShadowOffer | null {
    const [shadow, live] = [this.#shadow, this.#running]
    if (shadow === null || live === null || shadow.candidate.id === live.id) return null
    return shadow.order.until * 1000 <= this.#o.now() ? null : { ...shadow, live }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#keeping.stop()
    await this.#o.store.close()
  }

  /** What was in force before, without asking anybody. */
  async #restore(): Promise<void> {
    const kept = this.#o.kept.read()
    if (kept === 'none') return
    try {
      if (kept === 'altered') throw new ReleaseError('BUNDLE_ALTERED')
      const loaded = await openFiles(kept.bundle.id, kept.bundle.files, (files) => this.#tools.compile(files))
      await this.#keeper.seed(kept.entries, kept.at)
      const active = this.#keeper.book.active?.bundle
      if (active?.id !== loaded.id || active.hash !== loaded.hash) throw new ReleaseError('BUNDLE_ALTERED')
      this.#kept = this.#keeper.book.head.seq
      await this.#enforce(loaded)
      this.#o.log.info('release.restored', { bundle: loaded.hash })
    } catch (error) {
      this.#altered = true
      this.#o.log.error('release.kept-refused', { problem: codeOf(error) })
    }
  }

  #again(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#again()), this.#o.pollMs ?? POLL_MS)
    this.#timer.unref()
  }

  async #look(): Promise<void> {
    try {
      for (const taken of await this.#keeper.sync()) this.#tell(taken)
      this.#broken = false
      this.#away = false
      await this.#follow()
      await this.#followShadow()
      this.#late = null
    } catch (error) {
      this.#fail(error)
    }
    this.#keep()
    await this.#attest()
  }

  /** Puts in force what the book says is. */
  async #follow(): Promise<void> {
    const active = this.#keeper.book.active?.bundle ?? null
    if (active === null || active.id === this.#running?.id) return
    this.#late ??= this.#o.now()
    await this.#enforce(await this.#loader.load(active))
  }

  async #enforce(loaded: Loaded): Promise<void> {
    if (!(await this.#tools.put(loaded.compiled))) throw new BundleLoadError('BUNDLE_BROKEN')
    this.#loader.keep(loaded)
    this.#running = loaded
    this.#since = new Date(this.#o.now()).toISOString()
  }

  async #followShadow(): Promise<void> {
    const order = this.#keeper.book.shadow
    if (order === this.#shadow?.order) return
    if (order === null || order.until * 1000 <= this.#o.now()) {
      this.#shadow = null
      return
    }
    // a candidate that cannot be had is no reason to fail: it is not in force
    const candidate = await this.#loader.load(order.bundle).catch(() => null)
    this.#shadow = candidate === null ? null : { order, candidate }
  }

  #tell(taken: Taken): void {
    if (taken.kind === 'activated') {
      this.#forged = false
      const { bundle, class: change, by } = taken.activation
      this.#o.log.info('release.approved', { bundle: bundle.hash, problem: change, count: by.length })
      if (change === 'rollback') this.#o.log.warn('release.rollback', { bundle: bundle.hash, severity: 'high' })
    }
    if (taken.kind !== 'refused') return
    if (taken.entry.kind === 'activated') this.#forged = true
    this.#o.log.error('release.refused', { problem: taken.error.code, bundle: taken.entry.bundle?.hash ?? '' })
  }

  #fail(error: unknown): void {
    this.#away = error instanceof BundleStoreError
    this.#broken = error instanceof ReleaseError && !(error instanceof AheadError)
    // an approved bundle that cannot be had; while the store is away nothing new is approved as far as is known
    if (!this.#away && !this.#broken) this.#late ??= this.#o.now()
    const code = codeOf(error)
    if (code !== this.#said) this.#o.log.error('release.unreadable', { problem: code })
    this.#said = code
  }

  /** Keeps what is in force, once for every change of the history. */
  #keep(): void {
    const { write } = this.#o.kept
    const { head, active } = this.#keeper.book
    if (write === null || active === null || active.bundle.id !== this.#running?.id || head.seq === this.#kept) return
    this.#kept = head.seq
    this.#loader
      .load(active.bundle)
      .then(({ id, hash, files }) => {
        const kept = { at: this.#o.now(), entries: [...this.#keeper.entries], bundle: { id, hash, files } }
        if (!this.#stopped) this.#keeping.keep(() => write(kept))
      })
      // it is in force, so it was there a moment ago: asked for again at the next look
      .catch(() => (this.#kept = 0))
  }

  async #attest(): Promise<void> {
    const { attest, now, store } = this.#o
    const at = now()
    const hash = this.#tools.bundle()
    if (attest === null || this.#away || (at - this.#attested < ATTEST_MS && this.#attestedHash === hash)) return
    const seen = new Date(at).toISOString()
    await store
      .attest({ ...attest(), hash, since: this.#since === '' ? seen : this.#since, seen })
      .then(() => {
        this.#attested = at
        this.#attestedHash = hash
      })
      .catch(() => {})
  }

  #attestedHash: string | null = null
}

/** Never more than a code: a message may name a file or quote one. */
function codeOf(error: unknown): string {
  const known = error instanceof ReleaseError || error instanceof BundleStoreError || error instanceof BundleLoadError
  return known ? error.code : 'INTERNAL'
}
