/** The story of the demo in its order. */
import { editRule } from './edit.ts'
import { showFormats, showInward } from './formats.ts'
import { compareRecords, showBurst, type Written, writeReport } from './ledger.ts'
import { showRefusals } from './refusals.ts'
import type { Scene } from './scene.ts'
import { showViews } from './views.ts'

/** Returns the report, or null when the call log could not be read. */
export async function walk(scene: Scene, since: number, callsSent: () => number): Promise<Written | null> {
  await showViews(scene)
  scene.say()
  await showFormats(scene)
  scene.say()
  await showInward(scene)
  scene.say()
  const expected = await showRefusals(scene)
  scene.say()
  await showBurst(scene, since)
  scene.say()
  await editRule(scene)
  scene.say()
  await compareRecords(scene, expected)
  return writeReport(scene, since, callsSent())
}
