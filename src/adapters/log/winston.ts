/**
 * The one operational log, by winston: JSON lines on standard output or in a file that rotates by size. The set of
 * fields is closed; what is outside it is dropped here (and throws in tests), so no payload can wander into a log.
 */
import { createLogger, format, type Logger, transports } from 'winston'
import { LOG_FIELDS, type Log, type LogFields } from '../../ports/log.ts'

export interface WinstonOptions {
  /** null = standard output */
  readonly file: string | null
  /** bytes of one file */
  readonly maxBytes?: number
  /** files kept, the current one included */
  readonly maxFiles?: number
  readonly level?: 'info' | 'warn' | 'error'
  /** throws for a field outside the set instead of dropping it */
  readonly strict?: boolean
  /** joined to every line */
  readonly node: string
  readonly worker?: number
}

const FIELDS: ReadonlySet<string> = new Set(LOG_FIELDS)

export class WinstonLog implements Log {
  readonly #logger: Logger
  readonly #strict: boolean
  readonly #fixed: LogFields

  constructor(options: WinstonOptions) {
    const { file, maxBytes = 50 * 1024 * 1024, maxFiles = 10, level = 'info', strict = false, node, worker } = options
    this.#strict = strict
    this.#fixed = worker === undefined ? { node } : { node, worker }
    const sink =
      file === null
        ? new transports.Console({ forceConsole: false })
        : new transports.File({ filename: file, maxsize: maxBytes, maxFiles, tailable: true })
    // a log that cannot be written must not end the process; the journal is what calls depend on
    sink.on('error', () => {})
    this.#logger = createLogger({ level, format: LINE, transports: [sink], exitOnError: false })
    this.#logger.on('error', () => {})
  }

  info(event: string, fields?: LogFields): void {
    this.#logger.info(event, this.#closed(fields))
  }
  warn(event: string, fields?: LogFields): void {
    this.#logger.warn(event, this.#closed(fields))
  }
  error(event: string, fields?: LogFields): void {
    this.#logger.error(event, this.#closed(fields))
  }

  /** Resolves when every line is written. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#logger.once('finish', () => resolve())
      this.#logger.end()
    })
  }

  #closed(fields: LogFields = {}): LogFields {
    const out: Record<string, unknown> = { ...this.#fixed }
    for (const [name, value] of Object.entries(fields)) {
      if (!FIELDS.has(name)) {
        if (this.#strict) throw new RangeError(`not a log field: ${name}`)
        continue
      }
      if (typeof value === 'string' || typeof value === 'number') out[name] = value
    }
    return out
  }
}

const LINE = format.printf(({ level, message, ...fields }) =>
  JSON.stringify({ time: new Date().toISOString(), level, event: message, ...fields }),
)
