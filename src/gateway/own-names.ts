/**
 * The names this gateway answers to: a request for another host was meant for somebody else, or tries what a server in
 * between makes of it (domain.md X16). Callers check the certificate against the name they call, so its names are ours.
 */
import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'

/** Does a Host field (RFC 9110 7.2: name or address, with or without port) name this gateway? */
export type OwnNames = (host: string) => boolean

/** answers remembered: callers use a handful of names, and an attacker's must not pile up */
const KNOWN = 64

/** `further`: names callers use that the certificate does not bear, such as an address translated on the way. */
export function ownNames(certificate: X509Certificate, further: readonly string[]): OwnNames {
  const stated = new Set(further.map((name) => name.toLowerCase()))
  const known = new Map<string, boolean>()
  return (host) => {
    let own = known.get(host)
    if (own === undefined) {
      const name = nameOf(host)
      own = name !== null && (stated.has(name) || bears(certificate, name))
      if (known.size >= KNOWN) known.clear()
      known.set(host, own)
    }
    return own
  }
}

function nameOf(host: string): string | null {
  const [, name] = /^(\[[0-9a-f:.]+\]|[^:[\]/?#@\s]+)(?::\d{1,5})?$/i.exec(host) ?? []
  return name === undefined ? null : name.toLowerCase().replace(/^\[|\]$/g, '')
}

function bears(certificate: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined
  // a name may be written with the dot of the root
  return certificate.checkHost(name.replace(/\.$/, '')) !== undefined
}
