/** One call of the API as its operation sees it, and what it answers. No operation touches the socket. */
import type { Signed } from '../accounts/sign-in.ts'
import { Refusal } from './failure.ts'
import type { Operation } from './routes.ts'

export interface Call {
  readonly operation: Operation
  /** of the path, decoded */
  readonly params: Readonly<Record<string, string>>
  /** single values; the names are those of the document */
  readonly query: Readonly<Record<string, string>>
  /** checked against the document; bytes for other media types than JSON */
  readonly body: unknown
  readonly mediaType: string | null
  readonly ifMatch: string | null
  readonly ifNoneMatch: string | null
  readonly address: string
  /** null only where the route admits public or bearer */
  readonly signed: Signed | null
  /** the session cookie that came along, good or not */
  readonly cookie: string | null
  readonly about: About
}

/** What the audit event of this call will say besides who and when: ids, counts and digests, never content. */
export interface About {
  object: string | null
  note: Record<string, string | number | boolean>
}

export interface Answer {
  readonly status?: number
  /** undefined: no body */
  readonly json?: unknown
  /** a download */
  readonly csv?: { readonly name: string; readonly text: string }
  readonly etag?: string
  /** a new session, or null: take the cookie back */
  readonly session?: Signed | null
}

export type Handler = (call: Call) => Answer | Promise<Answer>
export type Handlers = Readonly<Record<Operation, Handler>>

/** The caller of a route that only accounts may call. */
export function signedOf(call: Call): Signed {
  if (call.signed === null) throw new Refusal('NOT_SIGNED_IN')
  return call.signed
}

export const whoOf = (call: Call): { readonly id: string; readonly name: string } => {
  const { id, displayName } = signedOf(call).account
  return { id, name: displayName }
}

/** A JSON body; its shape was checked. */
export const bodyOf = <T>(call: Call): T => call.body as T

export const NO_CONTENT: Answer = { status: 204 }
