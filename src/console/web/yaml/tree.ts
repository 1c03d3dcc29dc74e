/**
 * The shape of a YAML text as the editor's own parser sees it: forgiving, so that the form can follow while somebody
 * types. The server decides what the text means; nothing here is ever sent.
 */
import { yamlLanguage } from '@codemirror/lang-yaml'
import type { SyntaxNode } from '@lezer/common'

export type Plain = string | Plain[] | PlainMap
export interface PlainMap {
  readonly [key: string]: Plain
}

export interface Pair {
  readonly key: string
  readonly value: Plain | undefined
  /** from 1 */
  readonly line: number
}

/** The pairs at the root of a text; empty while it is no mapping. */
export function rootPairs(text: string): Pair[] {
  const document = yamlLanguage.parser.parse(text).topNode.getChild('Document')
  const map = document?.getChild('BlockMapping')
  return map == null ? [] : pairsOf(map, text)
}

/** The pairs below one root key, whichever of its names the text uses. */
export function pairsBelow(text: string, names: readonly string[]): Pair[] {
  const document = yamlLanguage.parser.parse(text).topNode.getChild('Document')
  const map = document?.getChild('BlockMapping')
  for (const pair of map?.getChildren('Pair') ?? []) {
    const below = pair.getChild('BlockMapping') ?? pair.getChild('FlowMapping')
    if (names.includes(keyOf(pair, text)) && below !== null) return pairsOf(below, text)
  }
  return []
}

function pairsOf(map: SyntaxNode, text: string): Pair[] {
  const breaks = lineBreaks(text)
  return map.getChildren('Pair').map((pair) => ({
    key: keyOf(pair, text),
    value: plainAfter(pair, text),
    line: lineAt(breaks, pair.from),
  }))
}

export function keyOf(pair: SyntaxNode, text: string): string {
  const key = pair.getChild('Key')
  return key === null ? '' : scalar(text.slice(key.from, key.to))
}

function plainAfter(pair: SyntaxNode, text: string): Plain | undefined {
  let node: SyntaxNode | null = pair.getChild(':')
  for (node = node?.nextSibling ?? null; node !== null; node = node.nextSibling) {
    const plain = plainOf(node, text)
    if (plain !== undefined) return plain
  }
  return undefined
}

function plainOf(node: SyntaxNode, text: string): Plain | undefined {
  switch (node.name) {
    case 'Literal':
    case 'QuotedLiteral':
      return scalar(text.slice(node.from, node.to))
    case 'FlowMapping':
    case 'BlockMapping':
      return Object.fromEntries(
        node.getChildren('Pair').map((pair) => [keyOf(pair, text), plainAfter(pair, text) ?? ''] as const),
      )
    case 'FlowSequence':
    case 'BlockSequence':
      return node.getChildren('Item').map((item) => (item.firstChild && plainOf(item.firstChild, text)) ?? '')
    default:
      return undefined
  }
}

const scalar = (text: string): string => {
  const trimmed = text.trim()
  const quoted = /^(["'])([\s\S]*)\1$/.exec(trimmed)
  return quoted === null ? trimmed : quoted[2]!
}

function lineBreaks(text: string): number[] {
  const breaks: number[] = []
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) breaks.push(at)
  return breaks
}

function lineAt(breaks: readonly number[], offset: number): number {
  let low = 0
  let high = breaks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (breaks[middle]! < offset) low = middle + 1
    else high = middle
  }
  return low + 1
}
