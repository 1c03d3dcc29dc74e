/** Tighter, looser or the same: in words, with what it takes to release it. */
import { Tag } from 'antd'
import { useLanguage } from '../i18n/language.tsx'

const COLOURS = {
  tighter: 'success',
  looser: 'error',
  same: 'default',
  rollback: 'warning',
  refuse: 'error',
  roster: 'warning',
  shadow: 'processing',
  destroy: 'error',
  first: 'default',
} as const

/** Before the first rules stood none: comparing them with nothing would call them a loosening. */
export const classOf = <C,>(entry: {
  readonly class: C
  readonly parent: string | null
  readonly bundle?: string | null
}) => (entry.parent === null && entry.bundle !== null ? ('first' as const) : entry.class)

export function ClassTag({ value }: { value: keyof typeof COLOURS | null }) {
  const { t } = useLanguage()
  if (value === null) return <span>–</span>
  return <Tag color={COLOURS[value]}>{t(`class.${value}`)}</Tag>
}
