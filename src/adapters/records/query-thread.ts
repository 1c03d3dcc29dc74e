/** A thread that reads the call log: one question, one answer. */
import { parentPort, workerData } from 'node:worker_threads'
import type { CallLogReader } from '../../ports/call-log.ts'
import { openCallLogReader } from '../call-log/index.ts'

export type Question =
  | { readonly id: number; readonly ask: 'sums'; readonly from: number; readonly to: number }
  | { readonly id: number; readonly ask: 'signals'; readonly since: number; readonly limit: number }

export interface Answer {
  readonly id: number
  readonly found?: unknown
  readonly failed?: true
}

let reader: CallLogReader | null = null

/** Before the first record there is no file: then there is nothing to find. */
function answer(question: Question): unknown {
  reader ??= openCallLogReader((workerData as { path: string }).path)
  if (reader === null) return []
  return question.ask === 'sums'
    ? reader.sums(question.from, question.to)
    : reader.signals(question.since, question.limit)
}

parentPort!.on('message', (question: Question) => {
  let reply: Answer
  try {
    reply = { id: question.id, found: answer(question) }
  } catch {
    reply = { id: question.id, failed: true }
  }
  parentPort!.postMessage(reply)
})
