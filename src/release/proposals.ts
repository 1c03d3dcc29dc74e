/** What became of proposals that are not released: who submitted them, who refused or withdrew them, and which signatures that voids. */
import { ReleaseError } from './codes.ts'
import type { BundleRef, Entry, Statement } from './model.ts'
import { secondsOf } from './quorum.ts'

/** How a proposal ended without being released. */
export interface Closed {
  readonly how: 'refused' | 'withdrawn'
  readonly by: string
  /** RFC 3339, UTC */
  readonly at: string
  readonly why: string
}

export class Proposals {
  readonly #authors = new Map<string, string>()
  readonly #closed = new Map<string, Closed>()
  /** seconds since 1970: what was signed for a bundle before does not count any more */
  readonly #voided = new Map<string, number>()

  takeFrom(other: Proposals): void {
    for (const [id, who] of other.#authors) this.#authors.set(id, who)
    for (const [id, how] of other.#closed) this.#closed.set(id, how)
    for (const [id, since] of other.#voided) this.#voided.set(id, since)
  }

  author(id: string): string | null {
    return this.#authors.get(id) ?? null
  }

  /** How it ended; null: it is open, or was never proposed. */
  closed(id: string): Closed | null {
    return this.#closed.get(id) ?? null
  }

  /** The first who submits a bundle is its author; submitting it again opens it again, and signatures begin anew. */
  submit({ bundle, who }: Entry): void {
    if (bundle === null) return
    if (!this.#authors.has(bundle.id)) this.#authors.set(bundle.id, who)
    this.#closed.delete(bundle.id)
  }

  close(id: string, { at, who, why }: Entry, how: Closed['how']): void {
    this.#closed.set(id, { how, by: who, at, why })
    this.#voided.set(id, secondsOf(at))
  }

  /** Throws ReleaseError PROPOSAL_CLOSED when nothing may be released under this id now. */
  checkOpen({ id }: Pick<BundleRef, 'id'>, statements: readonly Statement[]): void {
    const since = this.#voided.get(id)
    if (this.#closed.has(id) || (since !== undefined && statements.some(({ claims }) => claims.iat < since)))
      throw new ReleaseError('PROPOSAL_CLOSED')
  }
}
