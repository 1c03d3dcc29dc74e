/**
 * The gate of the fast roads: is a UTF-8 value its own canonical form? Stable bytes are printable ASCII, CJK unified
 * ideographs (lead bytes E4 to E9) and `、` `。`; whatever else might change under NFKC takes the slow road.
 */
import type { Kind } from '../model.ts'

/** Number of code points, or -1 when the value may not be canonical as it stands. Never looks outside [start, end). */
export type Gate = (source: Uint8Array, start: number, end: number) => number

export function gateOf(kind: Kind): Gate {
  switch (kind) {
    case 'identifier':
      return identifierGate
    case 'phone':
      return mobileGate
    case 'name':
    case 'address':
      return spacedGate
    case 'code':
    case 'text':
    case 'number':
      return plainGate
    default:
      return () => -1
  }
}

const SPACE = 0x20
const HYPHEN = 0x2d

/** Own tokens (20 bytes from P) and `***` pass unchanged on the slow road. */
const mayBeSettled = (source: Uint8Array, start: number, end: number): boolean =>
  (end - start === 20 && source[start] === 0x50) || (end - start === 3 && source[start] === 0x2a)

function plainGate(source: Uint8Array, start: number, end: number): number {
  if (end <= start) return -1
  const first = source[start]!
  if (first <= SPACE || source[end - 1]! <= SPACE || mayBeSettled(source, start, end)) return -1
  if (first < 0x80) {
    let seen = 0
    for (let i = start; i < end; i++) seen |= SORT[source[i]!]!
    if (seen === PRINTABLE) return end - start
    if ((seen & UNSTABLE) !== 0) return -1
  }
  return pointsOf(source, start, end)
}

const PRINTABLE = 1
const UNSTABLE = 2
const LONGER = 4
/** by byte: printable ASCII, what no stable value holds, or a part of a longer character */
const SORT = new Uint8Array(256).map((_, c) => (c >= 0x80 ? LONGER : c < SPACE || c === 0x7f ? UNSTABLE : PRINTABLE))

function pointsOf(source: Uint8Array, start: number, end: number): number {
  let n = 0
  for (let i = start; i < end; n++) {
    const c = source[i]!
    if (c < 0x80) {
      if (c < SPACE || c === 0x7f) return -1
      i++
    } else {
      if (!isStableLead(source, i) || i + 3 > end) return -1
      i += 3
    }
  }
  return n
}

/** U+4000-U+9FFF (all stable under NFKC), U+3001 and U+3002. */
function isStableLead(source: Uint8Array, i: number): boolean {
  const c = source[i]!
  if (c >= 0xe4 && c <= 0xe9) return true
  return c === 0xe3 && source[i + 1] === 0x80 && (source[i + 2] === 0x81 || source[i + 2] === 0x82)
}

/** Names and addresses lose blanks beside Han characters and runs of blanks. */
function spacedGate(source: Uint8Array, start: number, end: number): number {
  const n = plainGate(source, start, end)
  if (n < 0) return -1
  for (let i = start + 1; i < end - 1; i++) {
    if (source[i] !== SPACE) continue
    const before = source[i - 1]!
    const after = source[i + 1]!
    if (before >= 0x80 || after >= 0x80 || after === SPACE) return -1
  }
  return n
}

/** Digits grouped by blanks or hyphens, a last x, and plates (Han first) are respelt. */
function identifierGate(source: Uint8Array, start: number, end: number): number {
  const n = plainGate(source, start, end)
  if (n < 0 || source[start]! >= 0x80) return -1
  const last = source[end - 1]!
  let grouped = last === 0x78
  for (let i = start; i < end - 1; i++) {
    const c = source[i]!
    if (c === SPACE || c === HYPHEN) grouped = true
    else if (c < 0x30 || c > 0x39) return n
  }
  return grouped ? -1 : n
}

function mobileGate(source: Uint8Array, start: number, end: number): number {
  if (end - start !== 11 || source[start] !== 0x31 || source[start + 1]! < 0x33) return -1
  for (let i = start + 1; i < end; i++) if (source[i]! < 0x30 || source[i]! > 0x39) return -1
  return 11
}
