/** What the shadow thread runs: one answer in, figures out. */
import type { MessagePort } from 'node:worker_threads'
import { createComparer, type ShadowFigures, type ShadowSides, type ShadowTask } from './shadow-compare.ts'

/** null: the answer could not be judged; why stays here, for it may quote the payload */
export type ShadowAnswer = ShadowFigures | null

export function serveShadow(port: MessagePort, sides: ShadowSides): void {
  const compare = createComparer(sides)
  port.on('message', (task: ShadowTask) => {
    let answer: ShadowAnswer
    try {
      answer = compare(task)
    } catch {
      answer = null
    }
    port.postMessage(answer)
  })
}
