/**
 * Patterns that people write in rules files: RE2 syntax, linear time, no look-around and no back references. The one
 * door of re2js. A pattern always speaks about the whole text.
 */
import { RE2JS } from 're2js'
import type { Say } from './problem.ts'

/** Whether RE2 takes the pattern. */
export function isPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    return false
  }
}

/** What RE2 misses in a pattern it does not take. */
export function patternFault(pattern: string): Say {
  const found = /\(\?(?:<?[=!])|\\[1-9]/.exec(pattern)?.[0]
  if (found !== undefined) return { zh: `“${found}”是环视或回溯引用`, en: `${found} looks around or back` }
  try {
    RE2JS.compile(pattern)
  } catch (error) {
    const told = error instanceof Error ? error.message : ''
    if (/missing closing \)|unexpected \)/.test(told))
      return { zh: '圆括号没有成对', en: 'a round bracket has no partner' }
    if (/missing closing \]/.test(told)) return { zh: '方括号没有成对', en: 'a square bracket has no partner' }
    if (/repetition/.test(told))
      return { zh: '重复符号（* + ? {}）用错', en: 'a repetition (* + ? {}) repeats nothing or too much' }
    if (/escape|trailing backslash/i.test(told))
      return { zh: '反斜杠之后的字母不可用', en: 'a backslash stands before what it cannot escape' }
  }
  return { zh: '含有 RE2 没有的写法', en: 'it holds what RE2 does not know' }
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
