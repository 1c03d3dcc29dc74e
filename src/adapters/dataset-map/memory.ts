/** The reference map: what random-id uses where nothing is to outlive the process (one run of `veilgate mask`, tests). */
import { GatewayError } from '../../base/errors.ts'
import type { DatasetName } from '../../mask/keyed.ts'
import type { DatasetCertificate, DatasetMap, DatasetMapKeys, DatasetSummary } from '../../ports/dataset-map.ts'
import { addressOf, FIRST, hashOf, lineOf } from './sealed.ts'

interface Held {
  readonly dataset: DatasetName
  readonly created: string
  destroyed: string | null
  readonly ids: Map<string, string>
  readonly values: Map<string, { readonly slot: string; readonly canonical: string }>
}

/** @param now RFC 3339, UTC */
export const memoryDatasetMap = (keys: DatasetMapKeys, now: () => string): DatasetMap => new MemoryDatasetMap(keys, now)

class MemoryDatasetMap implements DatasetMap {
  readonly #keys: DatasetMapKeys
  readonly #now: () => string
  readonly #all = new Map<string, Held>()
  readonly #lines: string[] = []

  constructor(keys: DatasetMapKeys, now: () => string) {
    this.#keys = keys
    this.#now = now
  }

  idOf(dataset: DatasetName, slot: string, canonical: string): string {
    const { ids, values } = this.#held(dataset)
    const place = `${slot.length}:${slot}${canonical}`
    let id = ids.get(place)
    while (id === undefined) {
      const made = this.#keys.idFrom(this.#keys.random(10))
      if (values.has(made)) continue
      id = made
      ids.set(place, id)
      values.set(id, { slot, canonical })
    }
    return id
  }

  list(): DatasetSummary[] {
    return [...this.#all.values()].map(({ dataset, created, destroyed, ids }) => ({
      ...dataset,
      created,
      destroyed,
      entries: ids.size,
    }))
  }

  find(dataset: DatasetName, id: string): { readonly slot: string; readonly canonical: string } | null {
    return this.#all.get(addressOf(dataset))?.values.get(id) ?? null
  }

  destroy(dataset: DatasetName, by: readonly [string, string], at: string): DatasetCertificate | null {
    const found = this.#all.get(addressOf(dataset))
    if (found === undefined || found.destroyed !== null) return null
    const certificate: DatasetCertificate = {
      v: 1,
      event: 'dataset-destroyed',
      ...dataset,
      entries: found.ids.size,
      created: found.created,
      at,
      by,
      keyring: this.#keys.keyring,
      previous: this.#lines.length === 0 ? FIRST : hashOf(this.#lines.at(-1)!),
    }
    found.destroyed = at
    found.ids.clear()
    found.values.clear()
    this.#lines.push(lineOf(certificate))
    return certificate
  }

  certificates(): DatasetCertificate[] {
    return this.#lines.map((line) => JSON.parse(line) as DatasetCertificate)
  }

  close(): void {
    this.#all.clear()
  }

  #held(dataset: DatasetName): Held {
    const address = addressOf(dataset)
    let found = this.#all.get(address)
    if (found === undefined) {
      found = { dataset, created: this.#now(), destroyed: null, ids: new Map(), values: new Map() }
      this.#all.set(address, found)
    }
    if (found.destroyed !== null) throw new GatewayError('DATASET_DESTROYED')
    return found
  }
}
