/**
 * The routes of a directory as a tree over path segments. A literal segment beats a `{name}` one; two entries of which
 * neither is the more literal at every place are refused when the directory is compiled, so the order in which the tree
 * is walked never decides.
 */
import type { Entry } from './model.ts'

export interface Route {
  readonly literals: Map<string, Route>
  parameter: Route | null
  readonly methods: Map<string, Entry>
}

export interface Found {
  readonly entry: Entry | null
  /** decoded segments that stood at `{name}` places, in order */
  readonly values: readonly string[]
  /** methods the path offers, when the method asked for is not one of them */
  readonly allow: readonly string[]
}

export const emptyRoute = (): Route => ({ literals: new Map(), parameter: null, methods: new Map() })

/** Segments of a template: text for a literal, null for `{name}`. */
export const templateSegments = (template: string): readonly (string | null)[] =>
  template
    .slice(1)
    .split('/')
    .map((s) => (s.startsWith('{') ? null : decodeURIComponent(s)))

export function addRoute(root: Route, entry: Entry): void {
  let node = root
  for (const segment of templateSegments(entry.path)) {
    if (segment === null) {
      node.parameter ??= emptyRoute()
      node = node.parameter
    } else {
      let next = node.literals.get(segment)
      if (next === undefined) {
        next = emptyRoute()
        node.literals.set(segment, next)
      }
      node = next
    }
  }
  node.methods.set(entry.method, entry)
}

export function find(root: Route, method: string, segments: readonly string[]): Found {
  const values: string[] = []
  const allow = new Set<string>()
  const entry = walk(root, method, segments, 0, values, allow)
  if (entry !== null) return { entry, values, allow: [] }
  if (allow.has('GET')) allow.add('HEAD')
  return { entry: null, values: [], allow: [...allow].toSorted() }
}

function walk(
  node: Route,
  method: string,
  segments: readonly string[],
  depth: number,
  values: string[],
  allow: Set<string>,
): Entry | null {
  if (depth === segments.length) {
    const entry = node.methods.get(method)
    if (entry !== undefined) return entry
    for (const offered of node.methods.keys()) allow.add(offered)
    return null
  }
  const segment = segments[depth]!
  const literal = node.literals.get(segment)
  if (literal !== undefined) {
    const found = walk(literal, method, segments, depth + 1, values, allow)
    if (found !== null) return found
  }
  if (node.parameter === null) return null
  values.push(segment)
  const found = walk(node.parameter, method, segments, depth + 1, values, allow)
  if (found === null) values.pop()
  return found
}

export type Overlap = 'none' | 'first-beats' | 'second-beats' | 'ambiguous'

/** How two templates stand to each other: can one path match both, and is one the more literal at every place? */
export function overlap(a: readonly (string | null)[], b: readonly (string | null)[]): Overlap {
  if (a.length !== b.length) return 'none'
  let first = true
  let second = true
  for (const [i, left] of a.entries()) {
    const right = b[i]!
    if (left !== null && right !== null && left !== right) return 'none'
    if (left === null && right !== null) first = false
    if (left !== null && right === null) second = false
  }
  return first === second ? 'ambiguous' : first ? 'first-beats' : 'second-beats'
}
