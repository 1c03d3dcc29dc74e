/**
 * Reading DER (X.690) as far as revocation lists need it. A strict walker instead of an object model: lists of whole
 * provinces hold a hundred thousand serials, and reading one must not hold up calls.
 */

export interface DerNode {
  /** identifier octet: class, constructed bit, tag below 31 */
  readonly tag: number
  readonly source: Uint8Array
  /** first byte of the identifier, first byte of the content, byte behind the content */
  readonly start: number
  readonly body: number
  readonly end: number
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const

/** Any deviation from DER; carries nothing. */
export class DerError extends Error {
  override readonly name = 'DerError'
}

/** The node at an offset. Lengths must be minimal and inside `limit`. */
export function nodeAt(source: Uint8Array, start: number, limit: number): DerNode {
  const tag = source[start]
  const first = source[start + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || start + 2 > limit) throw new DerError()
  let body = start + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4 || body + count > limit || source[body] === 0) throw new DerError()
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + source[body++]!
    if (length < 0x80) throw new DerError()
  }
  if (body + length > limit) throw new DerError()
  return { tag, source, start, body, end: body + length }
}

/** The whole input as one node of the tag. */
export function rootOf(source: Uint8Array, tag: number): DerNode {
  const node = nodeAt(source, 0, source.length)
  if (node.tag !== tag || node.end !== source.length) throw new DerError()
  return node
}

/** Nodes inside a constructed one, one after the other. */
export function* inside(node: DerNode): Generator<DerNode, void> {
  for (let at = node.body; at < node.end; ) {
    const child = nodeAt(node.source, at, node.end)
    yield child
    at = child.end
  }
}

/** Children as a row to take from: `take(tag)` gives the next if it has the tag. */
export class Row {
  readonly #nodes: readonly DerNode[]
  #next = 0
  constructor(node: DerNode) {
    this.#nodes = [...inside(node)]
  }
  take(...tags: readonly number[]): DerNode | undefined {
    const node = this.#nodes[this.#next]
    if (node === undefined || !tags.includes(node.tag)) return undefined
    this.#next++
    return node
  }
  need(...tags: readonly number[]): DerNode {
    const node = this.take(...tags)
    if (node === undefined) throw new DerError()
    return node
  }
  end(): void {
    if (this.#next !== this.#nodes.length) throw new DerError()
  }
}

/** The node's own bytes, identifier and length included. */
export const whole = (node: DerNode): Uint8Array => node.source.subarray(node.start, node.end)
export const content = (node: DerNode): Uint8Array => node.source.subarray(node.body, node.end)

export const hexOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

/** UTCTime or GeneralizedTime in the forms of RFC 5280 4.1.2.5, as epoch milliseconds. */
export function timeOf(node: DerNode): number {
  const text = Buffer.from(content(node)).toString('latin1')
  const m = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  if (m === null || (m[1]!.length === 4) !== (node.tag === TAG.generalizedTime)) throw new DerError()
  const year = m[1]!.length === 4 ? Number(m[1]) : Number(m[1]) + (Number(m[1]) < 50 ? 2000 : 1900)
  const [month, day, hour, minute, second] = m.slice(2).map(Number) as [number, number, number, number, number]
  const time = Date.UTC(year, month - 1, day, hour, minute, second)
  if (month < 1 || month > 12 || new Date(time).getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    throw new DerError()
  return time
}
