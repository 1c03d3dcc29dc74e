/** Fields for a method's parameters, made from the JSON Schema the method declares. */
import { Checkbox, Input, InputNumber, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import type { FormCell } from '../yaml/cells.ts'
import { Field } from './field.tsx'
import type { Ground } from './use-ground.ts'

interface ParamSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
}

type Params = Readonly<Record<string, unknown>>

interface ParamFieldsProps {
  readonly cell: FormCell
  readonly schema: Readonly<Record<string, unknown>>
  readonly ground: Ground
  readonly disabled: boolean
  readonly title: string
  readonly onChange: (params: Params) => void
}

export function ParamFields({ cell, schema, ground, disabled, title, onChange }: ParamFieldsProps) {
  const { lang } = useLanguage()
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, ParamSchema>>
  const names = Object.keys(properties)
  if (names.length === 0) return null
  const known = Object.fromEntries(
    Object.entries(cell.params).map(([name, value]) => [name, typed(value, properties[name] ?? {})]),
  )
  const set = (name: string, value: unknown) => {
    const { [name]: _, ...rest } = known
    onChange(value === undefined || value === '' ? rest : { ...rest, [name]: value })
  }
  return (
    <div className="params">
      {names.map((name) => {
        const label = ground.lexicon.label('cell', name, lang)
        return (
          <Field key={name} label={label}>
            <Param
              name={name}
              label={`${title}: ${label}`}
              schema={properties[name]!}
              value={known[name]}
              ground={ground}
              disabled={disabled}
              onChange={(value) => set(name, value)}
            />
          </Field>
        )
      })}
    </div>
  )
}

function typed(value: string, schema: ParamSchema): unknown {
  if (schema.type === 'boolean') return value === 'true'
  const number = Number(value)
  const wantsNumber =
    schema.type === 'integer' || schema.type === 'number' || schema.enum?.some((each) => each === number)
  return wantsNumber && value.trim() !== '' && Number.isFinite(number) ? number : value
}

interface ParamProps {
  readonly name: string
  readonly label: string
  readonly schema: ParamSchema
  readonly value: unknown
  readonly ground: Ground
  readonly disabled: boolean
  readonly onChange: (value: unknown) => void
}

function Param({ name, label, schema, value, ground, disabled, onChange }: ParamProps) {
  const { lang, t } = useLanguage()
  const names = useNames()
  const hint =
    schema.default === undefined
      ? t('edit.unset')
      : ground.lexicon.valueLabel('cell', name, String(schema.default), lang)
  const common = { disabled, 'aria-label': label, size: 'small' as const }
  const choices = name === 'dictionary' ? ground.rules.dictionaries.map((each) => each.id) : schema.enum
  if (choices !== undefined)
    return (
      <Select
        {...common}
        allowClear
        placeholder={hint}
        value={value as string | undefined}
        options={choices.map((each) => ({
          value: each as string,
          label:
            name === 'dictionary'
              ? names.dictionary(String(each))
              : ground.lexicon.valueLabel('cell', name, String(each), lang),
        }))}
        onChange={onChange}
      />
    )
  if (schema.type === 'boolean')
    return (
      <Checkbox
        disabled={disabled}
        aria-label={label}
        checked={value === true || (value === undefined && schema.default === true)}
        onChange={(event) => onChange(event.target.checked)}
      />
    )
  return <Typed {...common} schema={schema} hint={hint} value={value} onDone={onChange} />
}

interface TypedProps {
  readonly schema: ParamSchema
  readonly hint: string | undefined
  readonly value: unknown
  readonly disabled: boolean
  readonly size: 'small'
  readonly 'aria-label': string
  readonly onDone: (value: unknown) => void
}

/** A number or a text counts when the field is left, not at every key: half a number is no parameter. */
function Typed({ schema, hint, value, onDone, ...common }: TypedProps) {
  const [held, setHeld] = useState(value)
  useEffect(() => setHeld(value), [value])
  const done = () => held !== value && onDone(held ?? undefined)
  if (schema.type === 'integer' || schema.type === 'number')
    return (
      <InputNumber
        {...common}
        placeholder={hint}
        value={typeof held === 'number' ? held : null}
        min={schema.minimum}
        max={schema.maximum}
        precision={schema.type === 'integer' ? 0 : undefined}
        onChange={setHeld}
        onBlur={done}
        onPressEnter={done}
      />
    )
  return (
    <Input
      {...common}
      placeholder={hint}
      value={held === undefined ? '' : String(held)}
      onChange={(event) => setHeld(event.target.value)}
      onBlur={done}
      onPressEnter={done}
    />
  )
}
