/** The story of the demo in its order. */
import type { RecordCounters } from '../../ports/record-counters.ts'
import { editRule } from './edit.ts'
import { showFormats, showInward } from './formats.ts'
import { compareRecords, settleRecords, showBurst, type Written, writeReport } from './ledger.ts'
import { showRefusals } from './refusals.ts'
import type { Stage } from './stage.ts'
import { showViews } from './views.ts'

export interface Walked {
  /** null when the call log could not be read */
  readonly written: Written | null
  readonly counters: RecordCounters
}

export async function walk({ scene, gateway, sent }: Pick<Stage, 'scene' | 'gateway' | 'sent'>): Promise<Walked> {
  const since = Date.now()
  const parts = [showViews, showFormats, showInward]
  for (const part of parts) {
    await part(scene)
    scene.say()
  }
  const expected = await showRefusals(scene)
  scene.say()
  await showBurst(scene, since)
  scene.say()
  await editRule(scene)
  scene.say()
  await compareRecords(scene, expected)
  const counters = await settleRecords(scene, () => gateway.running.counters(), sent())
  return { written: await writeReport(scene, since, sent()), counters }
}
