/** A bundle store that forgets when the process ends: for tests and for trying rules out. */
import type { Attestation, BundleHead, BundleStore, StoredBundle } from '../../ports/bundle-store.ts'
import { NO_HISTORY } from '../../release/history.ts'
import type { Entry, Head } from '../../release/model.ts'

export class MemoryBundleStore implements BundleStore {
  readonly #bundles = new Map<string, StoredBundle>()
  readonly #entries: Entry[] = []
  readonly #nodes = new Map<string, Attestation>()

  async putBundle(bundle: StoredBundle): Promise<boolean> {
    if (this.#bundles.has(bundle.id)) return false
    this.#bundles.set(bundle.id, structuredClone(bundle))
    return true
  }

  async bundle(id: string): Promise<StoredBundle | null> {
    return structuredClone(this.#bundles.get(id) ?? null)
  }

  async bundles(limit: number): Promise<readonly BundleHead[]> {
    const heads = [...this.#bundles.values()].map(({ id, hash, submission }) => ({ id, hash, submission }))
    return heads.toReversed().slice(0, limit)
  }

  async head(): Promise<Head> {
    return this.#head()
  }

  async append(entry: Entry): Promise<boolean> {
    // without a pause in between: two writers must not both be first
    const { seq, hash } = this.#head()
    if (entry.seq !== seq + 1 || entry.prev !== hash) return false
    this.#entries.push(structuredClone(entry))
    return true
  }

  async entries(after: number, limit: number): Promise<readonly Entry[]> {
    return structuredClone(this.#entries.slice(after, after + limit))
  }

  async attest(attestation: Attestation): Promise<void> {
    this.#nodes.set(attestation.node, structuredClone(attestation))
  }

  async attestations(): Promise<readonly Attestation[]> {
    return [...this.#nodes.values()].toSorted((a, b) => (a.node < b.node ? -1 : 1))
  }

  async close(): Promise<void> {}

  #head(): Head {
    const last = this.#entries.at(-1)
    return last === undefined ? NO_HISTORY : { seq: last.seq, hash: last.hash }
  }
}
