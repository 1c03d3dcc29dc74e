/**
 * JSONPath of bindings and row paths: a subset of RFC 9535: `$`, `.name`, `['name']`, `[*]`, `.*`, `..` before a name
 * or `[*]`, and one filter `[?(@.k == 'v')]` or `[?@.a.b == 'v']`. No indexes, slices, unions or functions.
 */
import type { SelectorError } from './format.ts'

export interface Segment {
  /** member name as written; null = every member and item */
  readonly name: string | null
  /** also at any depth below */
  readonly deep: boolean
  /** members of the selected value that must hold a text */
  readonly filter: { readonly path: readonly string[]; readonly value: string } | null
}

class Refusal extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Reads one path; an error carries the offset in `text`. */
export function parseJsonPath(text: string): readonly Segment[] | SelectorError {
  try {
    return new Reader(text).path()
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message, offset: error.offset }
    throw error
  }
}

/** member-name-shorthand of RFC 9535 section 2.5.1.1 */
const NAME = /[A-Za-z_\u0080-\u{10ffff}][A-Za-z0-9_\u0080-\u{10ffff}]*/uy

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  path(): Segment[] {
    if (!this.#eat('$')) throw new Refusal('expected "$"', 0)
    const segments: Segment[] = []
    while (this.#at < this.#text.length) segments.push(this.#segment())
    if (segments.length === 0) throw new Refusal('the whole payload cannot be selected', this.#at)
    if (segments.filter((s) => s.filter !== null).length > 1) throw new Refusal('one filter a path', 0)
    return segments
  }

  #segment(): Segment {
    const deep = this.#eat('..')
    if (this.#eat('[')) return this.#bracket(deep)
    if (!deep && !this.#eat('.')) throw new Refusal('expected "." or "["', this.#at)
    return { name: this.#eat('*') ? null : this.#name(), deep, filter: null }
  }

  #bracket(deep: boolean): Segment {
    this.#blank()
    let segment: Segment
    if (this.#eat('*')) segment = { name: null, deep, filter: null }
    else if (this.#eat('?')) segment = { name: null, deep, filter: this.#filter() }
    else if (/\d|-|:/.test(this.#text[this.#at] ?? ''))
      throw new Refusal('indexes and slices are not supported', this.#at)
    else segment = { name: this.#string(), deep, filter: null }
    this.#blank()
    if (!this.#eat(']')) throw new Refusal('expected "]"', this.#at)
    return segment
  }

  #filter(): { path: string[]; value: string } {
    this.#blank()
    const open = this.#eat('(')
    this.#blank()
    if (!this.#eat('@')) throw new Refusal('expected "@"', this.#at)
    const path: string[] = []
    while (this.#eat('.')) path.push(this.#name())
    if (path.length === 0) throw new Refusal('expected "." and a name', this.#at)
    this.#blank()
    if (!this.#eat('==')) throw new Refusal('expected "=="', this.#at)
    this.#blank()
    const value = this.#string()
    this.#blank()
    if (open && !this.#eat(')')) throw new Refusal('expected ")"', this.#at)
    return { path, value }
  }

  #name(): string {
    NAME.lastIndex = this.#at
    const m = NAME.exec(this.#text)
    if (m === null) throw new Refusal('expected a member name', this.#at)
    this.#at = NAME.lastIndex
    return m[0]
  }

  #string(): string {
    const quote = this.#text[this.#at]
    if (quote !== "'" && quote !== '"')
      throw new Refusal("expected a name in quotes and a closing bracket, such as ['name']", this.#at)
    const end = this.#text.indexOf(quote, this.#at + 1)
    if (end < 0) throw new Refusal(`expected a closing ${quote}`, this.#text.length)
    const value = this.#text.slice(this.#at + 1, end)
    if (value === '' || value.includes('\\')) throw new Refusal('expected text without backslashes', this.#at)
    this.#at = end + 1
    return value
  }

  #eat(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #blank(): void {
    while (this.#text[this.#at] === ' ') this.#at++
  }
}
