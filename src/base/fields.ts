/**
 * The strict reader of rules files, shared by every core: a YAML map of one vocabulary context, in Chinese or English.
 * Unknown keys, keys given in both languages and missing or misshapen values become problems with file, line, column
 * and what was expected, in the file's language. Getters always return something of their type, so a reader builds its
 * whole result and drops it once at the end when `problems.failed`: that is how all problems are reported at once.
 *
 * A getter without a fallback is a required key; with one (null included) it is optional.
 */
import { nearest } from './near.ts'
import type { Position, ProblemList } from './problem.ts'
import { parseDate, parseDuration, parseSize } from './scalars.ts'
import {
  type Context,
  englishKey,
  englishValue,
  type Key,
  keysOf,
  type Lang,
  languageOf,
  type ValueSet,
  writtenKey,
  writtenValue,
} from './vocabulary.ts'
import { parseYaml, type YamlEntry, type YamlNode } from './yaml.ts'
import { yamlProblem } from './yaml-words.ts'

/** A sentence in both languages. */
export interface Say {
  readonly zh: string
  readonly en: string
}

/** One file being read: where its problems go and in which language. */
export class Reading {
  readonly file: string
  readonly lang: Lang
  readonly problems: ProblemList
  constructor(file: string, lang: Lang, problems: ProblemList) {
    this.file = file
    this.lang = lang
    this.problems = problems
  }
  say(sentence: Say): string {
    return sentence[this.lang]
  }
  error(at: Position, code: string, message: Say, expected?: Say): void {
    this.problems.error(at, code, this.say(message), expected === undefined ? undefined : this.say(expected))
  }
  warn(at: Position, code: string, message: Say, expected?: Say): void {
    this.problems.warn(at, code, this.say(message), expected === undefined ? undefined : this.say(expected))
  }
}

/** Parses one rules file; root is undefined when nothing usable came out (problems tell why). */
export function readDocument(
  file: string,
  text: string,
  problems: ProblemList,
): { reading: Reading; root: YamlNode | undefined } {
  const reading = new Reading(file, languageOf(text), problems)
  const root = parseYaml(file, text, yamlProblem(reading.lang, problems))
  return { reading, root }
}

/** Opens a map of a context: reports unknown and doubled keys. A node that is no map is a problem and reads as empty. */
export function openMap<C extends Context>(node: YamlNode, context: C, reading: Reading, free?: FreeKeys): Fields<C> {
  return new Fields(node, context, reading, free ?? null)
}

/** For maps that mix keys of the context with names of their own (binding files): called for each key not in the context. */
export type FreeKeys = (entry: YamlEntry) => void

/** Entries of a map with free keys (`institutions:`, `entries:`); the shape of a name is checked. */
export function namedEntries(node: YamlNode | undefined, reading: Reading, name: RegExp = NAME): YamlEntry[] {
  if (node === undefined) return []
  if (node.type !== 'map') {
    reading.error(node.at, 'expected-map', { zh: '这里应是映射', en: 'this must be a map' }, MAP)
    return []
  }
  const entries = [...node.entries.values()]
  for (const e of entries)
    if (!name.test(e.key))
      reading.error(
        e.at,
        'bad-name',
        { zh: `名称“${e.key}”不合规`, en: `"${e.key}" is not a valid name` },
        { zh: '小写字母、数字、点和连字符', en: 'lower-case letters, digits, dots and hyphens' },
      )
  return entries
}

export const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/
const MAP: Say = { zh: '“键: 值”的映射', en: 'a map of `key: value` lines' }

interface TextOptions {
  readonly max?: number
  readonly pattern?: RegExp
  readonly expected?: Say
}

export class Fields<C extends Context> {
  readonly reading: Reading
  readonly context: C
  /** place of the map */
  readonly at: Position
  readonly #entries = new Map<string, YamlEntry>()

  constructor(node: YamlNode, context: C, reading: Reading, free: FreeKeys | null) {
    this.reading = reading
    this.context = context
    this.at = node.at
    if (node.type !== 'map') {
      reading.error(node.at, 'expected-map', { zh: '这里应是映射', en: 'this must be a map' }, MAP)
      return
    }
    for (const entry of node.entries.values()) {
      const key = englishKey(context, entry.key)
      if (key === undefined) {
        if (free !== null) free(entry)
        else this.#unknown(entry)
      } else if (this.#entries.has(key)) this.#twice(entry, this.#entries.get(key)!)
      else this.#entries.set(key, entry)
    }
  }

  has(key: Key<C>): boolean {
    return this.#entries.has(key)
  }
  /** place of the key, or of the map when the key is absent */
  placeOf(key: Key<C>): Position {
    return this.#entries.get(key)?.at ?? this.at
  }
  /** place of the value, or of the map when the key is absent */
  valueAt(key: Key<C>): Position {
    return this.#entries.get(key)?.value.at ?? this.at
  }
  /** the raw value; undefined when absent */
  node(key: Key<C>): YamlNode | undefined {
    return this.#entries.get(key)?.value
  }
  /** the raw value of a required key; reports it when absent */
  need(key: Key<C>): YamlNode | undefined {
    const found = this.#entries.get(key)?.value
    if (found === undefined) this.#missing(key)
    return found
  }
  /** the word of a key in the file's language, for messages */
  word(key: Key<C>): string {
    return writtenKey(this.context, key, this.reading.lang)
  }

  /** Text; a bare number is taken as it is written (region: 500230, 0012). */
  text(key: Key<C>): string
  text<F>(key: Key<C>, fallback: F, options?: TextOptions): string | F
  text(key: Key<C>, fallback?: unknown, options: TextOptions = {}): unknown {
    return this.#get(key, fallback !== undefined, fallback, '', (node) => this.#textOf(node, key, options))
  }
  /** required text with a shape */
  textLike(key: Key<C>, options: TextOptions): string {
    return this.#get(key, false, '', '', (node) => this.#textOf(node, key, options))
  }

  integer(key: Key<C>, range: { readonly min: number; readonly max: number }): number
  integer<F>(key: Key<C>, range: { readonly min: number; readonly max: number }, fallback: F): number | F
  integer(key: Key<C>, range: { readonly min: number; readonly max: number }, fallback?: unknown): unknown {
    return this.#get(key, fallback !== undefined, fallback, range.min, (node) => {
      const v = node.type === 'scalar' ? node.value : null
      if (typeof v === 'number' && Number.isInteger(v) && v >= range.min && v <= range.max) return v
      return this.#bad(node, key, {
        zh: `${range.min} 至 ${range.max} 的整数`,
        en: `an integer from ${range.min} to ${range.max}`,
      })
    })
  }

  /** true/false or 是/否 */
  flag(key: Key<C>): boolean
  flag<F>(key: Key<C>, fallback: F): boolean | F
  flag(key: Key<C>, fallback?: unknown): unknown {
    return this.#get(key, fallback !== undefined, fallback, false, (node) => {
      const word = node.type === 'scalar' ? englishValue('flag', String(node.value)) : undefined
      return word === undefined ? this.#bad(node, key, { zh: '是 或 否', en: 'true or false' }) : word === 'true'
    })
  }

  /** One word of a closed set, in either language; `admitted` narrows the set. */
  oneOf<V extends string>(key: Key<C>, set: ValueSet | null, admitted: readonly V[]): V
  oneOf<V extends string, F>(key: Key<C>, set: ValueSet | null, admitted: readonly V[], fallback: F): V | F
  oneOf(key: Key<C>, set: ValueSet | null, admitted: readonly string[], fallback?: unknown): unknown {
    return this.#get(key, fallback !== undefined, fallback, admitted[0]!, (node) =>
      readWord(node, set, admitted, this.reading, this.word(key)),
    )
  }

  /** A list of texts; a single text counts as a list of one. Empty lists and repeated texts are problems. */
  texts(key: Key<C>): readonly string[]
  texts<F>(key: Key<C>, fallback: F, options?: TextOptions): readonly string[] | F
  texts(key: Key<C>, fallback?: unknown, options: TextOptions = {}): unknown {
    return this.#get(key, fallback !== undefined, fallback, [] as readonly string[], (node) =>
      this.#textsOf(node, key, options),
    )
  }

  date(key: Key<C>): string
  date<F>(key: Key<C>, fallback: F): string | F
  date(key: Key<C>, fallback?: unknown): unknown {
    return this.#get(key, fallback !== undefined, fallback, '1970-01-01', (node) => {
      const date = node.type === 'scalar' ? parseDate(node.source) : null
      return date ?? this.#bad(node, key, { zh: '日期，如 2027-03-31', en: 'a date such as 2027-03-31' })
    })
  }

  /** milliseconds */
  duration(key: Key<C>): number
  duration<F>(key: Key<C>, fallback: F): number | F
  duration(key: Key<C>, fallback?: unknown): unknown {
    return this.#get(key, fallback !== undefined, fallback, 0, (node) => {
      const ms = node.type === 'scalar' ? parseDuration(node.source) : null
      return (
        ms ?? this.#bad(node, key, { zh: '时长，如 500ms、30s、5m、1h', en: 'a duration such as 500ms, 30s, 5m, 1h' })
      )
    })
  }

  /** bytes */
  size(key: Key<C>): number
  size<F>(key: Key<C>, fallback: F): number | F
  size(key: Key<C>, fallback?: unknown): unknown {
    return this.#get(key, fallback !== undefined, fallback, 0, (node) => {
      const bytes = node.type === 'scalar' ? parseSize(node.source) : null
      return bytes ?? this.#bad(node, key, { zh: '大小，如 8MiB', en: 'a size such as 8MiB' })
    })
  }

  /** A nested map of another context, or null when absent. */
  map<D extends Context>(key: Key<C>, context: D): Fields<D> | null {
    const node = this.node(key)
    return node === undefined ? null : openMap(node, context, this.reading)
  }
  /** The items of a list; absent = empty. */
  items(key: Key<C>): readonly YamlNode[] {
    const node = this.node(key)
    if (node === undefined) return []
    if (node.type === 'list') return node.items
    this.#bad(node, key, { zh: '列表', en: 'a list' })
    return []
  }
  /** The entries of a map with free keys; absent = empty. */
  entries(key: Key<C>, name: RegExp = NAME): readonly YamlEntry[] {
    return namedEntries(this.node(key), this.reading, name)
  }

  #get<T>(key: Key<C>, optional: boolean, fallback: unknown, stand: T, read: (node: YamlNode) => T | undefined): T {
    const node = this.node(key)
    if (node === undefined) {
      if (optional) return fallback as T
      this.#missing(key)
      return stand
    }
    return read(node) ?? stand
  }

  #textOf(node: YamlNode, key: Key<C>, options: TextOptions): string | undefined {
    const expected = options.expected ?? { zh: '文字', en: 'text' }
    if (node.type !== 'scalar' || node.value === null || typeof node.value === 'boolean')
      return this.#bad(node, key, expected)
    const text = typeof node.value === 'string' ? node.value : node.source
    const max = options.max ?? 1024
    if (text.trim() === '') return this.#bad(node, key, expected)
    if (text.length > max) return this.#bad(node, key, { zh: `至多 ${max} 个字符`, en: `at most ${max} characters` })
    if (options.pattern !== undefined && !options.pattern.test(text)) return this.#bad(node, key, expected)
    return text
  }

  #textsOf(node: YamlNode, key: Key<C>, options: TextOptions): readonly string[] | undefined {
    const nodes = node.type === 'list' ? node.items : [node]
    if (nodes.length === 0) return this.#bad(node, key, { zh: '至少一项', en: 'at least one item' })
    const seen: string[] = []
    for (const item of nodes) {
      const text = this.#textOf(item, key, options)
      if (text === undefined) continue
      if (seen.includes(text))
        this.reading.error(item.at, 'repeated-item', { zh: `“${text}”重复`, en: `"${text}" stands here a second time` })
      else seen.push(text)
    }
    return seen
  }

  #bad(node: YamlNode, key: Key<C>, expected: Say): undefined {
    const word = this.word(key)
    this.reading.error(
      node.at,
      'bad-value',
      { zh: `“${word}”的值不合规`, en: `the value of "${word}" is not valid` },
      expected,
    )
    return undefined
  }

  #missing(key: Key<C>): void {
    const word = this.word(key)
    this.reading.error(
      this.at,
      'missing-key',
      { zh: `缺少“${word}”`, en: `"${word}" is missing` },
      { zh: `${word}: …`, en: `${word}: ...` },
    )
  }

  #twice(entry: YamlEntry, first: YamlEntry): void {
    this.reading.error(
      entry.at,
      'yaml-duplicate-key',
      {
        zh: `“${entry.key}”与第 ${first.at.line} 行的“${first.key}”是同一个键`,
        en: `"${entry.key}" is the same key as "${first.key}" at line ${first.at.line}`,
      },
      { zh: '只写一次', en: 'one of both' },
    )
  }

  #unknown(entry: YamlEntry): void {
    const known = keysOf(this.context, this.reading.lang)
    reportUnknown(this.reading, entry.at, 'unknown-key', { zh: '键', en: 'key' }, entry.key, known)
  }
}

/** `unknown key "elemnts", did you mean "elements"? (expected one of ...)` */
export function reportUnknown(
  reading: Reading,
  at: Position,
  code: string,
  what: Say,
  written: string,
  known: readonly string[],
): void {
  const near = nearest(written, known)
  const list = known.length <= 24 ? known : known.toSorted().slice(0, 24)
  const more = known.length > list.length ? ' …' : ''
  reading.error(
    at,
    code,
    {
      zh: `未知的${what.zh}“${written}”${near === null ? '' : `，是不是“${near}”？`}`,
      en: `unknown ${what.en} "${written}"${near === null ? '' : `, did you mean "${near}"?`}`,
    },
    { zh: `以下之一：${list.join('、')}${more}`, en: `one of ${list.join(', ')}${more}` },
  )
}

/** One word of a closed set, from a scalar in either language; undefined after a problem. */
export function readWord<V extends string>(
  node: YamlNode,
  set: ValueSet | null,
  admitted: readonly V[],
  reading: Reading,
  what: string,
): V | undefined {
  const source = node.type === 'scalar' ? String(node.value ?? '') : ''
  const english = set === null ? source : (englishValue(set, source) ?? source)
  const found = admitted.find((v) => v === english)
  if (found !== undefined) return found
  const shown = admitted.map((v) => (set === null ? v : writtenValue(set, v, reading.lang)))
  if (node.type === 'scalar')
    reportUnknown(reading, node.at, 'bad-word', { zh: `“${what}”的值`, en: `value of "${what}"` }, source, shown)
  else
    reading.error(
      node.at,
      'bad-value',
      { zh: `“${what}”的值不合规`, en: `the value of "${what}" is not valid` },
      { zh: `以下之一：${shown.join('、')}`, en: `one of ${shown.join(', ')}` },
    )
  return undefined
}
