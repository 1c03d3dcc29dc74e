/** A comparison of dictionary batches as lines for a terminal. */
import type { DictionaryDiff } from '../../mask/dictionary/diff.ts'

/** lines of each sort; the rest is counted */
const SHOWN = 50

export function dictionaryLines(diff: DictionaryDiff, lang: 'zh' | 'en'): string[] {
  const zh = lang === 'zh'
  const changed = diff.changed.map(
    ({ before, after, columns }) =>
      `~ ${visible(after.term)}: ${visible(before.replacement)} -> ${visible(after.replacement)} (${columns.join(', ')})`,
  )
  return [
    ...some(diff.added.map((row) => `+ ${visible(row.term)} -> ${visible(row.replacement)}`)),
    ...some(diff.removed.map((row) => `- ${visible(row.term)} -> ${visible(row.replacement)}`)),
    ...some(changed),
    ...some(diff.hits.map((hit) => `* ${hit.sample}: ${visible(hit.term)} ${hit.before} -> ${hit.after}`)),
    zh
      ? `新增 ${diff.added.length}，删除 ${diff.removed.length}，修改 ${diff.changed.length}，不变 ${diff.unchanged}；样例命中变化 ${diff.hits.length} 处`
      : `${diff.added.length} added, ${diff.removed.length} removed, ${diff.changed.length} changed, ${diff.unchanged} unchanged; ${diff.hits.length} changes in samples`,
  ]
}

function some(lines: readonly string[]): string[] {
  return lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `… ${lines.length - SHOWN}`]
}

/** Terms come from a file somebody sent: no control character of theirs reaches the terminal. */
const visible = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?')
