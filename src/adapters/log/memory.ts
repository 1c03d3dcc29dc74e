/** The operational log kept in memory: for tests, which read it back. A field outside the closed set throws. */
import { LOG_FIELDS, type Log, type LogFields } from '../../ports/log.ts'

export interface LogLine extends LogFields {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
}

export class MemoryLog implements Log {
  readonly lines: LogLine[] = []

  info(event: string, fields: LogFields = {}): void {
    this.#add('info', event, fields)
  }
  warn(event: string, fields: LogFields = {}): void {
    this.#add('warn', event, fields)
  }
  error(event: string, fields: LogFields = {}): void {
    this.#add('error', event, fields)
  }

  #add(level: LogLine['level'], event: string, fields: LogFields): void {
    for (const name of Object.keys(fields))
      if (!(LOG_FIELDS as readonly string[]).includes(name)) throw new RangeError(`not a log field: ${name}`)
    this.lines.push({ level, event, ...fields })
  }
}
