/** Reads the call log for others: one question, one answer. What the query thread runs. */
import type { MessagePort } from 'node:worker_threads'
import type { CallLogReader } from '../../ports/call-log.ts'
import { openCallLogReader } from '../call-log/index.ts'

export type Question =
  | { readonly id: number; readonly ask: 'sums'; readonly from: number; readonly to: number }
  | { readonly id: number; readonly ask: 'signals'; readonly since: number; readonly limit: number }

export interface Answer {
  readonly id: number
  readonly found?: unknown
  /** the call log could not be read; why stays here, for it may name a file */
  readonly failed?: true
}

/** `path`: file of the call log. Before the first record there is none: then there is nothing to find. */
export function serveQueries(port: MessagePort, path: string): void {
  let reader: CallLogReader | null = null
  const find = (question: Question): unknown => {
    reader ??= openCallLogReader(path)
    if (reader === null) return []
    return question.ask === 'sums'
      ? reader.sums(question.from, question.to)
      : reader.signals(question.since, question.limit)
  }
  port.on('message', (question: Question) => {
    let answer: Answer
    try {
      answer = { id: question.id, found: find(question) }
    } catch {
      answer = { id: question.id, failed: true }
    }
    port.postMessage(answer)
  })
}
