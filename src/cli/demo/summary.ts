/** The end of a run: what was checked, the figures, where the records went. */
import type { RecordCounters } from '../../ports/record-counters.ts'
import type { Written } from './ledger.ts'
import { sheet } from './sheet.ts'

export interface Checked {
  readonly what: string
  readonly holds: boolean
}

export interface Stream {
  /** `Kafka HOST:PORT` or `embedded` */
  readonly name: string
  readonly note: string
}

export interface Ending {
  readonly checks: readonly Checked[]
  readonly written: Written | null
  readonly counters: RecordCounters
  readonly stream: Stream
  readonly seconds: number
}

export function summary({ checks, written, counters, stream, seconds }: Ending): string {
  const figures = written?.figures
  const sinks = counters.sinks.map(({ sink, sent }) => `${sink} ${sent}`).join(', ')
  const rows: string[][] = [
    ['调用 calls', String(figures?.calls.total ?? '–')],
    ['放行 allowed', String(figures?.calls.allowed ?? '–')],
    ['拒绝 denied', String(figures?.calls.denied ?? '–')],
    ['失败 failed', String(figures?.calls.failed ?? '–')],
    ['数据行 rows', String(figures?.rows.delivered ?? '–')],
    ['记录 records', `${counters.written} → ${sinks}`],
    ['通道 stream', `${stream.name}${stream.note === '' ? '' : `  (${stream.note})`}`],
    ['用时 seconds', seconds.toFixed(1)],
    ['报告 report', written?.path ?? '–'],
  ]
  const failed = checks.filter((check) => !check.holds)
  const verdict =
    failed.length === 0 ? `全部 ${checks.length} 项核对通过 · all ${checks.length} checks hold` : '未通过 · failed:'
  return [
    '汇总 · summary',
    sheet(['', ''], rows, 100).split('\n').slice(2).join('\n'),
    '',
    [verdict, ...failed.map((check) => `  ✗ ${check.what}`)].join('\n'),
  ].join('\n')
}
