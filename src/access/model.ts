/** PURE CORE access: who may call what. The words of the interface directory (接口服务目录), institutions and decisions. */
import type { Code } from '../base/errors.ts'
import type { Position } from '../base/problem.ts'

export type EntryFormat = 'json' | 'fhir' | 'ndjson' | 'hl7v2'
export type Verb = 'query' | 'create' | 'update' | 'delete' | 'export'
export type EntryStatus = 'draft' | 'testing' | 'published' | 'deprecated' | 'suspended' | 'retired'

export interface Institution {
  readonly id: string
  readonly zh: string
  /** GB/T 2260 */
  readonly region: string | null
  readonly status: 'active' | 'suspended'
  /** YYYY-MM-DD, inclusive first and last day; null = open */
  readonly contract: { readonly from: string | null; readonly to: string | null }
  /** lower-case hex SHA-256 of the DER certificate */
  readonly certificates: readonly string[]
  readonly cidrs: readonly string[]
  /** scenarios it may act in; null = any */
  readonly scenarios: readonly string[] | null
  readonly at: Position
}

/** A secret is a file or an environment variable, never a value. */
export type SecretRef = { readonly file: string } | { readonly env: string }

export interface Upstream {
  /** absolute http(s) URL without query; http only to loopback or with `insecure: <reason>` */
  readonly base: string
  readonly tls: {
    readonly ca: string | null
    readonly cert: string | null
    readonly key: SecretRef | null
    readonly serverName: string | null
  } | null
  readonly credential: { readonly header: string; readonly secret: SecretRef } | null
  readonly insecure: string | null
}

export interface QueryParameter {
  readonly name: string
  readonly required: boolean
  /** RE2 syntax, anchored; null = any value of at most 256 characters */
  readonly pattern: string | null
  /** element it carries, if any: never logged, and judged by `rules check` */
  readonly element: string | null
}

export interface Entry {
  readonly id: string
  readonly zh: string
  readonly version: number
  readonly status: EntryStatus
  readonly provider: string
  readonly method: string
  /** canonical path template; `{name}` is one segment */
  readonly path: string
  readonly upstream: Upstream
  /** path template at the upstream, same names */
  readonly to: string
  readonly format: EntryFormat
  readonly verb: Verb
  readonly roles: readonly string[]
  readonly scenarios: readonly string[] | null
  readonly scope: string
  readonly query: readonly QueryParameter[]
  readonly request: { readonly policy: string | null } | null
  readonly masking: 'full' | 'none'
  readonly mode: 'enforce' | 'observe'
  readonly maskedInput: string | null
  readonly body: { readonly mode: 'full'; readonly max: number }
  readonly charset: string | null
  /** JSONPath of the rows, or null */
  readonly rows: string | null
  readonly slo: 'key' | 'normal'
  readonly timeoutMs: number
  readonly audit: 'write-ahead' | 'normal'
  readonly hl7Status: 'code' | 'ok'
  readonly mediaTypes: readonly string[]
  /** who approved `masking: none`, `mode: observe` or an unmasked create, as the directory states it */
  readonly approval?: string | null
  /** last day (YYYY-MM-DD) on which `masking: none` or `mode: observe` holds; afterwards the entry counts as suspended */
  readonly expires?: string | null
  readonly at: Position
}

/** What match found; a miss travels on as unmatched so that no answer tells which paths exist. */
export type Match =
  | {
      readonly kind: 'entry'
      readonly entry: Entry
      readonly params: Readonly<Record<string, string>>
      readonly canonicalPath: string
      readonly query: ReadonlyMap<string, string>
    }
  | {
      readonly kind: 'miss'
      readonly code: 'INTERFACE_NOT_FOUND' | 'METHOD_NOT_ALLOWED'
      readonly provider: string | null
      readonly allow: readonly string[]
    }

/** Verified claims of a token; nothing here before the signature was good. */
export interface Principal {
  readonly subject: string
  readonly institution: string
  readonly scopes: readonly string[]
  readonly roles: readonly string[]
  readonly scenario: string | null
  readonly purpose: string | null
  readonly project: string | null
  /** keyed or already hashed staff number, or null */
  readonly user: string | null
  readonly tokenId: string | null
  readonly expires: number
}

/** Exact reasons why a token was not accepted. */
export type TokenCode = Extract<Code, `TOKEN_${string}`>

declare const permitted: unique symbol
/** Only authorize() makes one. */
export interface Permit {
  readonly [permitted]: true
  readonly entry: Entry
  readonly principal: Principal
  readonly role: string
  readonly scenario: string | null
}

/**
 * `code` is exact and goes to the record; `shown` is what the caller sees where it must see something else (no oracle,
 * design 3.2). Absent: the row of `code` in errors.ts says what is shown.
 */
export type Denial = {
  readonly code: Code
  readonly shown?: Code
  readonly hints?: { readonly allow?: readonly string[] }
}
export type Outcome<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Denial)
