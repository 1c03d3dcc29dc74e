/** Refusals of the API: problem+json (RFC 9457) with a code and nothing else. */
import type { Response } from 'express'

const TITLES = {
  UNAUTHORIZED: 'The bearer secret of the console is needed.',
  LOOPBACK_ONLY: 'The console answers on this machine only.',
  BAD_PARAMETER: 'A query parameter has a wrong value.',
  NOT_FOUND: 'There is nothing here.',
  CALL_LOG_UNAVAILABLE: 'The call log cannot be read now.',
} as const

export function failure(response: Response, status: number, code: keyof typeof TITLES): void {
  response.status(status).type('application/problem+json')
  response.send(JSON.stringify({ type: 'about:blank', title: TITLES[code], status, code }))
}
