/** The JSON of a call record in two parts: what many calls have in common stands apart from what one call alone has. */

export interface RecordText {
  /** a JSON object with the fields shared by many calls; null: `own` is the whole record */
  readonly context: string | null
  /** a JSON object with the other fields, `v` and `id` left out */
  readonly own: string
}

/** The record as one JSON object. */
export function wholeRecord(id: string, { context, own }: RecordText): string {
  return context === null ? own : `{"v":1,"id":"${id}",${context.slice(1, -1)},${own.slice(1)}`
}
