/** The system behind: answers /fhir/2k and /fhir/20k from memory, keep-alive, plain HTTP on loopback. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fhirBundle } from './payloads.ts'

const bodies = new Map([
  ['/fhir/2k', fhirBundle(2000, 1)],
  ['/fhir/20k', fhirBundle(20_000, 1)],
])

const server = createServer((request, response) => {
  const body = bodies.get(request.url ?? '')
  if (body === undefined) {
    response.writeHead(404)
    response.end()
    return
  }
  response.writeHead(200, { 'content-type': 'application/fhir+json', 'content-length': body.length })
  response.end(body)
})
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit(0))
