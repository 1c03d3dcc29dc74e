/** The door of the report core. */
export { type Figures, figuresOf } from './figures.ts'
export { emptySum, HOUR, type HourSum, hourAt, isOf, sumKey, sumsOf, tally } from './hour-sum.ts'
export { renderHtml } from './html.ts'
export { isZone, type Period, parseMoment } from './period.ts'
