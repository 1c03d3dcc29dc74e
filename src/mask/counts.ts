/** What masking one payload did, in numbers only. Feeds the call record, the receipt and the report. */
import type { Level } from './model.ts'

export interface Counts {
  /** treated leaves by method name */
  readonly methods: Record<string, number>
  kept: number
  unknown: number
  structure: number
  keysReplaced: number
  recordsDropped: number
  recordsRaised: number
  /** leaves of elements of level 3 and above */
  sensitive: number
  /** highest level met, and highest level left */
  levelIn: number
  levelOut: number
}

export const noCounts = (): Counts => ({
  methods: {},
  kept: 0,
  unknown: 0,
  structure: 0,
  keysReplaced: 0,
  recordsDropped: 0,
  recordsRaised: 0,
  sensitive: 0,
  levelIn: 0,
  levelOut: 0,
})

/** A treatment that belongs to no element of a known level. */
export function countMethod(counts: Counts, method: string, times = 1): void {
  counts.methods[method] = (counts.methods[method] ?? 0) + times
}

export function countTreated(counts: Counts, method: string, level: Level, leaves: number): void {
  countMethod(counts, method)
  countLevels(counts, level, leaves)
}

/** The same treatment, several times. */
export function countMany(
  counts: Counts,
  treated: { readonly method: string; readonly level: Level; readonly leaves: number },
  times: number,
): void {
  if (times === 0) return
  countMethod(counts, treated.method, times)
  if (treated.level >= 3) counts.sensitive += times - 1
  countLevels(counts, treated.level, treated.leaves)
}

export function countKept(counts: Counts, level: Level): void {
  counts.kept++
  countLevels(counts, level, level)
}

function countLevels(counts: Counts, level: Level, leaves: number): void {
  if (level >= 3) counts.sensitive++
  if (level > counts.levelIn) counts.levelIn = level
  const left = Math.ceil(leaves)
  if (left > counts.levelOut) counts.levelOut = left
}
