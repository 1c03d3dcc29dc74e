/**
 * Which header fields pass, both ways. Allow-lists: a field that nobody needs is a field nobody has to judge
 * (identifiers in custom fields, file names, validators of a body that changed, cookies, server versions).
 */
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../base/errors.ts'
import type { AnswerHeaders } from '../ports/upstream.ts'

/**
 * Checks of the head that hold for every path. Node keeps the first of some repeated fields in silence, so what
 * decides about identity or framing is counted in the raw list.
 */
export function checkHead(incoming: IncomingMessage): void {
  const { url, headers, rawHeaders } = incoming
  if (rawHeaders.length > 2 * MAX_FIELDS) throw new GatewayError('HEADERS_TOO_LARGE')
  if (headers.upgrade !== undefined) throw new GatewayError('UPGRADE_REFUSED')
  if (headers.host === undefined || headers.host === '') throw new GatewayError('BAD_HOST')
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') throw new GatewayError('AMBIGUOUS_FRAMING')
  if (hasRepeatedField(rawHeaders)) throw new GatewayError('MALFORMED_REQUEST')
  if (url === undefined || url.length > MAX_TARGET) throw new GatewayError('URI_TOO_LONG')
  // absolute-form and authority-form name another server than the one spoken to
  if (url.charCodeAt(0) !== SLASH && !(url === '*' && incoming.method === 'OPTIONS'))
    throw new GatewayError('MALFORMED_REQUEST')
}

const MAX_FIELDS = 100
const MAX_TARGET = 8 * 1024
const SLASH = 47

/** a second Authorization field is the token's matter (access/token.ts) */
const SINGLE: readonly string[] = [
  'host',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'veilgate-role',
  'idempotency-key',
]
/** lengths of the names above: most fields of a request are skipped by one look */
const LENGTHS: readonly boolean[] = Array.from({ length: 32 }, (_, n) => SINGLE.some((name) => name.length === n))

function hasRepeatedField(raw: readonly string[]): boolean {
  let seen = 0
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!
    if (LENGTHS[name.length] !== true) continue
    const at = SINGLE.indexOf(name.toLowerCase())
    if (at < 0) continue
    if ((seen & (1 << at)) !== 0) return true
    seen |= 1 << at
  }
  return false
}

/** Set by the gateway alone; the same names from a caller are dropped, as every field outside the list is. */
export interface UpstreamIdentity {
  readonly callId: string
  readonly institution: string
  readonly role: string
  readonly scenario: string | null
}

/** A field value that goes upstream as sent: short and printable, so that it cannot carry a document. */
const PLAIN = /^[\x21-\x7e]{1,128}$/

/**
 * The whole head that goes upstream. `accept` and `content-type` are ours (the entry's media types), not the caller's
 * text; of the caller's fields only the idempotency key passes.
 */
export function upstreamHeaders(
  incoming: IncomingMessage,
  identity: UpstreamIdentity,
  fixed: {
    readonly host: string
    readonly accept: string
    readonly contentType: string | null
    readonly credential: { readonly header: string; readonly value: string } | null
  },
): Record<string, string> {
  const headers: Record<string, string> = {
    host: fixed.host,
    accept: fixed.accept,
    'accept-encoding': 'identity',
    'veilgate-call-id': identity.callId,
    'veilgate-institution': identity.institution,
    'veilgate-role': identity.role,
  }
  if (identity.scenario !== null) headers['veilgate-scenario'] = identity.scenario
  if (fixed.contentType !== null) headers['content-type'] = fixed.contentType
  if (fixed.credential !== null) headers[fixed.credential.header] = fixed.credential.value
  const key = incoming.headers['idempotency-key']
  if (typeof key === 'string') {
    if (!PLAIN.test(key)) throw new GatewayError('MALFORMED_REQUEST')
    headers['idempotency-key'] = key
  }
  return headers
}

/** RFC 9110 12.5.1, as far as a gateway needs it: does the caller take one of the entry's types? Weights of 0 count. */
export function accepts(field: string | undefined, types: ReadonlySet<string>): boolean {
  if (field === undefined || field === '*/*' || types.size === 0 || types.has(field)) return true
  for (const part of field.toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim())
    if (parameters.some((p) => /^q=0(\.0*)?$/.test(p))) continue
    if (range === '*/*' || types.has(range)) return true
    if (range.endsWith('/*')) for (const type of types) if (type.startsWith(range.slice(0, -1))) return true
  }
  return false
}

/** The one value of a field of an answer; a field that came twice with one meaning is not a value. */
export function single(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

export interface MediaType {
  /** `type/subtype`, lower case */
  readonly name: string
  readonly charset: string | null
}

const MEDIA = /^([!#$%&'*+.^_`|~0-9a-z-]+\/[!#$%&'*+.^_`|~0-9a-z-]+)\s*(;.*)?$/
const CHARSET = /;\s*charset\s*=\s*(?:"([^"\\;]*)"|([^\s;"]*))/g

/** RFC 9110 8.3. null = not a media type, or two charsets. */
export function parseMediaType(field: string): MediaType | null {
  const known = PARSED.get(field)
  if (known !== undefined) return known
  const match = MEDIA.exec(field.trim().toLowerCase())
  if (match === null) return null
  const charsets = [...(match[2] ?? '').matchAll(CHARSET)].map((m) => m[1] ?? m[2] ?? '')
  if (charsets.length > 1) return null
  const parsed: MediaType = { name: match[1]!, charset: charsets[0] || null }
  if (PARSED.size < 256 && field.length < 128) PARSED.set(field, parsed)
  return parsed
}

/** few different spellings occur, and each of them on every call */
const PARSED = new Map<string, MediaType>()
