/** OPTIONS is answered here and never goes upstream; the answer is the same for every path. */
import type { IdentifiedCall } from './call.ts'
import { METHODS } from './receive.ts'
import { openingLine } from './record.ts'
import type { Road } from './road.ts'

export async function answerOptions(road: Road, call: IdentifiedCall): Promise<number> {
  await road.journal.open(openingLine(road, call, 'allow'), false)
  call.watch.opened = true
  call.outgoing.writeHead(204, ['allow', METHODS.join(', '), 'cache-control', 'no-store', 'veilgate-call-id', call.id])
  call.outgoing.end()
  return 204
}
