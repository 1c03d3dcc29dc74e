/** The session cookie (RFC 6265bis): host-only, over TLS only, out of reach of scripts and of other sites. */
export const COOKIE = '__Host-veilgate'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict'

/** Ends with the browser; how long it counts is said by the session. */
export const setCookie = (value: string): string => `${COOKIE}=${value}; ${ATTRIBUTES}`
export const dropCookie = `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`

const VALUE = /^[A-Za-z0-9_-]{43}$/

/** The value of a cookie that stands once; a second one of the name is somebody's trick. */
export function cookieOf(header: string | undefined, name: string): string | null {
  const found = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return found.length === 1 && VALUE.test(found[0]!) ? found[0]! : null
}
