/** Looking a member name up by its bytes: four words decide nearly always, the rest is compared where they agree. */
import { hashKey, type KeyTable, type Name } from './json-node.ts'

/** The first four bytes of a name, zero behind a shorter one. */
export function firstWord(view: DataView, start: number, length: number): number {
  const word = view.getInt32(start, true)
  return length < 4 ? word & ((1 << (length << 3)) - 1) : word
}

/** 1-based index of the name's step, negative when the name is payload; 0 = not known. */
export function findName(
  table: KeyTable,
  view: DataView,
  start: number,
  length: number,
  first: number,
  last: number,
): number {
  const { slots, mask } = table
  for (let at = hashKey(length, first, last) & mask; ; at = (at + 1) & mask) {
    const slot = at << 2
    const ref = slots[slot + 3]!
    if (ref === 0) return 0
    if (slots[slot] !== length || slots[slot + 1] !== first || slots[slot + 2] !== last) continue
    if (length <= 8) return ref
    const { bytes: known, start: base } = table.names[(ref > 0 ? ref : -ref) - 1]!
    let k = 4
    while (k < length - 4 && known.getInt32(base + k, true) === view.getInt32(start + k, true)) k += 4
    if (k >= length - 4) return ref
  }
}

/** Does what lies between the second and the third word of a name of more than sixteen bytes stand at `start` too? */
export function sameMiddle(name: Name, view: DataView, start: number): boolean {
  for (let k = 8; k < name.third; k += 4)
    if (name.bytes.getInt32(name.start + k, true) !== view.getInt32(start + k, true)) return false
  return true
}
