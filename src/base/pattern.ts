/**
 * Patterns that people write in rules files: RE2 syntax, linear time, no look-around and no back references. The one
 * door of re2js. A pattern always speaks about the whole text.
 */
import { RE2JS } from 're2js'

/** Whether RE2 takes the pattern. */
export function isPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    return false
  }
}

// Patterns are few (they come from rules files) and compiling one costs more than a call: kept for the process, in a
// bounded map so that a long row of edited bundles does not pile up.
const MAX_KEPT = 4096
const kept = new Map<string, RE2JS>()

/** Whether the pattern, checked with {@link isPattern} when it was read, matches the whole text. */
export function matchesWhole(pattern: string, text: string): boolean {
  let compiled = kept.get(pattern)
  if (compiled === undefined) {
    if (kept.size >= MAX_KEPT) kept.clear()
    compiled = RE2JS.compile(pattern)
    kept.set(pattern, compiled)
  }
  return compiled.matches(text)
}
