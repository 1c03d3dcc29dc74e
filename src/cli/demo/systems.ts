/**
 * The three institutions' own systems on loopback: a teaching hospital (HIS JSON, FHIR R4, HL7 over HTTP), a county
 * hospital and a research registry. They know nothing of masking and answer in clear; only the gateway reaches them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Samples, STAY } from './samples.ts'

export interface Systems {
  /** origins, `http://127.0.0.1:PORT` */
  readonly teaching: string
  readonly county: string
  readonly research: string
  /** what the registry was sent, newest last */
  readonly registered: readonly Buffer[]
  close(): Promise<void>
}

interface Answer {
  readonly type: string
  readonly body: Buffer | string
  readonly status?: number
}
type Route = readonly [method: string, path: RegExp, answer: (match: RegExpExecArray, body: Buffer) => Answer]

const JSON_TYPE = 'application/json; charset=utf-8'
const FHIR_TYPE = 'application/fhir+json; charset=utf-8'
const HL7_TYPE = 'application/hl7-v2; charset=utf-8'
const NO_ROWS = '{"code":0,"msg":"ok","total":0,"data":{"list":[]}}'
const MAX_BODY = 1 << 20

export async function startSystems(samples: Samples): Promise<Systems> {
  const registered: Buffer[] = []
  const teaching = await listen(teachingRoutes(samples))
  const county = await listen([
    ['GET', /^\/api\/mzjl\/[A-Z0-9]+$/, () => ({ type: JSON_TYPE, body: samples.inpatient })],
  ])
  const research = await listen([
    [
      'POST',
      /^\/intake$/,
      (_, body) => {
        registered.push(body)
        return { type: HL7_TYPE, body: acknowledge(body) }
      },
    ],
  ])
  return {
    teaching: origin(teaching),
    county: origin(county),
    research: origin(research),
    registered,
    close: async () => void (await Promise.all([teaching, county, research].map(stop))),
  }
}

function teachingRoutes(samples: Samples): Route[] {
  const rows = new Map<string, Buffer>([
    [STAY.inpatientNo, samples.inpatient],
    [STAY.controlNo, samples.controlLevel],
  ])
  return [
    ['GET', /^\/api\/zyjl\/([A-Z0-9]+)$/, ([, no]) => ({ type: JSON_TYPE, body: rows.get(no!) ?? NO_ROWS })],
    ['GET', /^\/fhir\/Bundle\/referral-2026-0001$/, () => ({ type: FHIR_TYPE, body: samples.referral })],
    ['GET', /^\/hl7\/report\/[A-Z0-9]+$/, () => ({ type: HL7_TYPE, body: samples.report })],
  ]
}

async function listen(routes: readonly Route[]): Promise<Server> {
  const server = createServer((request, response) => void answer(routes, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

async function answer(routes: readonly Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  const path = (request.url ?? '/').split('?', 1)[0]!
  for (const [method, pattern, make] of routes) {
    const match = request.method === method ? pattern.exec(path) : null
    if (match === null) continue
    const { type, body: text, status = 200 } = make(match, body)
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text)
    return
  }
  response.writeHead(404, { 'content-type': JSON_TYPE }).end('{"code":404,"msg":"无此记录"}')
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_BODY) chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** AA for the control id of MSH-10 (HL7 v2.4 2.9.2). */
function acknowledge(message: Buffer): string {
  const msh = message.toString('utf8').split('\r', 1)[0]!.split('|')
  return `MSH|^~\\&|REG|R0001|||${msh[6] ?? ''}||ACK|ACK${msh[9] ?? ''}|P|2.4|||||||UNICODE UTF-8\rMSA|AA|${msh[9] ?? ''}\r`
}

const origin = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
