/** Bytes that did not become a request: which code, and the answer written by hand, since there is no response object. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Code } from '../base/errors.ts'
import { renderRefusal } from './refusal.ts'

const BY_PARSER: Readonly<Record<string, Code>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'BODY_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  // framing (RFC 9112 6): two lengths, a length beside a coding, a coding that is not chunked
  HPE_UNEXPECTED_CONTENT_LENGTH: 'AMBIGUOUS_FRAMING',
  HPE_INVALID_CONTENT_LENGTH: 'AMBIGUOUS_FRAMING',
  HPE_INVALID_TRANSFER_ENCODING: 'AMBIGUOUS_FRAMING',
  HPE_INVALID_CHUNK_SIZE: 'AMBIGUOUS_FRAMING',
  HPE_STRICT: 'AMBIGUOUS_FRAMING',
  HPE_CR_EXPECTED: 'AMBIGUOUS_FRAMING',
  HPE_LF_EXPECTED: 'AMBIGUOUS_FRAMING',
  HPE_CLOSED_CONNECTION: 'AMBIGUOUS_FRAMING',
  HPE_PAUSED_H2_UPGRADE: 'UPGRADE_REFUSED',
}

/** null: the other side is gone or broke the connection off; there is nobody to answer. */
export function clientErrorCode(error: unknown): Code | null {
  const { code } = error as { code?: unknown }
  if (typeof code !== 'string') return 'MALFORMED_REQUEST'
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'HPE_INVALID_EOF_STATE') return null
  if (Object.hasOwn(BY_PARSER, code)) return BY_PARSER[code]!
  return code.startsWith('HPE_') ? 'MALFORMED_REQUEST' : null
}

/** Writes the answer and closes; what was pipelined behind the fault is dropped with the connection. */
export function answerRaw(code: Code | null, socket: Duplex, callId: string, now: number): void {
  const begun = (socket as { _httpMessage?: { headersSent?: boolean } | null })._httpMessage?.headersSent === true
  if (code === null || !socket.writable || begun) {
    socket.destroy()
    return
  }
  const { status, headers, body } = renderRefusal({
    code,
    callId,
    dialect: 'problem',
    hints: {},
    hl7Status: 'code',
    controlId: '',
    now,
  })
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`]
  for (const name in headers) lines.push(`${name}: ${headers[name]}`)
  lines.push('connection: close', '', '')
  socket.end(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body]))
  setTimeout(() => socket.destroy(), 1000).unref()
}
