/** 8: the opening line is in the journal before the first byte of an answer, so that a crash loses no call. */
import { GatewayError } from '../../base/errors.ts'
import type { Journal } from '../../ports/journal.ts'
import type { MaskedCall, OpenedCall } from '../call.ts'
import { openingLine, type Recorder } from '../record.ts'

/** Refuses with AUDIT_UNAVAILABLE. */
export async function openRecord(journal: Journal, recorder: Recorder, call: MaskedCall): Promise<OpenedCall> {
  if (!journal.writable) throw new GatewayError('AUDIT_UNAVAILABLE')
  await journal.open(openingLine(recorder, call, 'allow'), call.permit.entry.audit === 'write-ahead')
  call.watch.opened = true
  return { ...call, opened: true }
}
