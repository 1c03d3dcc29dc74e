/**
 * The data port: mutual TLS, HTTP/1.1 only, express in front of the road. Whatever never becomes a request (framing,
 * limits, timeouts) is answered here with a coded body; everything else is a call.
 */
import { X509Certificate } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import https from 'node:https'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { canonicalAddress } from '../access/networks.ts'
import type { Code } from '../base/errors.ts'
import { peerFacts } from '../pki/peer.ts'
import type { Peer, ReceivedCall } from './call.ts'
import { answerRaw, clientErrorCode } from './client-error.ts'
import { createFront } from './front.ts'
import { carry } from './pipeline.ts'
import { renderRefusal } from './refusal.ts'
import type { Road, Trust } from './road.ts'
import { Watch } from './watch.ts'

/** PEM texts of the data port. */
export interface ServerIdentity {
  readonly cert: string
  readonly key: string
  /** authorities whose client certificates are let in */
  readonly ca: string
}

/** Times in milliseconds, sizes in bytes. */
export interface ConnectionLimits {
  readonly handshakeMs: number
  readonly headersMs: number
  readonly headerBytes: number
  /** whole request, a bound above every entry's own */
  readonly requestMs: number
  readonly idleMs: number
  readonly connections: number
  readonly connectionsPerCertificate: number
  readonly ticketSeconds: number
}

export const DEFAULT_LIMITS: ConnectionLimits = {
  handshakeMs: 10_000,
  headersMs: 15_000,
  headerBytes: 16 * 1024,
  requestMs: 300_000,
  idleMs: 75_000,
  connections: 10_000,
  connectionsPerCertificate: 200,
  ticketSeconds: 300,
}

/** above the limit of 100 that checkHead() enforces: Node drops what is over its own limit in silence */
const PARSED_FIELDS = 400
const CHECK_EVERY_MS = 1000

export interface Listener {
  readonly server: https.Server
  /** new certificate, key or authorities for connections from now on */
  renew(identity: ServerIdentity): void
  /** calls under way */
  readonly running: number
  readonly connections: number
  /** stops accepting; resolves when every call is over or after `graceMs`, then connections are closed */
  stop(graceMs: number): Promise<void>
}

export function createListener(road: Road, identity: ServerIdentity, limits: ConnectionLimits): Listener {
  const calls = new Running()
  const front = createFront(
    (incoming, outgoing) => {
      const call = carryRequest(road, incoming, outgoing)
      if (call !== null) calls.add(call)
    },
    (outgoing) => answerResponse(road, outgoing, 'INTERNAL'),
  )
  const server = https.createServer({ ...serverOptions(identity, limits), ...front.classes })
  server.on('request', front.handle)
  server.on('checkContinue', front.handle)
  answerFaults(server, road)
  const sockets = guardConnections(server, road, limits)
  // the passing adapter hangs a listener for `close` on the server for every target
  server.setMaxListeners(0)
  server.maxHeadersCount = PARSED_FIELDS
  server.maxConnections = limits.connections
  server.keepAliveTimeout = limits.idleMs
  server.headersTimeout = limits.headersMs
  server.requestTimeout = limits.requestMs
  return {
    server,
    renew: (next) => server.setSecureContext(tlsMaterial(next, limits)),
    get running() {
      return calls.count
    },
    get connections() {
      return sockets.size
    },
    async stop(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const finished = calls.finished().then(() => closed)
      await Promise.race([finished, delay(graceMs)])
      server.closeAllConnections()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Calls under way, by number: a set of promises would cost two more of them for every call. */
class Running {
  count = 0
  #idle: (() => void) | null = null
  readonly #ended = (): void => {
    this.count--
    if (this.count === 0) this.#idle?.()
  }

  /** `call` never rejects */
  add(call: Promise<void>): void {
    this.count++
    void call.then(this.#ended)
  }

  finished(): Promise<void> {
    return this.count === 0 ? Promise.resolve() : new Promise((resolve) => void (this.#idle = resolve))
  }
}

/** What never becomes a request is answered all the same. */
function answerFaults(server: https.Server, road: Road): void {
  const raw = (code: Code | null, socket: Duplex) => {
    if (code !== null) road.metrics.refusedConnection(code)
    answerRaw(code, socket, road.newId(), road.now())
  }
  server.on('checkExpectation', (_incoming, outgoing) => answerResponse(road, outgoing, 'EXPECTATION_FAILED'))
  server.on('clientError', (error, socket) => raw(clientErrorCode(error), socket))
  server.on('connect', (_incoming, socket) => raw('UPGRADE_REFUSED', socket))
  server.on('tlsClientError', () => road.metrics.refusedConnection('TLS'))
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

function tlsMaterial({ cert, key, ca }: ServerIdentity, limits: ConnectionLimits) {
  return { cert, key, ca, minVersion: 'TLSv1.2' as const, sessionTimeout: limits.ticketSeconds, honorCipherOrder: true }
}

function serverOptions(identity: ServerIdentity, limits: ConnectionLimits): https.ServerOptions {
  return {
    ...tlsMaterial(identity, limits),
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: limits.handshakeMs,
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
    // checked by the road, so that the answer is a coded one
    requireHostHeader: false,
    joinDuplicateHeaders: false,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    noDelay: true,
  }
}

/** One certificate must not take all connections; sockets that never speak end by the idle time. */
function guardConnections(server: https.Server, road: Road, limits: ConnectionLimits): Set<TLSSocket> {
  const sockets = new Set<TLSSocket>()
  const held = new Map<string, number>()
  server.on('secureConnection', (socket: TLSSocket) => {
    sockets.add(socket)
    const print = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
    const count = (held.get(print) ?? 0) + 1
    held.set(print, count)
    socket.once('close', () => {
      sockets.delete(socket)
      const left = (held.get(print) ?? 1) - 1
      if (left === 0) held.delete(print)
      else held.set(print, left)
    })
    if (count > limits.connectionsPerCertificate) {
      road.metrics.refusedConnection('CONNECTIONS_PER_CERTIFICATE')
      socket.destroy()
    }
  })
  return sockets
}

/** The facts of a connection are read once and again only when the authorities were replaced. */
const peers = new WeakMap<object, { readonly authorities: Trust['authorities']; readonly peer: Peer }>()

function peerOf(socket: TLSSocket, trust: Trust): Peer | null {
  const known = peers.get(socket)
  if (known !== undefined && known.authorities === trust.authorities) return known.peer
  // a resumed session gives the certificate of the full handshake
  const raw = socket.getPeerX509Certificate()?.raw
  const address = canonicalAddress(socket.remoteAddress ?? '')
  if (raw === undefined || address === null) return null
  const certificate = peerFacts(new X509Certificate(raw), trust.authorities)
  const peer: Peer = { certificate, address, last: { token: '', digest: '' } }
  peers.set(socket, { authorities: trust.authorities, peer })
  return peer
}

function carryRequest(road: Road, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> | null {
  const snapshot = road.snapshot()
  const peer = peerOf(incoming.socket as TLSSocket, road.trust())
  if (peer === null) {
    incoming.socket.destroy()
    return null
  }
  if (snapshot === null) {
    answerResponse(road, outgoing, 'POLICY_UNAVAILABLE')
    return null
  }
  const call: ReceivedCall = {
    id: road.newId(),
    start: road.now(),
    snapshot,
    peer,
    method: incoming.method ?? '',
    incoming,
    outgoing,
    watch: new Watch(outgoing, road.budget, performance.now()),
  }
  return carry(road, call)
}

function answerResponse(
  road: Road,
  outgoing: ServerResponse,
  code: 'EXPECTATION_FAILED' | 'POLICY_UNAVAILABLE' | 'INTERNAL',
): void {
  road.metrics.refusedConnection(code)
  const { status, headers, body } = renderRefusal({
    code,
    callId: road.newId(),
    dialect: 'problem',
    hints: {},
    hl7Status: 'code',
    controlId: '',
    now: road.now(),
  })
  outgoing.writeHead(status, { ...headers, connection: 'close' })
  outgoing.end(body)
}
