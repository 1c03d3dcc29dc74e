/**
 * The call record (spec/call-record.v1.json, domain.md 5.1): exactly one per call, also for denied ones. It holds no
 * payload value, path value, query or token.
 */
export interface CallRecord {
  readonly v: 1
  /** record id = call id (UUIDv7); consumers deduplicate by it */
  readonly id: string
  /** RFC 3339 UTC, milliseconds */
  readonly start: string
  readonly node: string
  readonly institution: string | null
  /** first 8 hex digits of the certificate's SHA-256 */
  readonly certificate: string | null
  readonly sourceIp: string | null
  readonly region: string | null
  readonly interface: string | null
  readonly interfaceVersion: number | null
  readonly provider: string | null
  readonly method: string
  /** the entry's template, never the raw path */
  readonly route: string | null
  readonly user: string | null
  readonly role: string | null
  readonly scenario: string | null
  readonly decision: 'allow' | 'deny' | 'fail'
  /** exact code of errors.ts, null when allowed and delivered */
  readonly code: string | null
  readonly status: number
  readonly upstreamStatus: number | null
  readonly outcome: 'delivered' | 'cut' | 'client-gone' | 'refused' | 'interrupted'
  /** milliseconds */
  readonly times: { readonly total: number; readonly upstream: number | null; readonly mask: number | null }
  readonly bytesIn: number
  readonly bytesOut: number
  /** null = unknown (passed on unread and not countable) */
  readonly rows: number | null
  readonly masking: MaskingCounts | null
  readonly requestMasking: MaskingCounts | null
  readonly bundle: string | null
  readonly slo: 'key' | 'normal' | null
  readonly uncontrolled: boolean
}

/** Counts of one masked body; never a value, an address or a key. */
export interface MaskingCounts {
  /** leaves by method name */
  readonly methods: Readonly<Record<string, number>>
  readonly kept: number
  readonly unknown: number
  readonly structure: number
  readonly keysReplaced: number
  readonly recordsDropped: number
  readonly recordsRaised: number
  /** leaves of elements of level 3 and above */
  readonly sensitive: number
  readonly levelIn: number
  readonly levelOut: number
}

/** The opening line of the journal: written before the first reply byte; matters only after a crash. */
export type OpeningLine = Pick<
  CallRecord,
  | 'v'
  | 'id'
  | 'start'
  | 'node'
  | 'institution'
  | 'certificate'
  | 'sourceIp'
  | 'region'
  | 'interface'
  | 'interfaceVersion'
  | 'provider'
  | 'method'
  | 'route'
  | 'user'
  | 'role'
  | 'scenario'
  | 'decision'
  | 'masking'
  | 'requestMasking'
  | 'bundle'
  | 'slo'
  | 'uncontrolled'
>
