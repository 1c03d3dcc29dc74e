/**
 * The console's API: JSON over express, read only. Until accounts exist it is guarded by one bearer secret and answers
 * on loopback only; the listener is the caller's.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { anomaliesRoute } from './anomalies.ts'
import { bearer } from './bearer.ts'
import { failure } from './failure.ts'
import type { ApiOptions } from './options.ts'
import { summaryRoute } from './summary.ts'

export function createApi(options: ApiOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use((_request: Request, response: Response, next: NextFunction) => {
    response.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    next()
  })
  app.use(bearer(options.secret))
  app.get('/api/anomalies', anomaliesRoute(options))
  app.get('/api/calls/summary', summaryRoute(options))
  app.use((_request: Request, response: Response) => failure(response, 404, 'NOT_FOUND'))
  app.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    // what went wrong may name a file: the caller gets the code alone
    failure(response, 503, 'CALL_LOG_UNAVAILABLE'),
  )
  return app
}
