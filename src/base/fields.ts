/**
 * The strict reader of rules files, shared by every core: a YAML map of one vocabulary context, in Chinese or English.
 * Unknown keys, keys given in both languages and missing or misshapen values become problems with file, line, column
 * and what was expected, in the file's language. Getters always return something of their type, so a reader builds its
 * whole result and drops it once at the end when `problems.failed`: that is how all problems are reported at once.
 *
 * A getter without a fallback is a required key; with one (null included) it is optional.
 */
import { exampleOf } from './examples.ts'
import { nearest } from './near.ts'
import type { Position, ProblemList, Say } from './problem.ts'
import { badValue, placeOfKey, Reading, readWord, reportUnknown } from './reading.ts'
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
} from './vocabulary.ts'
import { parseYaml, type YamlEntry, type YamlNode } from './yaml.ts'

export { bothOf, type Say } from './problem.ts'
export { badValue, Reading, readWord, reportUnknown, sayUnknown } from './reading.ts'

/** Parses one rules file; root is undefined when nothing usable came out (problems tell why). */
export function readDocument(
  file: string,
  text: string,
  problems: ProblemList,
): { reading: Reading; root: YamlNode | undefined } {
  const reading = new Reading(file, languageOf(text), problems)
  const root = parseYaml(file, text, problems, reading.lang)
  return { reading, root }
}

/** Opens a map of a context: reports unknown and doubled keys. A node that is no map is a problem and reads as empty. */
export function openMap<C extends Context>(node: YamlNode, context: C, reading: Reading, free?: FreeKeys): Fields<C> {
  return new Fields(node, context, reading, free ?? null)
}

/** For maps that mix keys of the context with names of their own (binding files): called for each key not in the context. */
export type FreeKeys = (entry: YamlEntry) => void

/** Entries of a map with free keys (`institutions:`, `entries:`); the shape of a name is checked. */
export function namedEntries(
  node: YamlNode | undefined,
  reading: Reading,
  name: RegExp = NAME,
  expected: Say = A_NAME,
): YamlEntry[] {
  if (node === undefined) return []
  if (node.type !== 'map') {
    reading.error(node.at, 'expected-map', NO_MAP, MAP)
    return []
  }
  const entries = [...node.entries.values()]
  for (const e of entries)
    if (!name.test(e.key))
      reading.error(
        e.at,
        'bad-name',
        { zh: `名称“${e.key}”不合规`, en: `"${e.key}" is not a valid name` },
        nameLike(e.key, name) ?? expected,
      )
  return entries
}

/** What stands in these is not repeated: a secret may have been written there by mistake. */
const SECRET: ReadonlySet<Context> = new Set(['credential', 'secret', 'upstream-tls', 'upstream'])

export const NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/
const ONCE: Say = { zh: '每一项只写一次', en: 'each item once' }
const DATE: Say = {
  zh: '真实存在的日期，写成 YYYY-MM-DD，如 2027-03-31',
  en: 'a date that exists, as YYYY-MM-DD, such as 2027-03-31',
}
const NO_MAP: Say = {
  zh: '这里应是“键: 值”，而不是单个值或列表',
  en: 'this must be a map, not a single value or a list',
}
const A_NAME: Say = {
  zh: '小写字母、数字、点和连字符，如 his.inpatient-record',
  en: 'lower-case letters, digits, dots and hyphens, such as his.inpatient-record',
}

/** The same name as it may be written, if that is all it takes. */
function nameLike(written: string, name: RegExp): Say | null {
  const plain = written.normalize('NFKC').trim().toLowerCase().replaceAll(/[_ ]+/g, '-')
  return name.test(plain) && plain !== written ? { zh: plain, en: plain } : null
}

/** A map of the context with its first required keys, to copy. */
function sayMap(context: Context): Say {
  const line = (lang: Lang): string | null => {
    const examples = keysOf(context, 'en').flatMap((key) => {
      const value = exampleOf(context, key, lang)
      return value === null ? [] : [`${writtenKey(context, key, lang)}: ${value}`]
    })
    return examples.length === 0 || examples.length > 3 ? null : `{ ${examples.join(', ')} }`
  }
  return { zh: line('zh') ?? MAP.zh, en: line('en') ?? MAP.en }
}

const MAP: Say = {
  zh: '“键: 值”的各行，缩进相同',
  en: 'lines of `key: value`, indented alike',
}

/** Least and most of a duration (milliseconds) or size (bytes), and how that is told. */
export interface Range {
  readonly min: number
  readonly max: number
  readonly told: Say
}
const ANY: Range = { min: 0, max: Number.MAX_SAFE_INTEGER, told: { zh: '', en: '' } }

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
  /** false: no map stands here, which is told; what it lacks is not told once more */
  readonly usable: boolean
  readonly #entries = new Map<string, YamlEntry>()
  /** keys an unknown one was taken for */
  readonly #meant = new Set<string>()

  constructor(node: YamlNode, context: C, reading: Reading, free: FreeKeys | null) {
    this.reading = reading
    this.context = context
    this.at = node.at
    this.usable = node.type === 'map'
    if (node.type !== 'map') {
      reading.error(node.at, 'expected-map', NO_MAP, sayMap(context))
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
      return date ?? this.#bad(node, key, DATE)
    })
  }

  /** milliseconds */
  duration(key: Key<C>): number
  duration<F>(key: Key<C>, fallback: F, range?: Range): number | F
  duration(key: Key<C>, fallback?: unknown, range: Range = ANY): unknown {
    return this.#get(key, fallback !== undefined, fallback, 0, (node) => {
      const ms = node.type === 'scalar' ? parseDuration(node.source) : null
      if (ms !== null && ms >= range.min && ms <= range.max) return ms
      const { zh, en } = range.told
      return this.#bad(node, key, {
        zh: `数字加单位 ms、s、m、h 或 d，如 500ms、30s、5m${zh}`,
        en: `a number and its unit ms, s, m, h or d, such as 500ms, 30s, 5m${en}`,
      })
    })
  }

  /** bytes */
  size(key: Key<C>): number
  size<F>(key: Key<C>, fallback: F, range?: Range): number | F
  size(key: Key<C>, fallback?: unknown, range: Range = ANY): unknown {
    return this.#get(key, fallback !== undefined, fallback, 0, (node) => {
      const bytes = node.type === 'scalar' ? parseSize(node.source) : null
      if (bytes !== null && bytes >= range.min && bytes <= range.max) return bytes
      const { zh, en } = range.told
      return this.#bad(node, key, {
        zh: `数字加单位 B、KiB、MiB 或 GiB，如 8MiB${zh}`,
        en: `a number and its unit B, KiB, MiB or GiB, such as 8MiB${en}`,
      })
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
  entries(key: Key<C>, name: RegExp = NAME, expected: Say = A_NAME): readonly YamlEntry[] {
    return namedEntries(this.node(key), this.reading, name, expected)
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
    if (node.type === 'scalar' && /[,，、;；]/.test(node.source)) {
      const items = node.source.split(/[,，、;；]/).map((text) => text.trim())
      const list = `[${items.slice(0, 3).join(', ')}]`
      return this.#bad(node, key, {
        zh: `方括号里的列表，如 ${list}`,
        en: `a list in square brackets, such as ${list}`,
      })
    }
    if (nodes.length === 0) return this.#bad(node, key, { zh: '至少一项', en: 'at least one item' })
    const seen: string[] = []
    for (const item of nodes) {
      const text = this.#textOf(item, key, options)
      if (text === undefined) continue
      if (seen.includes(text))
        this.reading.error(
          item.at,
          'repeated-item',
          { zh: `“${text}”重复`, en: `"${text}" stands here a second time` },
          ONCE,
        )
      else seen.push(text)
    }
    return seen
  }

  #bad(node: YamlNode, key: Key<C>, expected: Say): undefined {
    badValue(this.reading, node, this.word(key), expected, SECRET.has(this.context))
    return undefined
  }

  #missing(key: Key<C>): void {
    if (!this.usable || this.#meant.has(this.word(key))) return
    const word = this.word(key)
    const example = exampleOf(this.context, key, this.reading.lang)
    this.reading.error(
      this.at,
      'missing-key',
      { zh: `缺少“${word}”`, en: `"${word}" is missing` },
      { zh: `${word}: ${example ?? '…'}`, en: `${word}: ${example ?? '...'}` },
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
    this.#meant.add(nearest(entry.key, known) ?? '')
    const hint = placeOfKey(this.context, entry.key, this.reading.lang)
    reportUnknown(this.reading, entry.at, 'unknown-key', { zh: '键', en: 'key' }, entry.key, known, hint)
  }
}
