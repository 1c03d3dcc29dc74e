/**
 * YAML text to plain values in which every node keeps its place. Strict: duplicate keys, anchors, aliases, tags,
 * tabs and several documents are problems. Up to {@link MAX_PROBLEMS} problems are kept per file.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLParseError,
} from 'yaml'
import { bothOf, type Position, type ProblemList, type Say } from './problem.ts'
import type { Lang } from './vocabulary.ts'
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts'
import { parsePlainYaml } from './yaml-plain.ts'
import { slipsOf } from './yaml-slips.ts'
import { YAML_WORDS, type YamlCode } from './yaml-words.ts'

export type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts'

const MAX_PROBLEMS = 1000

/** Parses one document. Returns undefined when nothing usable came out; problems tell why, in `lang`. */
export function parseYaml(file: string, text: string, problems: ProblemList, lang: Lang = 'en'): YamlNode | undefined {
  return parsePlainYaml(file, text) ?? parseFullYaml(file, text, problems, lang)
}

/** The general road: every valid document, and every problem of one that is not. */
export function parseFullYaml(
  file: string,
  text: string,
  problems: ProblemList,
  lang: Lang = 'en',
): YamlNode | undefined {
  const lines = new LineCounter()
  const docs = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: false,
    version: '1.2',
    merge: false,
    strict: true,
  })
  const told = new Telling(file, lines, problems, lang)
  if (!Array.isArray(docs) || docs.length === 0) {
    told.error(0, 'yaml-empty')
    return undefined
  }
  const doc = docs[0]!
  if (doc.errors.length > 0) {
    tellSyntax(text, doc.errors, told)
    return undefined
  }
  if (docs.length > 1) told.error(docs[1]?.range?.[0] ?? 0, 'yaml-documents')
  if (doc.contents === null) {
    told.error(0, 'yaml-empty')
    return undefined
  }
  return convert(doc.contents, told, 0)
}

/** Where problems of one text go, by offset. */
class Telling {
  readonly #file: string
  readonly #lines: LineCounter
  readonly #problems: ProblemList
  readonly #lang: Lang
  constructor(file: string, lines: LineCounter, problems: ProblemList, lang: Lang) {
    this.#file = file
    this.#lines = lines
    this.#problems = problems
    this.#lang = lang
  }
  at(offset: number): Position {
    const { line, col } = this.#lines.linePos(Math.max(0, offset))
    return { file: this.#file, line: Math.max(1, line), col: Math.max(1, col) }
  }
  error(offset: number, code: YamlCode, what = '', other = 0): void {
    this.put(this.at(offset), code, what, other)
  }
  put(at: Omit<Position, 'file'>, code: YamlCode, what: string, other: number): void {
    const [message, expected] = (YAML_WORDS[code] as (what: string, line: number) => readonly [Say, Say])(what, other)
    const { line, col } = at
    this.#problems.error(
      { file: this.#file, line, col },
      code,
      message[this.#lang],
      expected[this.#lang],
      bothOf(message, expected),
    )
  }
}

/** What follows the first error of a parser is mostly its echo: one is told, or every slip that can be named. */
function tellSyntax(text: string, errors: readonly YAMLParseError[], told: Telling): void {
  const first = errors[0]!
  const known = CODES[first.code]
  if (known !== undefined) {
    told.error(first.pos[0], known, text[first.pos[0]])
    return
  }
  const broken = errors.flatMap((e) => e.pos).map((offset) => told.at(offset).line)
  const openQuote = first.code === 'MISSING_CHAR' && /closing .?quote/.test(first.message)
  const slips = slipsOf(text, broken, openQuote).slice(0, MAX_PROBLEMS)
  for (const { line, col, code, what, other } of slips) told.put({ line, col }, code, what, other)
  if (slips.length === 0) told.error(first.pos[0], 'yaml-syntax')
}

/** Errors of the parser that say what they mean. */
const CODES: Readonly<Partial<Record<YAMLParseError['code'], YamlCode>>> = {
  BAD_DQ_ESCAPE: 'yaml-escape',
  BAD_SCALAR_START: 'yaml-sign',
  BAD_ALIAS: 'yaml-alias',
}

function convert(node: Node, told: Telling, depth: number): YamlNode | undefined {
  const offset = node.range?.[0] ?? 0
  if (depth > 64) {
    told.error(offset, 'yaml-depth')
    return undefined
  }
  if (isAlias(node)) {
    told.error(offset, 'yaml-alias')
    return undefined
  }
  if ('anchor' in node && node.anchor !== undefined) told.error(offset, 'yaml-anchor')
  if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) told.error(offset, 'yaml-tag')
  if (isScalar(node)) return convertScalar(node, told)
  if (isSeq(node)) {
    const items: YamlNode[] = []
    for (const item of node.items) {
      if (node.flow === true) tellWideComma(item as Node, told)
      const child = convert(item as Node, told, depth + 1)
      if (child !== undefined) items.push(child)
    }
    return { type: 'list', at: told.at(offset), items, span: blockSpan(node) }
  }
  if (isMap(node)) return convertMap(node, told, depth)
  told.error(offset, 'yaml-node')
  return undefined
}

/** `[甲、乙]` is one item, not two. */
function tellWideComma(item: Node, told: Telling): void {
  if (!isScalar(item) || item.type !== 'PLAIN') return
  const at = item.source?.search(/[，、；]/) ?? -1
  if (at >= 0) told.error((item.range?.[0] ?? 0) + at, 'yaml-width', item.source![at])
}

/** A value an input method put into its own quotes: they would silently be part of it. */
const ODD_QUOTES = /^([“”„＂「『‘’])[^“”„＂「」『』‘’]*([“”＂」』‘’])$/u

function convertScalar(node: Scalar, told: Telling): YamlNode {
  const v = node.value
  const value = typeof v === 'string' || typeof v === 'number' || typeof v === 'boolean' || v === null ? v : String(v)
  const odd = node.type === 'PLAIN' && typeof value === 'string' ? ODD_QUOTES.exec(value) : null
  if (odd !== null) told.error(node.range?.[0] ?? 0, 'yaml-quotes', `${odd[1]}${odd[2]}`)
  const at = told.at(node.range?.[0] ?? 0)
  return { type: 'scalar', at, value, source: node.source ?? String(v), span: spanOf(node) }
}

const spanOf = (node: Node): readonly [number, number] => [node.range?.[0] ?? 0, node.range?.[1] ?? 0]

/** A block's range ends behind the comments that follow it, that of its last part does not. */
function blockSpan(node: Node): readonly [number, number] {
  const [start, end] = spanOf(node)
  if (!(isMap(node) || isSeq(node)) || node.flow === true) return [start, end]
  const last = node.items.at(-1)
  if (typeof last !== 'object' || last === null) return [start, end]
  if (!('key' in last)) return [start, blockSpan(last as Node)[1]]
  const pair = last as { readonly key: unknown; readonly value?: unknown }
  const part = (pair.value ?? pair.key) as Node | null
  return [start, part === null ? end : blockSpan(part)[1]]
}

function convertMap(node: Node, told: Telling, depth: number): YamlMap {
  const entries = new Map<string, YamlEntry>()
  const place = told.at(node.range?.[0] ?? 0)
  if (!isMap(node)) return { type: 'map', at: place, entries }
  for (const pair of node.items) {
    const key = pair.key as Node | null
    const offset = key?.range?.[0] ?? 0
    if (!isScalar(key)) {
      told.error(offset, 'yaml-key')
      continue
    }
    const name = key.source ?? String(key.value)
    if (key.anchor !== undefined) told.error(offset, 'yaml-anchor')
    if (name === '<<') {
      told.error(offset, 'yaml-merge')
      continue
    }
    const wide = pair.value === null ? name.indexOf('：') : -1
    if (wide > 0) {
      told.error(offset + wide, 'yaml-colon', name.slice(0, wide))
      continue
    }
    const keyAt = told.at(offset)
    if (entries.has(name)) {
      told.error(offset, 'yaml-duplicate-key', name, entries.get(name)!.at.line)
      continue
    }
    const value =
      pair.value === null
        ? ({ type: 'scalar', at: keyAt, value: null, source: '', span: [0, 0] } as const)
        : convert(pair.value as Node, told, depth + 1)
    if (value !== undefined) entries.set(name, { key: name, at: keyAt, span: spanOf(key), value })
  }
  return { type: 'map', at: place, entries, span: blockSpan(node) }
}
