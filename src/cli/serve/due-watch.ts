/**
 * Tells of reviews that are due and of approvals that ended, as long as they are: a note of /readyz, a figure, and one
 * warning a day and line in the log, which the alarm rules of the site's log watch.
 */
import { type Due, dueOf } from '../../mask/due.ts'
import type { RuleSet } from '../../mask/model.ts'
import type { Log } from '../../ports/log.ts'

const EVERY_MS = 600_000

export interface DueWatchOptions {
  readonly rules: () => RuleSet | null
  readonly today: () => string
  readonly log: Log
}

export class DueWatch {
  readonly #o: DueWatchOptions
  readonly #timer: NodeJS.Timeout
  #told = new Set<string>()
  #day = ''

  constructor(options: DueWatchOptions) {
    this.#o = options
    this.#timer = setInterval(() => this.tell(), EVERY_MS)
    this.#timer.unref()
  }

  due(): readonly Due[] {
    const { rules, today } = this.#o
    return dueOf(rules()?.policies ?? [], today())
  }

  /** codes for /readyz */
  notes(): string[] {
    const what = new Set(this.due().map((d) => d.what))
    return [
      ...(what.has('review') ? ['REVIEW_OVERDUE'] : []),
      ...(what.has('exception') || what.has('unknown') ? ['APPROVAL_EXPIRED'] : []),
    ]
  }

  /** Warns of what was not told of today. */
  tell(): void {
    const day = this.#o.today()
    if (day !== this.#day) this.#told = new Set()
    this.#day = day
    for (const { what, policy, at } of this.due()) {
      const id = `${what} ${policy} ${at.line} ${at.col}`
      if (this.#told.has(id)) continue
      this.#told.add(id)
      const event = what === 'review' ? 'rules.review-overdue' : 'rules.approval-expired'
      this.#o.log.warn(event, { rule: policy, file: at.file, line: at.line, col: at.col, severity: 'warning' })
    }
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
