/** What YAML text becomes: plain values in which every node keeps its place. */
import type { Position } from './problem.ts'

export type YamlNode = YamlMap | YamlList | YamlScalar

export interface YamlMap {
  readonly type: 'map'
  readonly at: Position
  readonly entries: ReadonlyMap<string, YamlEntry>
  /** offsets in the text: [first, after last]; without the comments and line breaks behind it */
  readonly span?: readonly [number, number]
}
export interface YamlEntry {
  readonly key: string
  /** place of the key */
  readonly at: Position
  /** offsets of the key in the text, quotes included: [first, after last] */
  readonly span: readonly [number, number]
  readonly value: YamlNode
}
export interface YamlList {
  readonly type: 'list'
  readonly at: Position
  readonly items: readonly YamlNode[]
  /** as in a map */
  readonly span?: readonly [number, number]
}
export interface YamlScalar {
  readonly type: 'scalar'
  readonly at: Position
  readonly value: string | number | boolean | null
  /** the text as written, for values such as 0012 that must not become numbers */
  readonly source: string
  /** offsets in the text, quotes included: [first, after last]; empty for a value left out */
  readonly span: readonly [number, number]
}
