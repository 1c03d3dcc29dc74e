/** Sliding windows in event time: exact, tolerant of records that come late or twice as late as others. */
import type { Count } from './model.ts'

/** A record this much older than the newest still counts (domain: late events re-open a window). */
export const LATE_MS = 10 * 60_000

export interface WindowRule {
  readonly windowMs: number
  readonly threshold: number
  readonly cooldownMs: number
}

export interface Arrival {
  readonly count: Count
  /** how many events the fullest window around this one holds; 0 = too late to count */
  readonly crowd: number
  readonly fires: boolean
}

export const NOTHING: Count = { times: [], firedAt: null }

/** Adds an event. A window is half open: events exactly `windowMs` apart are never in one. */
export function arrive(count: Count, at: number, rule: WindowRule): Arrival {
  const newest = Math.max(at, count.times.at(-1) ?? at)
  const oldest = newest - rule.windowMs - LATE_MS
  if (at < oldest) return { count, crowd: 0, fires: false }
  // memory stays bounded in a storm: beyond this the crowd is far over the threshold anyway
  const kept = Math.max(1000, 4 * rule.threshold)
  const times = insert(count.times, at, oldest, kept)
  const crowd = fullestWindow(times, at, rule.windowMs)
  const quiet = count.firedAt !== null && Math.abs(at - count.firedAt) < rule.cooldownMs
  const fires = crowd >= rule.threshold && !quiet
  return { count: { times, firedAt: fires ? Math.max(at, count.firedAt ?? at) : count.firedAt }, crowd, fires }
}

/** When a count may be forgotten: nothing that still comes in time can meet it. */
export const expiresAt = (count: Count, rule: WindowRule): number =>
  Math.max((count.times.at(-1) ?? 0) + rule.windowMs, (count.firedAt ?? 0) + rule.cooldownMs) + LATE_MS

function insert(times: readonly number[], at: number, oldest: number, kept: number): number[] {
  const first = times.findIndex((t) => t >= oldest)
  const list = first < 0 ? [] : times.slice(Math.max(first, times.length - kept + 1))
  let i = list.length
  while (i > 0 && list[i - 1]! > at) i--
  list.splice(i, 0, at)
  return list
}

/** Most events in any window of that length that holds the moment `at`. */
function fullestWindow(times: readonly number[], at: number, windowMs: number): number {
  let most = 0
  let end = 0
  for (let start = 0; start < times.length && times[start]! <= at; start++) {
    if (times[start]! <= at - windowMs) continue
    if (end < start) end = start
    while (end < times.length && times[end]! < times[start]! + windowMs) end++
    most = Math.max(most, end - start)
  }
  return most
}
