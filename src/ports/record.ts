/** The call record as the ports speak of it; it is defined on the ground floor because the cores count and report it. */
export type { CallRecord, MaskingCounts, OpeningLine } from '../base/call-record.ts'
