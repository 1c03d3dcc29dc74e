/**
 * The commonest rules files read fast: one `key: value` or `key: [items]` a line, words or quoted texts, flow maps of
 * words. It gives what yaml.ts gives for them, node by node, and null for anything else: a consortium has thousands of
 * such files, and the general parser takes a thousand times as long as what they say.
 */
import type { Position } from './problem.ts'
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts'

/** A word no YAML schema takes for anything but text. */
const WORD = /[A-Za-z_\p{Script=Han}][A-Za-z0-9_.\p{Script=Han}-]*/uy
const QUOTED = /"[^"\\\n\r]*"/y
const NOT_TEXT: ReadonlySet<string> = new Set(['null', 'true', 'false'])

/** Null: not of this subset (or not valid), which the general parser has to say. */
export function parsePlainYaml(file: string, text: string): YamlMap | null {
  return text.includes('\r') || text.includes('\t') ? null : new Plain(file, text).document()
}

class Plain {
  readonly #file: string
  readonly #text: string
  #p = 0
  #line = 1
  #lineStart = 0

  constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
  }

  document(): YamlMap | null {
    const entries = new Map<string, YamlEntry>()
    let first: YamlEntry | null = null
    let end = 0
    while (this.#p < this.#text.length) {
      if (this.#text[this.#p] === '\n' || this.#text[this.#p] === '#') {
        this.#nextLine()
        continue
      }
      const entry = this.#entry(false)
      if (entry === null || entries.has(entry.key)) return null
      entries.set(entry.key, entry)
      first ??= entry
      end = this.#p
      if (!this.#endOfLine()) return null
    }
    return first === null ? null : { type: 'map', at: first.at, entries, span: [first.span[0], end] }
  }

  /** `key: value`; in a flow map a value is a word or a quoted text. */
  #entry(inFlow: boolean): YamlEntry | null {
    const key = this.#word()
    if (key === null || this.#text[this.#p] !== ':' || this.#text[this.#p + 1] !== ' ') return null
    this.#p += 2
    this.#blanks()
    const value = inFlow ? this.#scalar(true) : this.#value()
    return value === null ? null : { key: key.source, at: key.at, span: key.span, value }
  }

  #value(): YamlNode | null {
    const c = this.#text[this.#p]
    if (c === '[') return this.#list()
    return c === '{' ? this.#map() : this.#scalar(false)
  }

  #list(): YamlNode | null {
    const start = this.#p++
    const at = this.#at(start)
    const items: YamlNode[] = []
    for (;;) {
      this.#blanks()
      const item = this.#text[this.#p] === '{' ? this.#map() : this.#scalar(true)
      if (item === null) return null
      items.push(item)
      this.#blanks()
      const c = this.#text[this.#p++]
      if (c === ']') return { type: 'list', at, items, span: [start, this.#p] }
      if (c !== ',') return null
    }
  }

  #map(): YamlNode | null {
    const start = this.#p++
    const at = this.#at(start)
    const entries = new Map<string, YamlEntry>()
    for (;;) {
      this.#blanks()
      const entry = this.#entry(true)
      if (entry === null || entries.has(entry.key)) return null
      entries.set(entry.key, entry)
      this.#blanks()
      const c = this.#text[this.#p++]
      if (c === '}') return { type: 'map', at, entries, span: [start, this.#p] }
      if (c !== ',') return null
    }
  }

  /** In a list or map the text must end where the item does; on a line of its own, where the line does. */
  #scalar(inFlow: boolean): YamlScalar | null {
    const scalar = this.#text[this.#p] === '"' ? this.#quoted() : this.#word()
    if (scalar === null) return null
    const c = this.#text[this.#p]
    const ends = inFlow ? c === ',' || c === ']' || c === '}' || c === ' ' : c === undefined || c === '\n'
    return ends ? scalar : null
  }

  #word(): YamlScalar | null {
    const source = this.#match(WORD)
    return source === null || NOT_TEXT.has(source.toLowerCase()) ? null : this.#node(source, source)
  }

  #quoted(): YamlScalar | null {
    const written = this.#match(QUOTED)
    return written === null ? null : this.#node(written.slice(1, -1), written)
  }

  #node(value: string, written: string): YamlScalar {
    const start = this.#p - written.length
    return { type: 'scalar', at: this.#at(start), value, source: value, span: [start, this.#p] }
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#p
    const found = pattern.exec(this.#text)
    if (found === null) return null
    this.#p = pattern.lastIndex
    return found[0]
  }

  #blanks(): void {
    while (this.#text[this.#p] === ' ') this.#p++
  }

  /** Only blanks and a comment may follow. */
  #endOfLine(): boolean {
    const from = this.#p
    this.#blanks()
    const c = this.#text[this.#p]
    if (c !== undefined && c !== '\n' && !(c === '#' && this.#p > from)) return false
    this.#nextLine()
    return true
  }

  #nextLine(): void {
    const end = this.#text.indexOf('\n', this.#p)
    this.#p = end < 0 ? this.#text.length : end + 1
    this.#line++
    this.#lineStart = this.#p
  }

  #at(offset: number): Position {
    return { file: this.#file, line: this.#line, col: offset - this.#lineStart + 1 }
  }
}
