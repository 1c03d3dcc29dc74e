/** GET /api/anomalies?since=T&limit=N: signals, newest first. */
import type { RequestHandler } from 'express'
import { parseMoment } from '../../report/index.ts'
import { failure } from './failure.ts'
import type { ApiOptions } from './options.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000

export const anomaliesRoute =
  ({ queries, zone }: ApiOptions): RequestHandler =>
  async (request, response) => {
    const { since, limit } = request.query
    const from = since === undefined ? 0 : typeof since === 'string' ? parseMoment(since, zone) : null
    const most = limit === undefined ? DEFAULT_LIMIT : /^[1-9]\d{0,3}$/.test(String(limit)) ? Number(limit) : null
    if (from === null || most === null || most > MAX_LIMIT) return failure(response, 400, 'BAD_PARAMETER')
    response.json({ signals: await queries.signals(from, most) })
  }
