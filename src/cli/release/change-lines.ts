/** What a change does, as lines for people: of the bundle, then of the cells. */

import type { RulesDiff } from '../../mask/proof/diff.ts'
import type { ChangeLine } from '../../ports/release.ts'

const MOST = 500

export function changeLines({ changes, cells }: RulesDiff): ChangeLine[] {
  const parts = changes.map(({ verdict, path, reason, before, after }): ChangeLine => {
    const at = after ?? before
    const place = at === null ? '' : ` ${at.file}:${at.line}`
    return { class: verdict, what: `${path}${place}`, zh: reason.zh, en: reason.en }
  })
  const treated = cells.map(({ verdict, element, callers, reason }): ChangeLine => {
    const what = `${element ?? 'unknown'} (${callers.join(', ')})`
    return { class: verdict, what, zh: reason.zh, en: reason.en }
  })
  return [...parts, ...treated].slice(0, MOST)
}
