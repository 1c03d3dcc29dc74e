/** GET /api/calls/summary?from=T&to=T: the figures of the interface report; without a period, the last 24 hours. */
import type { RequestHandler } from 'express'
import { figuresOf, parseMoment } from '../../report/index.ts'
import { failure } from './failure.ts'
import type { ApiOptions } from './options.ts'

const DAY = 86_400_000

export const summaryRoute =
  ({ queries, zone, now }: ApiOptions): RequestHandler =>
  async (request, response) => {
    const moment = (value: unknown, fallback: number) =>
      value === undefined ? fallback : typeof value === 'string' ? parseMoment(value, zone) : null
    const at = now()
    const to = moment(request.query.to, at)
    const from = to === null ? null : moment(request.query.from, to - DAY)
    if (from === null || to === null || from >= to) return failure(response, 400, 'BAD_PARAMETER')
    const period = { from, to, zone }
    response.json(figuresOf(await queries.sums(from, to), period))
  }
