/**
 * Schema drift (domain.md X36): an address no binding and no definition knows, seen on an interface for the first time.
 * Its values are `unknown` whatever happens here; this only remembers that it was there, under a keyed hash, because a
 * name a payload brings may be payload itself.
 */

/** One address, never a value. */
export interface Drift {
  readonly interface: string
  /** `?` and hex digits, behind the known name it stands under (`Patient.?1a2b3c`); `?*` = names that are payload themselves */
  readonly address: string
  /** RFC 3339 UTC */
  readonly first: string
}

/** Told by readers: `under` is a name of the definitions or empty, `name` what the payload brought; null = payload itself. */
export type UnknownName = (under: string, name: string | null) => void

export interface DriftOptions {
  /** hex digits of a keyed hash */
  readonly hash: (name: string) => string
  readonly now: () => number
  /** what was found before: it is no news */
  readonly known: Iterable<Drift>
  readonly found: (drift: Drift) => void
}

/** More addresses than this on one interface are a payload's doing, not a schema's. */
export const MAX_ADDRESSES = 500
const MAX_NAMES = 4096

export class DriftBook {
  readonly #o: DriftOptions
  readonly #byInterface = new Map<string, Map<string, Drift>>()
  /** names met already, as they are: asked for again they cost no hash */
  readonly #met = new Map<string, Set<string>>()

  constructor(options: DriftOptions) {
    this.#o = options
    for (const drift of options.known) this.#addresses(drift.interface).set(drift.address, drift)
  }

  /** What a reader of that interface tells unknown names to. */
  listener(interfaceId: string): UnknownName {
    return (under, name) => this.note(interfaceId, under, name)
  }

  note(interfaceId: string, under: string, name: string | null): void {
    const addresses = this.#addresses(interfaceId)
    if (addresses.size >= MAX_ADDRESSES) return
    const id = `${under}\n${name ?? ''}`
    let met = this.#met.get(interfaceId)
    if (met === undefined) this.#met.set(interfaceId, (met = new Set()))
    if (met.has(id)) return
    if (met.size >= MAX_NAMES) met.clear()
    met.add(id)
    const shown = name === null ? '?*' : `?${this.#o.hash(name)}`
    const address = under === '' ? shown : `${under}.${shown}`
    if (addresses.has(address)) return
    const drift = { interface: interfaceId, address, first: new Date(this.#o.now()).toISOString() }
    addresses.set(address, drift)
    this.#o.found(drift)
  }

  /** Everything known, by interface and address. */
  list(): Drift[] {
    return [...this.#byInterface.values()]
      .flatMap((map) => [...map.values()])
      .sort((a, b) => (a.interface + a.address < b.interface + b.address ? -1 : 1))
  }

  count(): number {
    let n = 0
    for (const map of this.#byInterface.values()) n += map.size
    return n
  }

  #addresses(interfaceId: string): Map<string, Drift> {
    let map = this.#byInterface.get(interfaceId)
    if (map === undefined) this.#byInterface.set(interfaceId, (map = new Map()))
    return map
  }
}
