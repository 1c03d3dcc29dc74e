/** For whom a preview is made: sample or format, role, scenario, institution, interface, day. */
import { Select } from 'antd'
import type { Schemas } from '../api/types.ts'
import type { Key } from '../i18n/catalogue.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { DateField } from './date-field.tsx'
import { Field } from './field.tsx'

export interface Call {
  readonly sample: string | undefined
  readonly role: string | undefined
  readonly scenario: string | undefined
  readonly institution: string | undefined
  readonly interface: string | undefined
  readonly at: string | undefined
}

interface PreviewForProps {
  readonly rules: Schemas['Rules']
  readonly samples: readonly Schemas['Sample'][] | undefined
  readonly format: { value: string; set: (format: string) => void } | undefined
  readonly asked: Call
  readonly set: (name: string, value: string | undefined) => void
}

const FORMATS = ['json', 'fhir', 'ndjson', 'hl7v2', 'xml', 'cda']

export function PreviewFor({ rules, samples, format, asked, set }: PreviewForProps) {
  const { t, lang } = useLanguage()
  const names = useNames()
  const named = (list: readonly { id: string; zh: string }[]) =>
    list.map(({ id, zh }) => ({ value: id, label: lang === 'zh' ? `${zh} ${id}` : id }))
  const formats = [...new Set([...FORMATS, ...rules.interfaces.map((each) => each.format)])]
  const choice = (name: keyof Call, options: readonly { value: string; label: string }[], clear = true) => (
    <Field label={t(`field.${name}` as Key)}>
      <Select
        allowClear={clear}
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t(`field.${name}` as Key)}
        placeholder={t('field.any')}
        value={asked[name]}
        options={[...options]}
        onChange={(value: string | undefined) => set(name, value)}
      />
    </Field>
  )
  return (
    <div className="filters">
      {samples !== undefined &&
        choice(
          'sample',
          samples.map((each) => ({ value: each.id, label: `${each.title} (${each.format})` })),
          false,
        )}
      {format !== undefined && (
        <Field label={t('field.format')}>
          <Select
            aria-label={t('field.format')}
            value={format.value}
            options={formats.map((value) => ({ value, label: value }))}
            onChange={format.set}
          />
        </Field>
      )}
      {choice(
        'role',
        rules.roles.map((value) => ({ value, label: names.role(value) })),
        false,
      )}
      {choice(
        'scenario',
        rules.scenarios.map((value) => ({ value, label: names.scenario(value) })),
      )}
      {choice('institution', named(rules.institutions))}
      {choice('interface', named(rules.interfaces))}
      <DateField label={t('field.at')} value={asked.at} onChange={(day) => set('at', day)} />
    </div>
  )
}
