/** Exact counters of the records (design 3.7): `written` = `sent` + `waiting` + `dropped`, for every sink. */
export interface RecordCounters {
  /** records in the journal since the state folder exists */
  readonly written: number
  readonly sinks: readonly SinkCounters[]
}

export interface SinkCounters {
  readonly sink: string
  /** delivered and acknowledged */
  readonly sent: number
  readonly waiting: number
  /** given up unread because the journal was over its bound */
  readonly dropped: number
}
