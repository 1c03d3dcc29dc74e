/**
 * The one door to the server: typed by the API's own document (types.ts is made from it), same origin only. Refusals are
 * thrown as `Refused` with the server's code and its message in both languages.
 */
import type { Operations, Schemas } from './types.ts'

type Name = keyof Operations
type Problem = Schemas['Problem']

interface Extra {
  /** ETag the text was read with; `*` stands for a file that is new */
  readonly match?: string
  /** media type of a body that is a file */
  readonly media?: string
  readonly signal?: AbortSignal
}

type Need<K extends string, T> = T extends undefined ? { readonly [P in K]?: undefined } : { readonly [P in K]: T }
type QueryOf<T> = T extends undefined
  ? { readonly query?: undefined }
  : Partial<T> extends T
    ? { readonly query?: T }
    : { readonly query: T }

export type Input<N extends Name> = Need<'path', Operations[N]['path']> &
  QueryOf<Operations[N]['query']> &
  Need<'body', Operations[N]['body']> &
  Extra

export class Refused extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.code)
    this.problem = problem
  }
}

const KEPT_ALIVE = 20_000

let csrf = ''
let onSignedOut: () => void = () => {}

export function keepCsrf(token: string): void {
  csrf = token
}

/** Told when any call finds the session over. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener
}

export function addressOf(name: Name, path: object = {}, query: object = {}): string {
  const [, template = ''] = name.split(' ')
  const values = path as Record<string, string>
  const filled = template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ''))
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString()
  return text === '' ? filled : `${filled}?${text}`
}

export async function call<N extends Name>(name: N, input: Input<N>): Promise<Operations[N]['reply']> {
  const [verb = 'GET'] = name.split(' ')
  const headers = new Headers({ accept: 'application/json, application/problem+json' })
  if (verb !== 'GET' && csrf !== '') headers.set('x-veilgate-csrf', csrf)
  if (input.match === '*') headers.set('if-none-match', '*')
  else if (input.match !== undefined) headers.set('if-match', input.match)
  const body = bodyOf(input.body, input.media, headers)
  const reply = await fetchReply(addressOf(name, input.path, input.query), {
    method: verb,
    headers,
    body,
    credentials: 'same-origin',
    redirect: 'error',
    cache: 'no-store',
    signal: input.signal ?? null,
    // a text typed just before a reload still arrives; browsers hold such bodies to 64 KiB
    keepalive: verb === 'PUT' && typeof body === 'string' && body.length < KEPT_ALIVE,
  })
  if (!reply.ok) throw await refusalOf(reply, name)
  if (reply.status === 204) return undefined as Operations[N]['reply']
  return (await reply.json()) as Operations[N]['reply']
}

function bodyOf(body: unknown, media: string | undefined, headers: Headers): BodyInit | null {
  if (body === undefined) return null
  headers.set('content-type', media ?? 'application/json')
  return media === undefined ? JSON.stringify(body) : (body as BodyInit)
}

async function fetchReply(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch (error) {
    if (init.signal?.aborted === true) throw error
    throw new Refused(
      local(
        0,
        'NO_ANSWER',
        '网关没有应答，请检查网络后再试',
        'The gateway does not answer; check the network and try again.',
      ),
    )
  }
}

async function refusalOf(reply: Response, name: Name): Promise<Refused> {
  let problem: Problem
  try {
    problem = (await reply.json()) as Problem
  } catch {
    problem = local(
      reply.status,
      'NO_REASON',
      '网关拒绝了请求，但没有说明原因',
      'The gateway refused without a reason.',
    )
  }
  if (reply.status === 401 && name !== 'POST /api/session' && name !== 'GET /api/session') onSignedOut()
  return new Refused(problem)
}

const local = (status: number, code: string, messageZh: string, messageEn: string): Problem => ({
  type: 'about:blank',
  title: messageEn,
  status,
  code,
  messageZh,
  messageEn,
})
