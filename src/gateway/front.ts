/** express in front of the road (docs/decisions/0004): it takes every request and hands it to one function. */
import { IncomingMessage, type ServerOptions, ServerResponse } from 'node:http'
import express from 'express'

export interface Front {
  /** what the server makes requests and responses of */
  readonly classes: ServerOptions<typeof IncomingMessage, typeof ServerResponse<IncomingMessage>>
  readonly handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void
}

/** express' own signature leaves the last handler out: what comes after it when it is mounted in another app */
type Mounted = (incoming: IncomingMessage, outgoing: ServerResponse, last: () => void) => void

/** `failed` answers what `receive` threw at. */
export function createFront(receive: Front['handle'], failed: (outgoing: ServerResponse) => void): Front {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.use(receive)
  // express changes the prototype of every request and response, which costs more than all else it does here; those
  // made with it from the start are left as they are
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  app.request = Object.setPrototypeOf(Request.prototype, app.request)
  app.response = Object.setPrototypeOf(Response.prototype, app.response)
  const mounted = app as unknown as Mounted
  return {
    classes: { IncomingMessage: Request, ServerResponse: Response },
    handle: (incoming, outgoing) => mounted(incoming, outgoing, () => failed(outgoing)),
  }
}
