/** A level in colour and in words: the colour is never the only sign. */

import type { Key } from '../i18n/catalogue.ts'
import { useLanguage } from '../i18n/language.tsx'

export function Level({ value }: { value: number | null | undefined }) {
  const { t } = useLanguage()
  if (value == null || value <= 0 || value > 5) return <span className="level level-none">–</span>
  // what is left of a masked value counts as the level above: 0.5 of level 4 is no more than level 1
  const level = Math.ceil(value)
  return (
    <span className={`level level-${level}`}>
      {level} {t(`level.${level}` as Key)}
    </span>
  )
}
