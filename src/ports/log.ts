/** The one operational log: an event code and a closed set of fields, no free text. */
export interface LogFields {
  readonly code?: string
  readonly callId?: string
  readonly institution?: string
  readonly interface?: string
  readonly node?: string
  readonly bundle?: string
  readonly file?: string
  readonly line?: number
  readonly col?: number
  readonly problem?: string
  readonly count?: number
  readonly ms?: number
  readonly port?: number
  readonly pid?: number
  readonly worker?: number
  readonly sink?: string
  readonly rule?: string
  readonly severity?: string
  readonly status?: number
}
export const LOG_FIELDS: readonly (keyof LogFields)[] = [
  'code',
  'callId',
  'institution',
  'interface',
  'node',
  'bundle',
  'file',
  'line',
  'col',
  'problem',
  'count',
  'ms',
  'port',
  'pid',
  'worker',
  'sink',
  'rule',
  'severity',
  'status',
]

export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}
