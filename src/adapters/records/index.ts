/** The door to everything that reads the journal. */
export type { ThreadOptions } from './protocol.ts'
export { openQueries } from './queries.ts'
export { type Records, type RecordsOptions, startRecords } from './records.ts'
