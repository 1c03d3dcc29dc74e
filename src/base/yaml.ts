/**
 * YAML text to plain values in which every node keeps its place. Strict: duplicate keys, anchors, aliases, tags,
 * tabs and several documents are problems. Up to {@link MAX_PROBLEMS} problems are kept per file.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import type { Position, ProblemList } from './problem.ts'
import type { YamlEntry, YamlMap, YamlNode } from './yaml-node.ts'
import { parsePlainYaml } from './yaml-plain.ts'

export type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts'

const MAX_PROBLEMS = 1000

/** Parses one document. Returns undefined when nothing usable came out; problems tell why. */
export function parseYaml(file: string, text: string, problems: ProblemList): YamlNode | undefined {
  return parsePlainYaml(file, text) ?? parseFullYaml(file, text, problems)
}

/** The general road: every valid document, and every problem of one that is not. */
export function parseFullYaml(file: string, text: string, problems: ProblemList): YamlNode | undefined {
  const lines = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.max(0, offset))
    return { file, line: Math.max(1, line), col: Math.max(1, col) }
  }
  const docs = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: false,
    version: '1.2',
    merge: false,
    strict: true,
  })
  if (!Array.isArray(docs) || docs.length === 0) {
    problems.error({ file, line: 1, col: 1 }, 'yaml-empty', 'the file is empty', 'a map')
    return undefined
  }
  if (docs.length > 1)
    problems.error(
      at(docs[1]?.range?.[0] ?? 0),
      'yaml-documents',
      'a second document starts here',
      'one document per file',
    )
  const doc = docs[0]!
  for (const e of doc.errors.slice(0, MAX_PROBLEMS)) {
    const tab = e.code === 'TAB_AS_INDENT' || /tab/i.test(e.message)
    problems.error(
      at(e.pos[0]),
      tab ? 'yaml-tab' : 'yaml-syntax',
      tab ? 'a tab is used for indentation' : firstLine(e.message),
      tab ? 'spaces' : undefined,
    )
  }
  if (doc.contents === null) {
    if (doc.errors.length === 0) problems.error({ file, line: 1, col: 1 }, 'yaml-empty', 'the file is empty', 'a map')
    return undefined
  }
  return convert(doc.contents, at, problems, 0)
}

const firstLine = (s: string): string => s.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, '')

function convert(node: Node, at: (o: number) => Position, problems: ProblemList, depth: number): YamlNode | undefined {
  const place = at(node.range?.[0] ?? 0)
  if (depth > 64) {
    problems.error(place, 'yaml-depth', 'the file is nested too deeply', 'at most 64 levels')
    return undefined
  }
  if (isAlias(node)) {
    problems.error(place, 'yaml-alias', 'aliases are not admitted', 'the value written out')
    return undefined
  }
  if ('anchor' in node && node.anchor !== undefined)
    problems.error(place, 'yaml-anchor', 'anchors are not admitted', 'no & before the value')
  if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:'))
    problems.error(place, 'yaml-tag', 'tags are not admitted', 'a plain value')
  if (isScalar(node)) {
    const v = node.value
    const value = typeof v === 'string' || typeof v === 'number' || typeof v === 'boolean' || v === null ? v : String(v)
    return { type: 'scalar', at: place, value, source: node.source ?? String(v), span: spanOf(node) }
  }
  if (isSeq(node)) {
    const items: YamlNode[] = []
    for (const item of node.items) {
      const child = convert(item as Node, at, problems, depth + 1)
      if (child !== undefined) items.push(child)
    }
    return { type: 'list', at: place, items, span: blockSpan(node) }
  }
  if (isMap(node)) return convertMap(node, place, at, problems, depth)
  problems.error(place, 'yaml-node', 'this kind of value is not admitted', 'a map, list or scalar')
  return undefined
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

function convertMap(
  node: Node,
  place: Position,
  at: (o: number) => Position,
  problems: ProblemList,
  depth: number,
): YamlMap {
  const entries = new Map<string, YamlEntry>()
  if (!isMap(node)) return { type: 'map', at: place, entries }
  for (const pair of node.items) {
    const key = pair.key as Node | null
    const keyAt = at(key?.range?.[0] ?? 0)
    if (!isScalar(key)) {
      problems.error(keyAt, 'yaml-key', 'a key must be plain text', 'a word before the colon')
      continue
    }
    const name = key.source ?? String(key.value)
    if (key.anchor !== undefined)
      problems.error(keyAt, 'yaml-anchor', 'anchors are not admitted', 'no & before the key')
    if (name === '<<') {
      problems.error(keyAt, 'yaml-merge', 'merge keys are not admitted', 'the keys written out')
      continue
    }
    if (entries.has(name)) {
      const first = entries.get(name)!.at
      problems.error(
        keyAt,
        'yaml-duplicate-key',
        `the key "${name}" stands here a second time`,
        `one "${name}" (first at line ${first.line})`,
      )
      continue
    }
    const value =
      pair.value === null
        ? ({ type: 'scalar', at: keyAt, value: null, source: '', span: [0, 0] } as const)
        : convert(pair.value as Node, at, problems, depth + 1)
    if (value !== undefined) entries.set(name, { key: name, at: keyAt, span: spanOf(key), value })
  }
  return { type: 'map', at: place, entries, span: blockSpan(node) }
}
