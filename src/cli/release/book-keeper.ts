/**
 * Keeps a book in step with a store. A reader who starts anew looks into the files of every release since the last one
 * two people stand by; what came before, their signatures vouch for.
 */
import type { BundleStore } from '../../ports/bundle-store.ts'
import { AheadError, Book, type BookOptions, type Reader, type Taken } from '../../release/book.ts'
import { type ReleaseCode, ReleaseError } from '../../release/codes.ts'
import { peekClaims } from '../../release/jws.ts'
import type { ChangeClass, Entry } from '../../release/model.ts'
import type { BundleLoader } from './load.ts'

export interface BookKeeperOptions extends BookOptions {
  readonly store: BundleStore
  readonly loader: BundleLoader
  /** milliseconds since 1970 */
  readonly now: () => number
}

const PAGE = 200

export class BookKeeper {
  readonly #o: BookKeeperOptions
  readonly entries: Entry[] = []
  /** seq -> why: entries that claim what they do not prove */
  readonly unproved = new Map<number, ReleaseCode>()
  #book: Book
  #since = 0
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: BookKeeperOptions) {
    this.#o = options
    this.#book = new Book(options)
  }

  get book(): Book {
    return this.#book
  }

  /** What was read and verified before, at `at` (milliseconds), and kept where only this node can have written it. */
  async seed(entries: readonly Entry[], at: number): Promise<void> {
    await this.#takeAll(entries, Number.POSITIVE_INFINITY)
    this.#since = at / 1000
  }

  /**
   * Reads what is new, one reading at a time. Rejects with BundleStoreError; with ReleaseError HISTORY_BROKEN when the
   * store tells another history than before; with BundleLoadError while an approved bundle cannot be had, and AheadError:
   * the entry is read again next time. Whatever was read before that counts.
   */
  sync(): Promise<readonly Taken[]> {
    const next = this.#running.then(() => this.#sync())
    this.#running = next.catch(() => {})
    return next
  }

  async #sync(): Promise<readonly Taken[]> {
    const { store, now } = this.#o
    const began = now() / 1000
    const head = await store.head()
    const known = this.#book.head
    if (head.seq < known.seq || (head.seq === known.seq && head.hash !== known.hash))
      throw new ReleaseError('HISTORY_BROKEN')
    const fresh = await this.#fetch(known.seq, head.seq)
    const taken = await this.#takeAll(fresh, known.seq === 0 ? await this.#anchorOf(fresh) : 0)
    this.#since = began
    return taken
  }

  async #fetch(after: number, to: number): Promise<Entry[]> {
    const all: Entry[] = []
    while (after + all.length < to) {
      const page = await this.#o.store.entries(after + all.length, PAGE)
      if (page.length === 0) throw new ReleaseError('HISTORY_BROKEN')
      all.push(...page)
    }
    return all
  }

  /** The newest release two people stand by, going by signatures alone. */
  async #anchorOf(entries: readonly Entry[]): Promise<number> {
    if (entries.length < 2) return 0
    const sketch = new Book(this.#o)
    try {
      for (const entry of entries) await sketch.take(entry, this.#reader(Number.POSITIVE_INFINITY))
    } catch (error) {
      if (!(error instanceof AheadError)) throw error
    }
    return sketch.anchor
  }

  async #takeAll(entries: readonly Entry[], anchor: number): Promise<Taken[]> {
    const all: Taken[] = []
    for (const entry of entries) {
      const taken = await this.#book.take(entry, this.#reader(anchor))
      if (taken.kind === 'refused') this.unproved.set(entry.seq, taken.error.code)
      all.push(taken)
      this.entries.push(entry)
    }
    return all
  }

  /** Up to `anchor` the class is what the signers said it is. */
  #reader(anchor: number): Reader {
    return {
      now: this.#o.now() / 1000,
      since: this.#since,
      classOf: async (parent, next, entry) =>
        entry.seq <= anchor ? statedOf(entry) : this.#o.loader.classOf(parent, next),
    }
  }
}

/** The class signers say it is. */
export function statedOf({ statements }: Entry): ChangeClass {
  const stated = statements.length === 0 ? 'same' : peekClaims(statements[0]!).class
  return stated === 'tighter' || stated === 'looser' ? stated : 'same'
}
