/** The operations port: plain HTTP for the machine's own probes. Alive, ready and why not, figures. No call passes here. */
import http, { type IncomingMessage, type ServerResponse } from 'node:http'

/** What /readyz says. `reasons` are codes; one of them is enough to be taken out of service. */
export interface Readiness {
  readonly reasons: readonly string[]
  /** worth knowing, but no reason to stop: last good rules in force over a bad edit */
  readonly notes: readonly string[]
  readonly bundle: string | null
}

export interface OperationsParts {
  readonly readiness: () => Readiness | Promise<Readiness>
  /** Prometheus text */
  readonly metrics: () => string | Promise<string>
  /** other paths (the API): true when it answers */
  readonly more?: (incoming: IncomingMessage, outgoing: ServerResponse) => boolean
}

export function createOperations(parts: OperationsParts): http.Server {
  const server = http.createServer({ maxHeaderSize: 8192, requestTimeout: 10_000 }, (incoming, outgoing) => {
    answer(parts, incoming, outgoing).catch(() => {
      if (!outgoing.headersSent) send(outgoing, 500, 'text/plain', 'failed\n')
      else outgoing.destroy()
    })
  })
  server.keepAliveTimeout = 5000
  return server
}

async function answer(parts: OperationsParts, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const path = (incoming.url ?? '/').split('?', 1)[0]!
  if (path !== '/healthz' && path !== '/readyz' && path !== '/metrics') {
    if (parts.more?.(incoming, outgoing) !== true) send(outgoing, 404, 'text/plain', 'not found\n')
    return
  }
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return send(outgoing, 405, 'text/plain', 'only GET\n')
  if (path === '/healthz') return send(outgoing, 200, 'text/plain', 'ok\n')
  if (path === '/metrics') return send(outgoing, 200, 'text/plain; version=0.0.4', await parts.metrics())
  const { reasons, notes, bundle } = await parts.readiness()
  const ready = reasons.length === 0
  send(outgoing, ready ? 200 : 503, 'application/json', `${JSON.stringify({ ready, reasons, notes, bundle })}\n`)
}

function send(outgoing: ServerResponse, status: number, type: string, body: string): void {
  outgoing.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  outgoing.end(body)
}
