/**
 * The plain way: express 5 with http-proxy-middleware 4 passing through behind the same mTLS front; and, for express'
 * own share, a static answer with and without express. Arguments: mode, then a JSON object of paths.
 */
import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createProxyMiddleware } from 'http-proxy-middleware'

interface Settings {
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly upstream: string
}
const [mode, text] = process.argv.slice(2) as ['proxy' | 'static' | 'express-static', string]
const settings = JSON.parse(text) as Settings
const tls = {
  ca: readFileSync(settings.ca),
  cert: readFileSync(settings.cert),
  key: readFileSync(settings.key),
  requestCert: true,
  rejectUnauthorized: true,
  minVersion: 'TLSv1.2' as const,
}

const BODY = Buffer.alloc(2000, 0x61)
type Handler = Parameters<typeof createServer>[1]

function handler(): NonNullable<Handler> {
  const app = express()
  if (mode === 'proxy') {
    const agent = new Agent({ keepAlive: true, maxSockets: 128, maxFreeSockets: 128 })
    app.use(createProxyMiddleware({ target: settings.upstream, agent, changeOrigin: false }))
    return app
  }
  const answer: NonNullable<Handler> = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/fhir+json', 'content-length': BODY.length })
    response.end(BODY)
  }
  if (mode === 'static') return answer
  app.disable('x-powered-by')
  app.use(answer)
  return app
}

const server = createServer(tls, handler())
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port, pid: process.pid }))
process.on('disconnect', () => process.exit(0))
