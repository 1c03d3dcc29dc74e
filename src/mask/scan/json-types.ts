/**
 * Finding the resourceType of a FHIR object before its other members are read. Usually it stands first; where it does
 * not, one pass over the rest of the document notes it for every object, so the cost stays linear however deep they
 * are nested. Both are tolerant: the scan itself refuses what is malformed.
 */
const NAME = Buffer.from('resourceType')

/** Offset of the value when resourceType is the first member of the object whose brace is at `at`; else -1. */
export function typeAfterBrace(b: Uint8Array, at: number): number {
  let p = blank(b, at + 1)
  if (b[p] !== 0x22 || !isName(b, p + 1)) return -1
  p = blank(b, p + NAME.length + 2)
  return b[p] === 0x3a ? blank(b, p + 1) : -1
}

/** Offset of each object's brace -> offset of its (first) resourceType value, for objects from `from` on. */
export function indexTypes(b: Uint8Array, from: number, n: number): Map<number, number> {
  const found = new Map<number, number>()
  /** brace of each open object; -1 for arrays */
  const open: number[] = []
  /** a string here is a member name */
  let name = false
  for (let p = from; p < n; p++) {
    const c = b[p]!
    if (c === 0x22) {
      const end = closing(b, p, n)
      if (name && spellsName(b, p, end)) {
        const colon = blank(b, end + 1)
        const brace = open[open.length - 1]!
        if (b[colon] === 0x3a && !found.has(brace)) found.set(brace, blank(b, colon + 1))
      }
      name = false
      p = end
    } else if (c === 0x7b) {
      open.push(p)
      name = true
    } else if (c === 0x5b) {
      open.push(-1)
      name = false
    } else if (c === 0x7d || c === 0x5d) {
      open.pop()
      name = false
    } else if (c === 0x2c) name = open.length > 0 && open[open.length - 1]! >= 0
  }
  return found
}

function blank(b: Uint8Array, p: number): number {
  while (b[p] === 0x20 || b[p] === 0x0a || b[p] === 0x0d || b[p] === 0x09) p++
  return p
}

function isName(b: Uint8Array, p: number): boolean {
  for (let i = 0; i < NAME.length; i++) if (b[p + i] !== NAME[i]) return false
  return b[p + NAME.length] === 0x22
}

/** Offset of the quote that ends the string beginning at p. */
function closing(b: Uint8Array, p: number, n: number): number {
  for (p++; p < n && b[p] !== 0x22; p++) if (b[p] === 0x5c) p++
  return p
}

function spellsName(b: Uint8Array, start: number, end: number): boolean {
  if (end - start === NAME.length + 1) return isName(b, start + 1)
  // Every character may be written as \uXXXX: six bytes for one.
  if (end - start < NAME.length || end - start > NAME.length * 6 + 1) return false
  const raw = Buffer.from(b.buffer, b.byteOffset + start, end + 1 - start).toString('latin1')
  if (!raw.includes('\\')) return false
  try {
    return JSON.parse(raw) === 'resourceType'
  } catch {
    return false
  }
}
