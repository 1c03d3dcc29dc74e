/**
 * One cell of a policy changed by form: only the value's own characters change, so that comments, order, layout and the
 * language of the file stay. What a form cannot say (a list of cells with `when:`, broken YAML) is left to the editor.
 */
import { ProblemList } from '../../base/problem.ts'
import {
  type Context,
  childOf,
  englishKey,
  isValueSet,
  type Lang,
  languageOf,
  writtenKey,
  writtenValue,
} from '../../base/vocabulary.ts'
import { parseYaml, type YamlEntry, type YamlMap, type YamlNode } from '../../base/yaml.ts'
import { type Catalogue, methodNamed } from './catalogue.ts'

export interface NewCell {
  /** English name; for `unknown` a treatment */
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}

/** An element by id and Chinese name, or one of the two lines below the elements. */
export type CellTarget = { readonly id: string; readonly zh: string } | 'undecided' | 'unknown'

export interface CellEdit {
  readonly text: string
  /** of the cell, from 1; null: the line was taken away */
  readonly line: number | null
}

/** Null where the text cannot be changed so. A cell of null takes the line away. */
export function setCell(text: string, target: CellTarget, cell: NewCell | null, catalogue: Catalogue): CellEdit | null {
  const problems = new ProblemList()
  const root = parseYaml('policy.yaml', text, problems)
  if (root?.type !== 'map' || problems.failed) return null
  const lang = languageOf(text)
  const map = typeof target === 'string' ? root : elementsOf(root)
  if (map === null) return null
  const entry = [...map.entries.values()].find((e) => names(e.key, target))
  if (cell === null) return entry === undefined ? { text, line: null } : without(text, entry)
  const value = written(cell, target, lang, catalogue)
  if (value === null) return null
  return entry === undefined ? inserted(text, map, target, value, lang) : replaced(text, entry, value)
}

/** The same with the cell as it is written in a rules file, right or wrong: for tests that expect a refusal. */
export function setCellText(text: string, target: CellTarget, written: string): CellEdit | null {
  const root = parseYaml('policy.yaml', text, new ProblemList())
  if (root?.type !== 'map') return null
  const map = typeof target === 'string' ? root : elementsOf(root)
  if (map === null) return null
  const entry = [...map.entries.values()].find((e) => names(e.key, target))
  const span = entry === undefined ? null : (entry.value.span ?? null)
  if (entry === undefined) return inserted(text, map, target, written, languageOf(text))
  if (span === null) return null
  return { text: text.slice(0, span[0]) + written + text.slice(span[1]), line: entry.at.line }
}

function elementsOf(root: YamlMap): YamlMap | null {
  const entry = [...root.entries.values()].find((e) => englishKey('policy', e.key) === 'elements')
  return entry?.value.type === 'map' ? entry.value : null
}

function names(written: string, target: CellTarget): boolean {
  const key = written.normalize('NFKC').trim()
  return typeof target === 'string' ? englishKey('policy', key) === target : key === target.id || key === target.zh
}

function replaced(text: string, entry: YamlEntry, value: string): CellEdit | null {
  const span = spanOf(entry.value)
  if (span === null || hasWhen(entry.value)) return null
  const [start, end] = span
  const line = entry.at.line
  if (start !== end) {
    // A block map below its key moves up beside it.
    const colon = text.indexOf(':', entry.span[1])
    const below = text.slice(colon, start).includes('\n')
    const from = below ? colon + 1 : start
    return { text: `${text.slice(0, from)}${below ? ' ' : ''}${value}${text.slice(end)}`, line }
  }
  const colon = text.indexOf(':', entry.span[1])
  return { text: `${text.slice(0, colon + 1)} ${value}${text.slice(colon + 1)}`, line }
}

function inserted(text: string, map: YamlMap, target: CellTarget, value: string, lang: Lang): CellEdit | null {
  const last = [...map.entries.values()].at(-1)
  if (last === undefined) return null
  const end = endOf(last)
  const start = lineStart(text, last.span[0])
  const indent = text.slice(start, last.span[0])
  // Inside { } a new line would be no line of its own.
  if (end === null || !/^ *$/.test(indent)) return null
  const key = typeof target === 'string' ? writtenKey('policy', target, lang) : lang === 'zh' ? target.zh : target.id
  const at = lineEnd(text, end)
  const line = text.slice(0, at).split('\n').length + 1
  return { text: `${text.slice(0, at)}\n${indent}${key}: ${value}${text.slice(at)}`, line }
}

function without(text: string, entry: YamlEntry): CellEdit | null {
  const end = endOf(entry)
  const start = lineStart(text, entry.span[0])
  if (end === null || hasWhen(entry.value) || !/^ *$/.test(text.slice(start, entry.span[0]))) return null
  const after = lineEnd(text, end)
  return { text: text.slice(0, start) + text.slice(Math.min(text.length, after + 1)), line: null }
}

/** [first, after last] of a value; null for lists: a form has no room for several cells. */
function spanOf(node: YamlNode): readonly [number, number] | null {
  if (node.type === 'scalar') return node.span
  if (node.type === 'list') return null
  return node.span ?? null
}

function hasWhen(node: YamlNode): boolean {
  return node.type === 'map' && [...node.entries.keys()].some((key) => englishKey('cell', key) === 'when')
}

/** Where an entry's last character stands, whatever its value is. */
function endOf(entry: YamlEntry): number | null {
  const { value } = entry
  if (value.type === 'scalar') return value.span[1] === 0 ? entry.span[1] : value.span[1]
  return value.span === undefined ? null : value.span[1]
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

function written(cell: NewCell, target: CellTarget, lang: Lang, catalogue: Catalogue): string | null {
  const unknown = target === 'unknown'
  const method = unknown ? undefined : methodNamed(catalogue, cell.method)
  if (!unknown && method === undefined) return null
  const word = unknown ? writtenValue('unknown', cell.method, lang) : lang === 'zh' ? method!.zh : method!.name
  const params = Object.entries(cell.params)
  if (params.length === 0) return scalar(word)
  const context = unknown ? 'unknown' : 'cell'
  const head = `${writtenKey(context, unknown ? 'treatment' : 'method', lang)}: ${scalar(word)}`
  const parts: string[] = []
  for (const [key, value] of params) {
    const part = param(context, key, value, lang)
    if (part === null) return null
    parts.push(`${writtenKey(context, key, lang)}: ${part}`)
  }
  return `{ ${[head, ...parts].join(', ')} }`
}

function param(context: Context, key: string, value: unknown, lang: Lang): string | null {
  if (Array.isArray(value)) {
    const items = value.map((item) => param(context, key, item, lang))
    return items.includes(null) ? null : `[${items.join(', ')}]`
  }
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null
  if (typeof value !== 'string' && typeof value !== 'boolean') return null
  const set = childOf(context, key)?.words
  if (set !== undefined && isValueSet(set)) return scalar(writtenValue(set, String(value), lang))
  return typeof value === 'boolean' ? String(value) : scalar(value)
}

/** Plain where YAML 1.2 reads the same text back, else quoted; `true` and digits are words here only where they were. */
const scalar = (text: string): string =>
  /^[\p{L}_][\p{L}\p{N}_. -]*$/u.test(text) && !/^(?:null|~)$/i.test(text) && text.trim() === text
    ? text
    : JSON.stringify(text)
