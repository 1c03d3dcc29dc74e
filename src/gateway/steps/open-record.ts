/** 8: the opening line is in the journal before the first byte of an answer, so that a crash loses no call. */
import { type Controls, controlsOf, handlingOf, placeOf } from '../../access/handling.ts'
import { GatewayError } from '../../base/errors.ts'
import type { Journal } from '../../ports/journal.ts'
import type { MaskedCall, OpenedCall } from '../call.ts'
import { openingLine, type Recorder } from '../record.ts'

/** Refuses with AUDIT_UNAVAILABLE. */
export async function openRecord(journal: Journal, recorder: Recorder, call: MaskedCall): Promise<OpenedCall> {
  if (!journal.writable) throw new GatewayError('AUDIT_UNAVAILABLE')
  const onDisk = call.permit.entry.audit === 'write-ahead' || controls(call).fsync
  await journal.open(openingLine(recorder, call, 'allow'), onDisk)
  call.watch.opened = true
  return { ...call, opened: true }
}

/** Of what leaves; a body nobody read has no level of its own, its entry says how it is audited. */
function controls({ permit, reply, institution }: MaskedCall): Controls {
  const { entry, role, scenario } = permit
  const place = placeOf(institution.id, entry.provider, role, scenario)
  const { levelIn = 0, levelOut = 0 } = reply.masking ?? {}
  return controlsOf(handlingOf({ level: levelIn, left: levelOut, stage: 'in-use', place }))
}
