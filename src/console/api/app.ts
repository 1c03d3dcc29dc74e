/**
 * The console over express: strict headers, the gate, the contract, then one operation; every refusal and every write
 * leaves one audit event. The listener is the caller's.
 */
import express, { type Express, type Request, type RequestHandler, type Response } from 'express'
import { type Signed, SignIn } from '../accounts/sign-in.ts'
import { auditOf } from './audit-trail.ts'
import { bearer } from './bearer.ts'
import type { About, Answer, Call } from './call.ts'
import { Contract } from './contract.ts'
import { COOKIE, cookieOf, dropCookie, setCookie } from './cookie.ts'
import { problemOf, Refusal } from './failure.ts'
import { admit } from './gate.ts'
import { STRICT } from './headers.ts'
import { operationsOf } from './operations/index.ts'
import type { ConsoleOptions } from './options.ts'
import { sendPage } from './pages.ts'
import { refusalOf } from './refusal-of.ts'
import { type Operation, ROUTES, type Route } from './routes.ts'

const MIB = 1 << 20
/** bytes of a JSON body; others: 64 KiB */
const LARGE: Readonly<Partial<Record<Operation, number>>> = {
  preview: 12 * MIB,
  runTests: 12 * MIB,
  checkDraft: 12 * MIB,
  putDraftFile: 5 * MIB,
  setCell: 5 * MIB,
  saveSample: 3 * MIB,
}
const SMALL = 64 * 1024
const UPLOAD = 20 * MIB

export function createConsole(options: ConsoleOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.set('case sensitive routing', true)
  app.set('strict routing', true)
  app.use((_request, response, next) => {
    response.set(STRICT)
    next()
  })
  const signIn = new SignIn(options)
  const contract = new Contract(options.document)
  const operations = operationsOf(options, signIn)
  const secret = options.secret === null ? null : bearer(options.secret)
  const record = auditOf(options)
  for (const route of ROUTES) {
    const gate: RequestHandler = (request, response, next) => {
      const about: About = { object: null, note: {} }
      response.locals['about'] = about
      const address = request.socket.remoteAddress ?? ''
      const seen = (signed: Signed): void => void (response.locals['signed'] = signed)
      admit({ route, headers: request.headers, address, seen }, signIn, secret)
      next()
    }
    const run: RequestHandler = async (request, response) => {
      const call = callOf(route, request, response, contract)
      const answer = await operations[route.operation](call)
      record(route, call, answer, 'ok')
      send(response, answer)
    }
    app[route.method](expressPath(route.path), gate, ...readers(route.operation, contract), run)
  }
  app.use('/api', (request) => {
    throw new Refusal('NOT_FOUND', allowed(request.baseUrl + request.path))
  })
  app.use(pages(options))
  app.use(((error: unknown, request: Request, response: Response, _next) => {
    const refusal = refusalOf(error)
    const route = ROUTES.find((r) => r.method === request.method.toLowerCase() && matches(r.path, request.path))
    if (route !== undefined) record(route, partial(route, request, response), null, refusal.code)
    if (refusal.status >= 500) options.log.error('console.failed', { code: refusal.code })
    refuse(response, refusal)
  }) satisfies express.ErrorRequestHandler)
  return app
}

const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

const patterns = new Map<string, RegExp>()
function matches(template: string, path: string): boolean {
  let pattern = patterns.get(template)
  if (pattern === undefined)
    patterns.set(template, (pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`)))
  return pattern.test(path)
}

function allowed(path: string) {
  const methods = ROUTES.filter((r) => matches(r.path, path)).map((r) => r.method.toUpperCase())
  return methods.length === 0 ? {} : { allow: methods.join(', ') }
}

/** Bodies are read behind the gate only. */
function readers(operation: Operation, contract: Contract): RequestHandler[] {
  const { json, media } = contract.takes(operation)
  const limit = LARGE[operation] ?? SMALL
  if (media.length > 0) return [express.raw({ type: [...media], limit: UPLOAD, inflate: false })]
  if (json) return [express.json({ type: 'application/json', limit, inflate: false, strict: true })]
  return []
}

function callOf(route: Route, request: Request, response: Response, contract: Contract): Call {
  const { operation } = route
  const params = request.params as Readonly<Record<string, string>>
  const query = contract.parameters(operation, params, request.query)
  const mediaType = /^[^;\s]+/.exec(request.headers['content-type'] ?? '')?.[0].toLowerCase() ?? null
  const { json, media } = contract.takes(operation)
  if (json && mediaType !== 'application/json') throw new Refusal('UNSUPPORTED_MEDIA_TYPE')
  if (media.length > 0 && !media.includes(mediaType ?? '')) throw new Refusal('UNSUPPORTED_MEDIA_TYPE')
  if (json) contract.body(operation, request.body)
  return { ...partial(route, request, response), params, query, body: request.body, mediaType }
}

function partial(route: Route, request: Request, response: Response): Call {
  return {
    operation: route.operation,
    params: {},
    query: {},
    body: null,
    mediaType: null,
    ifMatch: request.headers['if-match'] ?? null,
    ifNoneMatch: request.headers['if-none-match'] ?? null,
    address: request.socket.remoteAddress ?? '',
    signed: response.locals['signed'] ?? null,
    cookie: cookieOf(request.headers.cookie, COOKIE),
    about: response.locals['about'] ?? { object: null, note: {} },
  }
}

function send(response: Response, { status = 200, json, csv, etag, session }: Answer): void {
  response.status(status)
  if (etag !== undefined) response.set('etag', etag)
  if (session !== undefined) response.set('set-cookie', session === null ? dropCookie : setCookie(session.value))
  if (csv !== undefined) {
    response.set('content-disposition', `attachment; filename="${csv.name}"`)
    response.type('text/csv; charset=utf-8').send(csv.text)
  } else if (json === undefined) response.end()
  else response.type('application/json; charset=utf-8').send(JSON.stringify(json))
}

function refuse(response: Response, refusal: Refusal): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { retryAfter, allow } = refusal.more
  if (retryAfter !== undefined) response.set('retry-after', String(retryAfter))
  if (allow !== undefined) response.set('allow', allow)
  if (refusal.code === 'UNAUTHORIZED') response.set('www-authenticate', 'Bearer')
  const { status } = refusal
  const body = problemOf(allow === undefined ? refusal : new Refusal('METHOD_NOT_ALLOWED'))
  response
    .status(allow === undefined ? status : 405)
    .type('application/problem+json')
    .send(JSON.stringify(body))
}

const pages =
  ({ pages }: ConsoleOptions): RequestHandler =>
  (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal('NOT_FOUND')
    if (pages === null) throw new Refusal('CONSOLE_NOT_BUILT')
    const page = pages.get(request.path)
    if (page === undefined) throw new Refusal('NOT_FOUND')
    sendPage(response, page, request.headers['accept-encoding'])
  }
