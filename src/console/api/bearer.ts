/** Who may ask: peers on loopback that hold the one bearer secret (RFC 6750). */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { failure } from './failure.ts'

const LOOPBACK = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/

export function bearer(secret: string): RequestHandler {
  if (secret.length < 32) throw new RangeError('the console secret has at least 32 characters')
  const expected = digest(secret)
  return (request: Request, response: Response, next: NextFunction) => {
    if (!LOOPBACK.test(request.socket.remoteAddress ?? '')) return failure(response, 403, 'LOOPBACK_ONLY')
    const given = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')
    // digests have one length whatever was sent, so the comparison tells nothing
    if (given === null || !timingSafeEqual(digest(given[1]!), expected)) {
      response.set('www-authenticate', 'Bearer')
      return failure(response, 401, 'UNAUTHORIZED')
    }
    next()
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
