/** A member's system: one keep-alive mTLS connection to the gateway, with its own certificate. */
import { Agent, request } from 'node:https'

export interface CallerKeys {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface CallRequest {
  readonly method?: string
  readonly path: string
  readonly token: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export interface CallAnswer {
  readonly status: number
  readonly body: Buffer
  readonly callId: string
  readonly contentType: string
  /** milliseconds from sending to the last byte */
  readonly ms: number
}

export interface Caller {
  call(ask: CallRequest): Promise<CallAnswer>
  close(): void
}

const TIMEOUT = 10_000

export function openCaller(port: number, keys: CallerKeys): Caller {
  const agent = new Agent({ ...keys, keepAlive: true, maxSockets: 8, minVersion: 'TLSv1.2' })
  return {
    call: (ask) => exchange(agent, port, ask),
    close: () => agent.destroy(),
  }
}

function exchange(agent: Agent, port: number, ask: CallRequest): Promise<CallAnswer> {
  const started = performance.now()
  const headers: Record<string, string> = { ...ask.headers }
  if (ask.token !== null) headers['authorization'] = `Bearer ${ask.token}`
  if (ask.body !== undefined) headers['content-length'] = String(ask.body.length)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { agent, host: '127.0.0.1', port, servername: 'localhost', method: ask.method ?? 'GET', path: ask.path, headers },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.once('error', reject)
        answer.once('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            body: Buffer.concat(chunks),
            callId: String(answer.headers['veilgate-call-id'] ?? ''),
            contentType: String(answer.headers['content-type'] ?? ''),
            ms: performance.now() - started,
          }),
        )
      },
    )
    outgoing.setTimeout(TIMEOUT, () => outgoing.destroy(new Error('no answer in time')))
    outgoing.once('error', reject)
    outgoing.end(ask.body)
  })
}
