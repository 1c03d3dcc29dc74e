/** Pauses of long work beside calls (base/steps.ts). */
import { setImmediate as turn } from 'node:timers/promises'
import type { Pause } from '../../base/steps.ts'

/** ms of work between two pauses: about what one large call costs */
const SLICE_MS = 4

/** A turn of the event loop whenever `sliceMs` have passed since the last one. */
export function pace(sliceMs = SLICE_MS, now: () => number = () => performance.now()): Pause {
  let from = now()
  return () => {
    if (now() - from < sliceMs) return undefined
    return turn().then(() => {
      from = now()
    })
  }
}
