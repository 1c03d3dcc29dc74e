/**
 * A day, typed as it is written in rules and records: the browser's own field follows the language of the machine, not
 * that of the page. Half a day is no day: it counts when it is whole, and says what is wrong when it is left.
 */
import { Input } from 'antd'
import { useEffect, useId, useState } from 'react'
import { useLanguage } from '../i18n/language.tsx'
import { Field } from './field.tsx'
import { isDay } from './is-day.ts'

interface DateFieldProps {
  readonly label: string
  /** YYYY-MM-DD */
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

export function DateField({ label, value, onChange }: DateFieldProps) {
  const { t } = useLanguage()
  const hint = useId()
  const [held, setHeld] = useState(value ?? '')
  const [left, setLeft] = useState(false)
  useEffect(() => setHeld(value ?? ''), [value])
  const wrong = left && held !== '' && !isDay(held)
  const type = (text: string) => {
    const next = text.trim().replaceAll(/[./]/g, '-')
    setHeld(next)
    setLeft(false)
    if (next === '' || isDay(next)) onChange(next === '' ? undefined : next)
  }
  return (
    <Field label={label}>
      <Input
        allowClear
        inputMode="numeric"
        autoComplete="off"
        maxLength={10}
        aria-label={label}
        aria-invalid={wrong}
        aria-describedby={wrong ? hint : undefined}
        placeholder={t('date.form')}
        status={wrong ? 'error' : ''}
        value={held}
        onChange={(event) => type(event.target.value)}
        onBlur={() => setLeft(true)}
      />
      {wrong && (
        <span id={hint} className="field-wrong" role="alert">
          {t('date.wrong')}
        </span>
      )}
    </Field>
  )
}
