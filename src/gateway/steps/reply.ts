/** 9: head and body in one write. Nothing of the upstream's head is copied: every field here is ours. */

import type { OpenedCall } from '../call.ts'
import { contentDigest } from '../content-digest.ts'

const SMALL = 4096

/** Raw pairs: Node takes a flat list as it is, an object it walks twice. */
export function reply(call: OpenedCall, closing: boolean): void {
  const { outgoing, incoming, watch, snapshot } = call
  const { status, body, contentType } = call.reply
  const head = ['cache-control', 'no-store', 'veilgate-call-id', call.id]
  if (call.reply.masking !== null) head.push('veilgate-receipt', snapshot.bundle)
  if (contentType !== null) head.push('content-type', contentType)
  const want = incoming.headers['want-content-digest']
  if (want !== undefined && body !== null && typeof want === 'string') {
    const digest = contentDigest(want, body)
    if (digest !== null) head.push('content-digest', digest)
  }
  if (closing) head.push('connection', 'close')
  if (body === null) {
    outgoing.writeHead(status, head)
    outgoing.end()
    return
  }
  head.push('content-length', String(body.length))
  outgoing.writeHead(status, head)
  // as text of single bytes a small body goes out in one piece with its head
  if (body.length <= SMALL) outgoing.end(body.toString('latin1'), 'latin1')
  else outgoing.end(body)
  watch.bytesOut = body.length
}
