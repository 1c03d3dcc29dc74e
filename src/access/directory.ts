/**
 * The compiled interface directory: institutions and entries with everything a call is looked up by. Immutable; a call
 * keeps the one it began with.
 */
import type { Entry, Institution, Match } from './model.ts'
import type { Network } from './networks.ts'
import { encodeSegment, type Target } from './path.ts'
import { find, type Route } from './routes.ts'

export interface Directory {
  readonly institutions: ReadonlyMap<string, Institution>
  readonly entries: ReadonlyMap<string, Entry>
  /** lower-case hex SHA-256 of a certificate -> institution id */
  readonly certificates: ReadonlyMap<string, string>
  readonly networks: ReadonlyMap<string, readonly Network[]>
  /** first path segment -> provider */
  readonly owners: ReadonlyMap<string, string>
  /** provider -> scopes of its entries that can be called */
  readonly scopes: ReadonlyMap<string, ReadonlySet<string>>
  readonly routes: Route
}

/** Statuses whose paths exist for callers; drafts and tests are as if they were not there. */
export const ROUTED: ReadonlySet<Entry['status']> = new Set(['published', 'deprecated', 'suspended', 'retired'])
/** Statuses that answer calls. */
export const CALLABLE: ReadonlySet<Entry['status']> = new Set(['published', 'deprecated'])

/**
 * Finds the one entry of method and canonical path. HEAD is GET (RFC 9110 9.3.2). A miss names the path's provider, so
 * that authorize() can tell who may learn of it.
 */
export function match(directory: Directory, method: string, target: Target): Match {
  const found = find(directory.routes, method === 'HEAD' ? 'GET' : method, target.segments)
  if (found.entry !== null) {
    const params: Record<string, string> = Object.create(null) as Record<string, string>
    const names = templateNames(found.entry.path)
    for (const [i, value] of found.values.entries()) params[names[i]!] = value
    return { kind: 'entry', entry: found.entry, params, canonicalPath: target.path, query: target.query }
  }
  return {
    kind: 'miss',
    code: found.allow.length === 0 ? 'INTERFACE_NOT_FOUND' : 'METHOD_NOT_ALLOWED',
    provider: directory.owners.get(target.segments[0] ?? '') ?? null,
    allow: found.allow,
  }
}

/** The path that goes upstream: the entry's `to` with the decoded parameters in their one canonical spelling. */
export function upstreamPath(entry: Entry, params: Readonly<Record<string, string>>): string {
  return entry.to.replace(/\{([A-Za-z][A-Za-z0-9_-]*)\}/g, (_, name: string) => encodeSegment(params[name] ?? ''))
}

const names = new Map<string, readonly string[]>()
/** Names of `{name}` segments in order. Templates are few: kept for the process. */
export function templateNames(template: string): readonly string[] {
  let found = names.get(template)
  if (found === undefined) {
    if (names.size > 65_536) names.clear()
    found = [...template.matchAll(/\{([^{}/]+)\}/g)].map((m) => m[1]!)
    names.set(template, found)
  }
  return found
}

/**
 * The directory as plain JSON without places: what a bundle's hash is made of. Lines in another order give the same
 * value; keys and lists without meaning in their order are sorted.
 */
export function toCanonical(directory: Directory): unknown {
  const sorted = <T extends { readonly id: string; readonly at: unknown }>(all: Iterable<T>): unknown[] =>
    [...all].toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ at: _, ...rest }) => ordered(rest))
  return { institutions: sorted(directory.institutions.values()), entries: sorted(directory.entries.values()) }
}

/** Members sorted by name; lists of words are sets and sorted too, lists of maps sorted by `name`. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(ordered)
    const rank = (v: unknown): string => (typeof v === 'string' ? v : JSON.stringify(v))
    return items.toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
  }
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, v]) => v !== undefined)
  return Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, ordered(v)]))
}
