/** What the records thread and its starter say to each other. */
import type { Anomaly } from '../../anomaly/index.ts'
import type { LogFields } from '../../ports/log.ts'
import type { RecordCounters } from '../../ports/record-counters.ts'
import type { KafkaOptions } from '../record-sink/index.ts'

export interface ThreadOptions {
  /** folder of the journals */
  readonly dir: string
  /** 32 bytes, the keyring's `journal` use */
  readonly key: Uint8Array
  /** file of the call log; null on a data part of a cluster */
  readonly callLog: string | null
  readonly kafka: KafkaOptions | null
  readonly anomalies: readonly Anomaly[]
  /** workersIn(dir) before the first writer was opened */
  readonly ended: readonly string[]
  /** bound of all segments together, bytes, and of their age, ms */
  readonly maxBytes?: number
  readonly maxMs?: number
  /** ms a call stays in the call log */
  readonly callsMs?: number
}

export type ToThread =
  | { readonly kind: 'counters'; readonly id: number }
  | { readonly kind: 'watch'; readonly anomalies: readonly Anomaly[] }
  | { readonly kind: 'ended'; readonly worker: string }
  | { readonly kind: 'wake' }
  | { readonly kind: 'stop' }

export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'counters'; readonly id: number; readonly counters: RecordCounters }
  | {
      readonly kind: 'log'
      readonly level: 'info' | 'warn' | 'error'
      readonly event: string
      readonly fields: LogFields
    }
