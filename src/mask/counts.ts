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

/** How often a method was used in the payload at hand; zero between payloads. */
export interface Tally {
  readonly method: string
  times: number
}

/** Sites that were treated on the byte road. Their hits start anew. */
export function countQuick(
  counts: Counts,
  sites: readonly { readonly tally: Tally; readonly level: Level; readonly leaves: number; hits: number }[],
): void {
  for (const site of sites) {
    site.tally.times += site.hits
    if (site.level >= 3) counts.sensitive += site.hits - 1
    site.hits = 0
    countLevels(counts, site.level, site.leaves)
  }
  for (const { tally } of sites) {
    if (tally.times === 0) continue
    countMethod(counts, tally.method, tally.times)
    tally.times = 0
  }
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
