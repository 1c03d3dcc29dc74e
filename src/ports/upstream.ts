/** The upstream leg as the road sees it. Both adapters (undici, http-proxy-middleware) keep this contract. */
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface UpstreamRequest {
  readonly callId: string
  readonly method: string
  /** origin of the upstream: `https://host:port` */
  readonly origin: string
  /** canonical path and declared query, as it goes on the wire */
  readonly path: string
  /** already chosen by the road: allow-list, identity headers, no hop-by-hop */
  readonly headers: Readonly<Record<string, string>>
  /** key into the adapter's TLS contexts */
  readonly target: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Head and whole body of an answer that must be read. Bodies are decoded later by the road. */
export interface ReadAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** Reads the whole answer up to `maxBytes`. Throws GatewayError UPSTREAM_*; nothing of the upstream's text is in it. */
export interface ReadingUpstream {
  exchange(request: UpstreamRequest, body: Buffer | null, maxBytes: number): Promise<ReadAnswer>
  close(): Promise<void>
}

/** What a passed-on exchange did, for the record. */
export interface PassReport {
  readonly status: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly outcome: 'delivered' | 'cut' | 'client-gone'
}

/** Passes request and answer on as they come. `head` picks status and headers before the first byte goes out. */
export interface PassingUpstream {
  pass(
    request: UpstreamRequest,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    head: (
      status: number,
      headers: ReadonlyMap<string, string>,
    ) =>
      | { readonly status: number; readonly headers: Readonly<Record<string, string>> }
      | Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>> }>,
    tap: ((chunk: Buffer) => void) | null,
  ): Promise<PassReport>
  close(): Promise<void>
}
