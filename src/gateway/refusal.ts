/**
 * A refusal on the wire: code -> problem+json (RFC 9457), FHIR OperationOutcome or HL7 v2 ACK. Made from the code's row
 * and the call id alone: never payload, token, path or upstream text.
 */
import { type Code, type ErrorHints, publicRow } from '../base/errors.ts'

/** What the caller speaks. Unmatched and unauthenticated calls get problem+json whatever they asked for (no oracle). */
export type Dialect = 'problem' | 'fhir' | 'hl7'

export interface Refusal {
  readonly code: Code
  readonly callId: string
  readonly dialect: Dialect
  readonly hints: ErrorHints
  /** `ok`: HL7 senders that know only the acknowledgment get 200 */
  readonly hl7Status: 'code' | 'ok'
  /** MSH-10 of the request when it may be echoed, else empty */
  readonly controlId: string
  /** epoch milliseconds, for MSH-7 */
  readonly now: number
}

export interface WireRefusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const RETRY_AFTER_SECONDS = 5

export function renderRefusal(refusal: Refusal): WireRefusal {
  const row = publicRow(refusal.code)
  const status = refusal.dialect === 'hl7' && refusal.hl7Status === 'ok' ? 200 : row.status
  const [type, text] = WRITERS[refusal.dialect](refusal, row)
  const body = Buffer.from(text, 'utf8')
  const headers: Record<string, string> = {
    'content-type': type,
    'content-length': String(body.length),
    'cache-control': 'no-store',
    'veilgate-call-id': refusal.callId,
  }
  if (row.status === 401)
    headers['www-authenticate'] = row.code === 'TOKEN_MISSING' ? 'Bearer' : 'Bearer error="invalid_token"'
  if (row.status === 405 && refusal.hints.allow !== undefined) headers.allow = refusal.hints.allow.join(', ')
  if (row.status === 503) headers['retry-after'] = String(refusal.hints.retryAfter ?? RETRY_AFTER_SECONDS)
  return { status, headers, body }
}

type Row = ReturnType<typeof publicRow>
type Writer = (refusal: Refusal, row: Row) => readonly [type: string, body: string]

const WRITERS: Readonly<Record<Dialect, Writer>> = {
  problem: ({ callId }, row) => [
    'application/problem+json',
    JSON.stringify({
      type: `urn:veilgate:code:${row.code}`,
      title: row.en,
      status: row.status,
      instance: `urn:uuid:${callId}`,
      code: row.code,
      messageZh: row.zh,
      messageEn: row.en,
      retryable: row.retryable,
    }),
  ],
  fhir: ({ callId }, row) => [
    'application/fhir+json; charset=utf-8',
    JSON.stringify({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: row.status >= 500 ? 'fatal' : 'error',
          code: row.fhir,
          details: { coding: [{ system: 'urn:veilgate:code', code: row.code, display: row.zh }], text: row.en },
          diagnostics: `urn:uuid:${callId}`,
        },
      ],
    }),
  ],
  hl7: (refusal, row) => ['application/hl7-v2; charset=utf-8', acknowledgment(refusal, row)],
}

/** HL7 v2.5.1 2.9.2: MSH, MSA, ERR. AE = may succeed later unchanged, AR = will not (table 0008). */
function acknowledgment({ callId, controlId, now }: Refusal, row: Row): string {
  const time = new Date(now).toISOString().replace(/[-:T]/g, '').slice(0, 14)
  const own = callId.replaceAll('-', '').slice(-20)
  return [
    `MSH|^~\\&|VEILGATE||||${time}+0000||ACK|${own}|P|2.5.1|||||||UNICODE UTF-8`,
    `MSA|${row.retryable ? 'AE' : 'AR'}|${controlId}`,
    `ERR|||207^Application internal error^HL70357|E|${row.code}^${row.en}|||${row.zh}`,
    '',
  ].join('\r')
}

/**
 * MSH-10 of a request's first bytes, or empty: echoed only when it is a short plain token that no detector takes for an
 * identifier.
 */
export function echoedControlId(body: Buffer | null, looksLikeIdentifier: (text: string) => boolean): string {
  if (body === null || body.length < 8 || body.toString('latin1', 0, 3) !== 'MSH') return ''
  const head = body.toString('latin1', 0, Math.min(body.length, 2048)).split(/[\r\n]/, 1)[0]!
  const field = head.split(head[3]!)[9] ?? ''
  return /^[A-Za-z0-9._-]{1,20}$/.test(field) && !looksLikeIdentifier(field) ? field : ''
}
