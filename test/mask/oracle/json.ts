/**
 * A JSON reader of the tests' own, slow and plain, so that what the engine wrote is not judged by the engine's reader.
 * It keeps the spelling of every scalar, members in order and duplicates. Offsets are those of the text.
 */
export type Node =
  | { readonly kind: 'scalar'; readonly start: number; readonly end: number; readonly raw: string }
  | { readonly kind: 'array'; readonly start: number; readonly end: number; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly start: number; readonly end: number; readonly members: readonly Member[] }

export interface Member {
  readonly key: string
  readonly keyStart: number
  readonly keyEnd: number
  readonly value: Node
}

/** @throws Error where the text is no JSON */
export function readJson(text: string): Node {
  const reader = new Reader(text)
  const node = reader.value()
  reader.blank()
  if (reader.at !== text.length) throw new Error(`text after the document at ${reader.at}`)
  return node
}

const SCALAR =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const BLANK = /[ \t\r\n]*/y

class Reader {
  readonly #text: string
  at = 0

  constructor(text: string) {
    this.#text = text
    if (text.charCodeAt(0) === 0xfeff) this.at = 1
  }

  blank(): void {
    BLANK.lastIndex = this.at
    BLANK.exec(this.#text)
    this.at = BLANK.lastIndex
  }

  value(): Node {
    this.blank()
    const start = this.at
    const sign = this.#text[start]
    if (sign === '{') {
      const members = this.#list('}', () => this.#member())
      return { kind: 'object', start, end: this.at, members }
    }
    if (sign === '[') {
      const items = this.#list(']', () => this.value())
      return { kind: 'array', start, end: this.at, items }
    }
    return this.#scalar()
  }

  #scalar(): Node & { kind: 'scalar' } {
    SCALAR.lastIndex = this.at
    const raw = SCALAR.exec(this.#text)?.[0]
    if (raw === undefined) throw new Error(`no value at ${this.at}`)
    const start = this.at
    this.at += raw.length
    return { kind: 'scalar', start, end: this.at, raw }
  }

  #member(): Member {
    this.blank()
    const { raw, start, end } = this.#scalar()
    if (!raw.startsWith('"')) throw new Error(`no key at ${start}`)
    this.blank()
    if (this.#text[this.at++] !== ':') throw new Error(`no colon at ${this.at - 1}`)
    return { key: JSON.parse(raw), keyStart: start, keyEnd: end, value: this.value() }
  }

  #list<T>(close: string, one: () => T): T[] {
    const out: T[] = []
    this.at++
    this.blank()
    if (this.#text[this.at] === close) {
      this.at++
      return out
    }
    for (;;) {
      out.push(one())
      this.blank()
      const sign = this.#text[this.at++]
      if (sign === close) return out
      if (sign !== ',') throw new Error(`no comma at ${this.at - 1}`)
    }
  }
}

/** A scalar's value as text: strings decoded, numbers as they are spelled. */
export const textOf = (raw: string): string => (raw.startsWith('"') ? (JSON.parse(raw) as string) : raw)

/** The last member of that name. */
export function member(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'object' ? node.members.findLast((m) => m.key === key)?.value : undefined
}

/** Every scalar below a node, in order, with its path of keys (indexes left out). */
export function* scalars(
  node: Node,
  path: readonly string[] = [],
): Generator<{ path: readonly string[]; raw: string }> {
  if (node.kind === 'scalar') yield { path, raw: node.raw }
  else if (node.kind === 'array') for (const item of node.items) yield* scalars(item, path)
  else for (const { key, value } of node.members) yield* scalars(value, [...path, key])
}

/** The node a path of keys leads to, through every array on the way. */
export function* at(node: Node, path: readonly string[]): Generator<Node> {
  if (node.kind === 'array') for (const item of node.items) yield* at(item, path)
  else if (path.length === 0) yield node
  else if (node.kind === 'object')
    for (const { key, value } of node.members) if (key === path[0]) yield* at(value, path.slice(1))
}
