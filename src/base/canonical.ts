/**
 * Canonical form of plain JSON values: members sorted by code unit, no white space (in the manner of RFC 8785), so that
 * equal content has one text and one SHA-256 whatever the order it was written in. Lists keep their order: what is a
 * set must be sorted by who makes the value.
 */
import { createHash } from 'node:crypto'

/** Throws TypeError on what is not plain JSON (functions, maps, NaN): silently losing a member would make two things one. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (isPlainObject(value)) {
    if (isFlat(value, Object.keys(value))) return JSON.stringify(value)
    const keys = canonicalNames(value)
    return `{${keys.map((k) => `${JSON.stringify(k)}:${canonicalJson(value[k])}`).join(',')}}`
  }
  throw new TypeError('not plain JSON')
}

export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)

/** Its members that exist, in canonical order. */
export const canonicalNames = (members: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(members)
    .filter((k) => members[k] !== undefined)
    .sort()

/** Members in order already and none of them a container: the runtime's own text is the canonical one. */
function isFlat(members: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  for (const [i, name] of names.entries()) {
    const value = members[name]
    if (i > 0 && names[i - 1]! >= name) return false
    if (value !== null && typeof value !== 'string' && typeof value !== 'boolean') return false
  }
  return names.length > 0
}

/** lower-case hex SHA-256 of the canonical form */
export const canonicalHash = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex')

/** A list whose order has no meaning, in canonical order. */
export const asSet = <T>(items: Iterable<T>): T[] =>
  [...items]
    .map((item) => [canonicalJson(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item)
