/**
 * A set of UTF-16 units, one bit each: 8 KB stay in the nearest cache of the processor where tables of a byte or two a
 * unit do not, which is what a look at every unit of a text costs.
 */
export class UnitSet {
  readonly #bits = new Uint32Array(0x10000 >> 5)

  add(unit: number): void {
    this.#bits[unit >> 5]! |= 1 << (unit & 31)
  }

  has(unit: number): boolean {
    return (this.#bits[unit >> 5]! & (1 << (unit & 31))) !== 0
  }

  get bytes(): number {
    return this.#bits.byteLength
  }
}
