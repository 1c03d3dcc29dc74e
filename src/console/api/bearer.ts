/** The deployment's bearer secret (RFC 6750): for scripts on this machine, for the figures only. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal } from './failure.ts'

const LOOPBACK = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/

/** Throws Refusal LOOPBACK_ONLY or UNAUTHORIZED. */
export type Bearer = (authorization: string, address: string) => void

export function bearer(secret: string): Bearer {
  if (secret.length < 32) throw new RangeError('the console secret has at least 32 characters')
  const expected = digest(secret)
  return (authorization, address) => {
    if (!LOOPBACK.test(address)) throw new Refusal('LOOPBACK_ONLY')
    const given = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)
    // digests have one length whatever was sent, so the comparison tells nothing
    if (given === null || !timingSafeEqual(digest(given[1]!), expected)) throw new Refusal('UNAUTHORIZED')
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
