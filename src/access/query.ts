/**
 * Query strings (RFC 3986 3.4, application/x-www-form-urlencoded as the URL standard reads it). Reading is strict and
 * the same for every path; whether an interface declares a parameter is asked only of a caller who may call it
 * ({@link checkQuery}), so that no answer tells which paths exist. Only declared parameters go upstream, spelled anew.
 */
import { matchesWhole } from '../base/pattern.ts'
import type { Outcome, QueryParameter } from './model.ts'
import { decodeUtf8, HIDDEN, percentDecode, percentEncode } from './percent.ts'

const MAX_PARAMETERS = 64
/** characters of a value whose parameter declares no pattern */
const MAX_PLAIN_VALUE = 256
/** no answer ever depends on a token sent this way (RFC 6750 2.3 discourages it; logs keep query strings) */
export const RESERVED_PARAMETERS: readonly string[] = ['access_token', '_method']

const ADMITTED = /^(?:[A-Za-z0-9._~!$'()*+,:@/?=|-]|%[0-9A-Fa-f]{2})*$/

/**
 * Decoded names and values. DUPLICATE_PARAMETER: a name twice, a name with brackets (`id[]`), a value that
 * holds a separator once decoded (`id=1%262`). PARAMETER_SCHEMA: anything that is not a plain list of name=value.
 */
export function readQuery(raw: string): Outcome<ReadonlyMap<string, string>> {
  if (raw === '') return { ok: true, value: NONE }
  const found = new Map<string, string>()
  for (const pair of raw.split('&')) {
    if (pair.includes(';')) return DUPLICATE
    const equal = pair.indexOf('=')
    if (equal < 1) return SCHEMA
    const name = decode(pair.slice(0, equal))
    const value = decode(pair.slice(equal + 1))
    if (name === null || value === null) return SCHEMA
    if (found.has(name) || /[[\]&=;]/.test(name) || /[&;]/.test(value)) return DUPLICATE
    // an escape inside a decoded value is a second decoding waiting to happen upstream
    if (/%[0-9A-Fa-f]{2}/.test(name) || /%[0-9A-Fa-f]{2}/.test(value)) return SCHEMA
    found.set(name, value)
    if (found.size > MAX_PARAMETERS) return SCHEMA
  }
  return { ok: true, value: found }
}

const NONE: ReadonlyMap<string, string> = new Map()
const DUPLICATE = { ok: false, code: 'DUPLICATE_PARAMETER' } as const
const SCHEMA = { ok: false, code: 'PARAMETER_SCHEMA' } as const

function decode(raw: string): string | null {
  // brackets are no RFC 3986 query characters, but senders of arrays leave them bare: they get the duplicate's answer
  const spaced = raw.replaceAll('+', '%20').replaceAll('[', '%5B').replaceAll(']', '%5D')
  if (!ADMITTED.test(spaced)) return null
  if (!spaced.includes('%')) return spaced
  const text = decodeUtf8(percentDecode(spaced))
  return text === null || HIDDEN.test(text) ? null : text
}

/** Holds a query against the declared parameters: undeclared, missing or misshapen is PARAMETER_SCHEMA. */
export function checkQuery(
  declared: readonly QueryParameter[],
  query: ReadonlyMap<string, string>,
): { readonly ok: true } | { readonly ok: false; readonly code: 'PARAMETER_SCHEMA' } {
  let seen = 0
  for (const parameter of declared) {
    const value = query.get(parameter.name)
    if (value === undefined) {
      if (parameter.required) return SCHEMA
      continue
    }
    seen++
    const fits = parameter.pattern === null ? value.length <= MAX_PLAIN_VALUE : matchesWhole(parameter.pattern, value)
    if (!fits) return SCHEMA
  }
  return seen === query.size ? { ok: true } : SCHEMA
}

/** Canonical query text without `?`, in the order given; empty for none. */
export function writeQuery(query: ReadonlyMap<string, string>): string {
  let out = ''
  for (const [name, value] of query) out += `${out === '' ? '' : '&'}${encode(name)}=${encode(value)}`
  return out
}

const encode = (text: string): string => {
  if (/^[A-Za-z0-9._~-]*$/.test(text)) return text
  let out = ''
  for (const char of text) out += /^[A-Za-z0-9._~,:$-]$/.test(char) ? char : percentEncode(char)
  return out
}
