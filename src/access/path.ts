/**
 * The one decoding of a request target (RFC 3986 section 6, RFC 9112 section 3.2). A path has exactly one canonical
 * form; what is matched against the directory and what goes upstream are these same bytes. Every spelling that two
 * servers could read differently is refused with BAD_PATH_ENCODING, for every path alike:
 * - absolute, authority and asterisk forms, fragments, characters outside RFC 3986, control characters raw or encoded;
 * - empty segments (`//`, a trailing slash), segments that start or end with a blank or end with a dot (so `.`, `..`);
 * - encoded slash, backslash, percent (double encoding), semicolon (path parameters), question mark and number sign;
 * - bytes that are not shortest-form UTF-8, invisible characters, and text that Unicode normalisation (NFKC) changes:
 *   full-width dots and slashes are dots and slashes to somebody.
 * Case is kept: paths are case-sensitive; hexadecimal digits of escapes are not.
 */
import type { Outcome } from './model.ts'
import { decodeUtf8, HIDDEN, percentDecode, percentEncode } from './percent.ts'
import { readQuery } from './query.ts'

export interface Target {
  /** canonical path: starts with `/`, unreserved characters literal, the rest as upper-case escapes */
  readonly path: string
  /** decoded segments; none for `/` */
  readonly segments: readonly string[]
  /** decoded names and values, in the order sent, each name once */
  readonly query: ReadonlyMap<string, string>
}

/** characters of a whole target; the header limit of the listener is above it */
export const MAX_TARGET = 4096
const MAX_SEGMENTS = 32

/** Decodes a raw request target as it stood in the request line (one character a byte). */
export function readTarget(raw: string): Outcome<Target> {
  if (raw.length > MAX_TARGET) return { ok: false, code: 'URI_TOO_LONG' }
  const mark = raw.indexOf('?')
  const path = readPath(mark < 0 ? raw : raw.slice(0, mark))
  if (path === null) return { ok: false, code: 'BAD_PATH_ENCODING' }
  const query = readQuery(mark < 0 ? '' : raw.slice(mark + 1))
  if (!query.ok) return query
  return { ok: true, value: { ...path, query: query.value } }
}

/** Path part alone: canonical text and decoded segments, or null when it is not admitted. */
export function readPath(raw: string): { readonly path: string; readonly segments: readonly string[] } | null {
  if (raw === '/') return { path: '/', segments: [] }
  if (raw.charCodeAt(0) !== SLASH) return null
  const parts = raw.slice(1).split('/')
  if (parts.length > MAX_SEGMENTS) return null
  if (PLAIN.test(raw)) return { path: raw, segments: parts }
  const segments: string[] = []
  let path = ''
  for (const part of parts) {
    const segment = decodeSegment(part)
    if (segment === null) return null
    segments.push(segment)
    path += `/${encodeSegment(segment)}`
  }
  return { path, segments }
}

const SLASH = 0x2f
/** Already canonical: only unreserved characters, no empty segment, none ending with a dot. The common case. */
const PLAIN = /^(?:\/[A-Za-z0-9._~-]*[A-Za-z0-9_~-])+$/
/** RFC 3986 pchar without `;` */
const ADMITTED = /^(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2})+$/
const FORBIDDEN = /[/\\%;?#]/
/** what stays literal in canonical text; `+` does not, since some servers read it as a blank */
const LITERAL = /^[A-Za-z0-9._~!$&'()*,=:@-]$/

function decodeSegment(raw: string): string | null {
  if (!ADMITTED.test(raw)) return null
  const text = raw.includes('%') ? decodeUtf8(percentDecode(raw)) : raw
  return text !== null && isSegment(text) ? text : null
}

/** Whether a decoded text may be one segment. */
export function isSegment(text: string): boolean {
  return (
    text !== '' &&
    !FORBIDDEN.test(text) &&
    !HIDDEN.test(text) &&
    !/^\s|[\s.]$/u.test(text) &&
    (isAscii(text) || text.normalize('NFKC') === text)
  )
}

/** Canonical spelling of a decoded segment. */
export function encodeSegment(text: string): string {
  if (/^[A-Za-z0-9._~-]*$/.test(text)) return text
  let out = ''
  for (const char of text) out += LITERAL.test(char) ? char : percentEncode(char)
  return out
}

const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)
