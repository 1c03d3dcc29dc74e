/** What is under way at a place of a plain JSON document; a set of them makes one node of the graph (json-graph.ts). */
import type { Position } from '../../base/problem.ts'
import type { Element } from '../model.ts'
import type { PathBinding } from './json-bindings.ts'
import type { Segment } from './json-path.ts'

export interface PathItem {
  readonly kind: 'path'
  readonly key: string
  readonly b: PathBinding
  readonly at: number
  readonly cond: number
}

/** a scalar here, or in an array here, is the element */
export interface LeafItem {
  readonly kind: 'leaf'
  readonly key: string
  readonly element: Element
  readonly wanted: boolean
  readonly rank: number
  readonly cond: number
  /** another form of the value: pinyin of a name */
  readonly echo: boolean
  readonly at: Position
}

/** within an object that a path selected: every scalar below, unless it has a binding of its own */
export interface BelowItem {
  readonly kind: 'below'
  readonly key: string
  readonly b: PathBinding
  readonly cond: number
}

export interface WitnessItem {
  readonly kind: 'witness'
  readonly key: string
  readonly cond: number
  readonly path: readonly string[]
  readonly at: number
}

/** the way to the rows of the payload */
export interface RowItem {
  readonly kind: 'row'
  readonly key: string
  readonly segments: readonly Segment[]
  readonly at: number
  readonly counter: number
}

export type Item = PathItem | LeafItem | BelowItem | WitnessItem | RowItem

export const pathItem = (b: PathBinding, at: number, cond: number): PathItem => ({
  kind: 'path',
  key: `p${b.index}.${at}.${cond}`,
  b,
  at,
  cond,
})

const belowItem = (b: PathBinding, cond: number): BelowItem => ({ kind: 'below', key: `b${b.index}.${cond}`, b, cond })

export const witnessItem = (cond: number, path: readonly string[], at: number): WitnessItem => ({
  kind: 'witness',
  key: `w${cond}.${at}.${path.join('\u0000')}`,
  cond,
  path,
  at,
})

export const rowItem = (segments: readonly Segment[], at: number, counter: number): RowItem => ({
  kind: 'row',
  key: `r${counter}.${at}`,
  segments,
  at,
  counter,
})

export const isAtEnd = (item: PathItem): boolean => item.at === item.b.segments.length

/** Items at the member `name` of an object. */
export function toMember(items: readonly Item[], name: string): Item[] {
  const next: Item[] = []
  for (const item of items) {
    if (item.kind === 'path') follow(item, name, next)
    else if (item.kind === 'below') next.push(item)
    else if (item.kind === 'witness') {
      if (item.path[item.at] === name) next.push(witnessItem(item.cond, item.path, item.at + 1))
    } else if (item.kind === 'row' && item.segments[item.at]?.name === name)
      next.push(rowItem(item.segments, item.at + 1, item.counter))
  }
  return unique(next)
}

/** Items at the elements of an array: names see through it only below `..`; bindings of the array hold for its items. */
export function toElement(items: readonly Item[]): Item[] {
  const next: Item[] = []
  for (const item of items) {
    if (item.kind === 'path') {
      if (isAtEnd(item)) next.push(item)
      else follow(item, null, next)
    } else if (item.kind === 'below' || item.kind === 'leaf') next.push(item)
    else if (item.kind === 'row' && item.segments[item.at]?.name === null)
      next.push(rowItem(item.segments, item.at + 1, item.counter))
  }
  return unique(next)
}

/** Below `..` one item can be reached in several ways. */
const unique = (items: readonly Item[]): Item[] => [...new Map(items.map((i) => [i.key, i])).values()]

function follow(item: PathItem, name: string | null, next: Item[]): void {
  if (isAtEnd(item)) {
    next.push(belowItem(item.b, item.cond))
    return
  }
  const segment = item.b.segments[item.at]!
  if (segment.name === null || segment.name === name) next.push(pathItem(item.b, item.at + 1, item.cond))
  if (segment.deep) next.push(item)
}
