/** Who gets through to an operation: session, stage, role, origin, token. One place, nothing admitted by default. */
import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { csrfOf } from '../../accounts/index.ts'
import type { Signed, SignIn } from '../accounts/sign-in.ts'
import type { Bearer } from './bearer.ts'
import { COOKIE, cookieOf } from './cookie.ts'
import { Refusal } from './failure.ts'
import { admits, type Route } from './routes.ts'

export interface Knock {
  readonly route: Route
  readonly headers: IncomingHttpHeaders
  readonly address: string
  /** told of who is signed in before their role is judged: a refusal is audited with its name */
  readonly seen: (signed: Signed) => void
}

/** Who calls; null where the route admits the public or the bearer secret. Throws Refusal. */
export function admit({ route, headers, address, seen }: Knock, signIn: SignIn, bearer: Bearer | null): Signed | null {
  const writes = route.method !== 'get'
  // Before anything is looked up: a page elsewhere learns nothing of the session it rides on.
  if (writes) checkOrigin(headers)
  if (route.roles.includes('public')) return null
  const value = cookieOf(headers.cookie, COOKIE)
  const signed = value === null ? null : signIn.find(value)
  if (signed === null) {
    if (route.roles.includes('bearer') && bearer !== null && headers.authorization !== undefined) {
      bearer(headers.authorization, address)
      return null
    }
    throw new Refusal('NOT_SIGNED_IN')
  }
  seen(signed)
  if (writes && !sameText(headers['x-veilgate-csrf'], csrfOf(signed.value))) throw new Refusal('CSRF_MISSING')
  if (signed.session.stage === 'enrol') {
    if (!route.roles.includes('enrol')) throw new Refusal('ENROL_FIRST')
  } else if (!admits(route, signed.account.roles)) throw new Refusal('ROLE_FORBIDDEN')
  return signed
}

/** Browsers state both on every write; a page of another origin can forge neither. */
function checkOrigin(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin === undefined || host === undefined || origin !== `https://${host}`) throw new Refusal('ORIGIN_FORBIDDEN')
  if (site !== undefined && site !== 'same-origin') throw new Refusal('ORIGIN_FORBIDDEN')
}

function sameText(given: string | string[] | undefined, expected: string): boolean {
  if (typeof given !== 'string') return false
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}
