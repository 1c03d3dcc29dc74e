/** The upstream leg as the road sees it. Both adapters (undici, http-proxy-middleware) keep this contract. */
import type { IncomingMessage } from 'node:http'

/**
 * Tells an adapter that the caller left. A slot and not an AbortSignal: one is needed for every call, and an
 * EventTarget with its listeners costs more than a whole step of the road.
 */
export interface Leaving {
  readonly left: boolean
  /** set by the adapter while it works, called at most once, cleared by the adapter when it is done */
  onLeave: (() => void) | null
}

/** Buffered bytes have a budget: what an adapter keeps of an answer, it asks for first. */
export interface Room {
  /** bytes an answer may have on the wire */
  readonly maxBytes: number
  /** null = taken at once; else resolves when there is room, or rejects with GatewayError OVERLOADED */
  take(bytes: number): Promise<void> | null
}

export interface UpstreamRequest {
  readonly callId: string
  readonly method: string
  /** canonical path and declared query, as it goes on the wire */
  readonly path: string
  /** already chosen by the road: allow-list, identity headers, no hop-by-hop; `content-length` is the adapter's */
  readonly headers: Readonly<Record<string, string>>
  /** name of one {@link UpstreamTarget} */
  readonly target: string
  /** milliseconds for the whole exchange, connecting included */
  readonly timeoutMs: number
  readonly leaving: Leaving
}

/** Where a name of {@link UpstreamRequest.target} leads; secrets are already read. */
export interface UpstreamTarget {
  /** `https://host:port` */
  readonly origin: string
  /** PEM texts; null = the runtime's own authorities, no client certificate */
  readonly tls: {
    readonly ca: string | null
    readonly cert: string | null
    readonly key: string | null
    readonly serverName: string | null
  } | null
}

/** lower-case names; a list where the field came more than once */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Head and whole body of an answer that must be read. Bodies are decoded later by the road. */
export interface ReadAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  readonly body: Buffer
}

interface Upstream {
  /** replaces the targets; exchanges under way keep the old connections */
  retarget(targets: ReadonlyMap<string, UpstreamTarget>): void
  /** waits for exchanges under way */
  close(): Promise<void>
}

/**
 * Reads the whole answer. Throws GatewayError UPSTREAM_* or OVERLOADED, CLIENT_GONE when the caller left; nothing of
 * the upstream's text is in it. Redirects are answers. A request goes out at most once; GET and HEAD once more only
 * when a reused connection closed before any byte.
 */
export interface ReadingUpstream extends Upstream {
  exchange(request: UpstreamRequest, body: Buffer | null, room: Room): Promise<ReadAnswer>
}

/** What a passed-on exchange did, for the record. */
export interface PassReport {
  /** status of the upstream's answer */
  readonly status: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly outcome: 'delivered' | 'cut' | 'client-gone'
}

/** Where an answer that is passed on goes: chosen by the road when the head is there. */
export interface PassSink {
  /** part of an answer is on its way to the caller */
  readonly begun: boolean
  /** called once, before the first byte; a throw or rejection ends the exchange with that error and nothing was sent */
  head(status: number, headers: AnswerHeaders): Promise<void> | void
  /** may throw as head() does while nothing was sent; false = the caller reads slowly: wait for `drained` */
  write(chunk: Buffer): boolean
  drained(): Promise<void>
  /** the answer is complete */
  end(): Promise<void>
  /** the answer broke off after the head: the caller's connection must not end cleanly */
  cut(): void
}

/**
 * Passes request and answer on as they come. Throws as {@link ReadingUpstream} does as long as nothing was sent;
 * after the head a failure is an outcome.
 */
export interface PassingUpstream extends Upstream {
  /** `incoming` gives the body; its head is not looked at */
  pass(request: UpstreamRequest, incoming: IncomingMessage, sink: PassSink): Promise<PassReport>
}
