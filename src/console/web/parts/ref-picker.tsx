/** Which rules a page shows: those in force, or a draft. */
import { Select } from 'antd'
import { call } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'

interface RefPickerProps {
  readonly value: string
  readonly onChange: (ref: string) => void
}

export function RefPicker({ value, onChange }: RefPickerProps) {
  const { t } = useLanguage()
  const { may } = useSession()
  const { data } = useLoaded(
    async () => (may('listDrafts') ? (await call('GET /api/drafts', {})).drafts : []),
    'drafts-for-choice',
  )
  const drafts = (data ?? []).filter((each) => each.state === 'open')
  const options = [
    { value: 'active', label: t('ref.active') },
    ...drafts.map((each) => ({ value: each.id, label: t('ref.draft', { title: each.title }) })),
  ]
  const known = options.some((each) => each.value === value)
  return (
    <Select
      className="ref-picker"
      aria-label={t('ref.label')}
      value={value}
      options={
        known
          ? options
          : [...options, { value, label: `${t('ref.other')} ${value.replace('sha256:', '').slice(0, 10)}` }]
      }
      onChange={onChange}
    />
  )
}
