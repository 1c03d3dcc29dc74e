/**
 * The load: mTLS keep-alive connections, one request in flight on each, HTTP/1.1 written by hand so that the client
 * costs little. Closed loop (as fast as answers come) or open loop at a fixed rate, where latency counts from the
 * moment a request was due, not from when it could be sent.
 */
import { readFileSync } from 'node:fs'
import { connect, type TLSSocket } from 'node:tls'

export interface LoadSettings {
  readonly port: number
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly path: string
  readonly token: string
  readonly connections: number
}
export interface LoadOrder {
  readonly ms: number
  /** calls per second over all connections; 0 = closed loop */
  readonly rate: number
}
export interface LoadResult {
  readonly calls: number
  readonly failed: number
  readonly seconds: number
  /** milliseconds */
  readonly p50: number
  readonly p99: number
}

const settings = JSON.parse(process.argv[2]!) as LoadSettings
const request = Buffer.from(
  `GET ${settings.path} HTTP/1.1\r\nHost: localhost:${settings.port}\r\nAccept: application/fhir+json\r\nAuthorization: Bearer ${settings.token}\r\n\r\n`,
)
const tls = {
  host: '127.0.0.1',
  servername: 'localhost',
  port: settings.port,
  ca: readFileSync(settings.ca),
  cert: readFileSync(settings.cert),
  key: readFileSync(settings.key),
}
const END = Buffer.from('\r\n\r\n')

let calls = 0
let failed = 0
let latencies: number[] = []
let running = false
const due: number[] = []

class Line {
  readonly #socket: TLSSocket
  #head: Buffer = Buffer.alloc(0)
  #left = -1
  #began = 0
  busy = false

  constructor(socket: TLSSocket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#data(chunk))
    socket.on('error', fail)
    socket.on('close', () => running && fail())
  }

  send(began: number): void {
    this.busy = true
    this.#began = began
    this.#left = -1
    this.#socket.write(request)
  }

  #data(chunk: Buffer): void {
    if (this.#left >= 0) {
      this.#body(chunk.length)
      return
    }
    const all = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk])
    const end = all.indexOf(END)
    if (end < 0) {
      this.#head = all
      return
    }
    this.#head = Buffer.alloc(0)
    const head = all.toString('latin1', 0, end)
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)
    if (!head.startsWith('HTTP/1.1 200') || length === null) fail()
    this.#left = Number(length?.[1] ?? 0)
    this.#body(all.length - end - 4)
  }

  #body(bytes: number): void {
    this.#left -= bytes
    if (this.#left > 0) return
    this.busy = false
    calls++
    latencies.push(performance.now() - this.#began)
    if (!running) return
    if (rate === 0) this.send(performance.now())
    else if (due.length > 0) this.send(due.shift()!)
  }
}

function fail(): void {
  failed++
  if (failed > 100) {
    process.stderr.write('load: more than 100 failed calls\n')
    process.exit(1)
  }
}

const lines: Line[] = []
for (let i = 0; i < settings.connections; i++) {
  const socket = connect(tls)
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  lines.push(new Line(socket))
}

let rate = 0
async function run(order: LoadOrder): Promise<LoadResult> {
  calls = failed = 0
  latencies = []
  rate = order.rate
  running = true
  const began = performance.now()
  if (rate === 0) {
    for (const line of lines) line.send(performance.now())
    await new Promise((resolve) => setTimeout(resolve, order.ms))
  } else await paced(began, order)
  running = false
  const seconds = (performance.now() - began) / 1000
  const counted = calls
  while (lines.some((l) => l.busy)) await new Promise((resolve) => setTimeout(resolve, 5))
  due.length = 0
  const sorted = Float64Array.from(latencies).sort()
  const at = (p: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0
  return { calls: rate === 0 ? calls : counted, failed, seconds, p50: at(0.5), p99: at(0.99) }
}

async function paced(began: number, order: LoadOrder): Promise<void> {
  let sent = 0
  while (performance.now() - began < order.ms) {
    const target = Math.floor(((performance.now() - began) / 1000) * order.rate)
    for (; sent < target; sent++) {
      const when = began + ((sent + 1) / order.rate) * 1000
      const free = lines.find((l) => !l.busy)
      if (free === undefined) due.push(when)
      else free.send(when)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

process.on('message', (order: LoadOrder) => void run(order).then((result) => process.send!(result)))
process.on('disconnect', () => process.exit(0))
process.send!('ready')
