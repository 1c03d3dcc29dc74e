/** Which format a file without a name for it is. For the command line only: on the road the directory names the format. */
import { FORMATS } from '../../mask/formats/index.ts'
import type { FormatName } from '../../mask/model.ts'

const HEAD = 64 * 1024
/** Every FHIR resource names its type (FHIR R4 2.6.1); nothing else does by this member. */
const FHIR = /"resourceType"\s*:\s*"[A-Z]/

/** Null when it looks like none. A wrong guess masks more, never less: what the guessed format does not bind is unknown. */
export function guessFormat(bytes: Buffer): FormatName | null {
  const head = bytes.subarray(0, HEAD)
  if (FORMATS.get('hl7v2')!.sniff(head)) return 'hl7v2'
  if (!FORMATS.get('json')!.sniff(head)) return null
  if (isLines(bytes)) return 'ndjson'
  return FHIR.test(head.toString('latin1')) ? 'fhir' : 'json'
}

/** A whole JSON object on the first line and something on the second. */
function isLines(bytes: Buffer): boolean {
  const end = bytes.indexOf(0x0a)
  if (end < 0 || bytes.subarray(end).toString('latin1', 0, HEAD).trim() === '') return false
  try {
    const first: unknown = JSON.parse(bytes.toString('utf8', 0, end))
    return typeof first === 'object' && first !== null && !Array.isArray(first)
  } catch {
    return false
  }
}
