/** What a JSON Schema expected, in words: from the schema beside an error, never from the data. */
import { nearest } from './near.ts'
import type { Lang } from './vocabulary.ts'

type Schema = Readonly<Record<string, unknown>>

/** What a validator says of one failed keyword. */
export interface SchemaError {
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly parentSchema?: object | undefined
  readonly message?: string | undefined
}

/** The missing or unknown property an error is about, else null. */
export function propertyOf(e: SchemaError): string | null {
  const p = e.params as Record<string, unknown>
  const name = p[PROPERTY[e.keyword] ?? '']
  return typeof name === 'string' ? name : null
}
const PROPERTY: Readonly<Record<string, string>> = {
  required: 'missingProperty',
  dependentRequired: 'missingProperty',
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
}

const isMissing = (e: SchemaError): boolean => e.keyword === 'required' || e.keyword === 'dependentRequired'

export function messageOf(e: SchemaError, name: string, lang: Lang): string {
  const zh = lang === 'zh'
  if (isMissing(e)) return zh ? `缺少“${name}”` : `"${name}" is missing`
  if (propertyOf(e) !== null) {
    const near = nearest(name, Object.keys(propertiesOf(e.parentSchema)))
    const hint = near === null ? '' : zh ? `，是不是“${near}”？` : `, did you mean "${near}"?`
    return zh ? `未知的键“${name}”${hint}` : `unknown key "${name}"${hint}`
  }
  if (name === '') return zh ? '值不合规' : 'the value is not valid'
  return zh ? `“${name}”的值不合规` : `the value of "${name}" is not valid`
}

export function expectedOf(e: SchemaError, lang: Lang): string {
  const zh = lang === 'zh'
  if (isMissing(e)) {
    const name = String((e.params as Schema)['missingProperty'])
    const schema = propertiesOf(e.parentSchema)[name]
    return `${name}: ${schema === undefined ? (zh ? '…' : '...') : lineOf(schema, lang)}`
  }
  if (propertyOf(e) !== null) {
    const keys = Object.keys(propertiesOf(e.parentSchema))
    if (keys.length === 0) return zh ? '没有别的键' : 'no other keys'
    return oneOf(keys, lang)
  }
  return (
    describe((e.parentSchema ?? {}) as Schema, lang) ?? (e.message ?? e.keyword).replace(/^must (?:be |have )?/, '')
  )
}

const propertiesOf = (schema: unknown): Readonly<Record<string, Schema>> =>
  (schema as { readonly properties?: Readonly<Record<string, Schema>> } | undefined)?.properties ?? {}

const oneOf = (words: readonly unknown[], lang: Lang): string =>
  lang === 'zh' ? `以下之一：${words.join('、')}` : `one of ${words.join(', ')}`

/** What the whole schema admits, not the one keyword that failed; null: it says nothing words could tell. */
export function describe(schema: Schema, lang: Lang): string | null {
  const zh = lang === 'zh'
  if (Array.isArray(schema['enum'])) return oneOf(schema['enum'], lang)
  if (schema['const'] !== undefined) return String(schema['const'])
  const { description } = schema
  const branches = schema['oneOf'] ?? schema['anyOf']
  if (Array.isArray(branches) && typeof description === 'string') return description
  if (Array.isArray(branches))
    return (branches as Schema[]).map((branch) => lineOf(branch, lang)).join(zh ? ' 或 ' : ' or ')
  const types = [schema['type']].flat().filter((t) => typeof t === 'string')
  const told = types.map((type) => ofType(type, schema, lang))
  return told.length === 0 ? null : told.join(zh ? ' 或 ' : ' or ')
}

function ofType(type: string, schema: Schema, lang: Lang): string {
  const zh = lang === 'zh'
  const example = exampleOf(schema)
  const such = example === null ? '' : zh ? `，如 ${example}` : ` such as ${example}`
  switch (type) {
    case 'integer':
    case 'number':
      return `${zh ? (type === 'integer' ? '整数' : '数') : type === 'integer' ? 'an integer' : 'a number'}${rangeOf(schema, lang)}${such}`
    case 'boolean':
      return zh ? '是（true）或 否（false）' : 'true or false'
    case 'array': {
      const item = schema['items'] === undefined ? 'a, b' : lineOf(schema['items'] as Schema, lang)
      return `${zh ? '列表，如' : 'a list such as'} [${item}]${countOf(schema, lang)}`
    }
    case 'object': {
      const keys = Object.keys(propertiesOf(schema))
      if (keys.length === 0) return zh ? '“键: 值”的映射' : 'a map of `key: value` lines'
      return zh ? `映射，键为 ${keys.join('、')}` : `a map with the keys ${keys.join(', ')}`
    }
    case 'null':
      return zh ? '空' : 'nothing'
    default:
      return textOf(schema, such, lang)
  }
}

function textOf(schema: Schema, such: string, lang: Lang): string {
  const zh = lang === 'zh'
  if (schema['format'] === 'date') return zh ? '日期，如 2027-03-31' : 'a date such as 2027-03-31'
  const { description, pattern, maxLength } = schema as Readonly<Record<string, string | undefined>>
  if (description !== undefined && such === '') return zh ? `文字（${description}）` : description
  if (description !== undefined && !zh && such !== '') return description
  if (such !== '') return zh ? such.slice(1) : such.trimStart()
  if (pattern !== undefined) return zh ? `符合 ${pattern} 的文字` : `text of the form ${pattern}`
  const most = maxLength === undefined ? '' : zh ? `，至多 ${maxLength} 个字符` : ` of at most ${maxLength} characters`
  return zh ? `文字${most}` : `text${most}`
}

/** `e.g. 1+2`, `such as a, b` of a description. */
function exampleOf(schema: Schema): string | null {
  const text = typeof schema['description'] === 'string' ? schema['description'] : ''
  return /(?:e\.g\.|such as) (.+)$/.exec(text)?.[1] ?? null
}

function rangeOf(schema: Schema, lang: Lang): string {
  const { minimum, exclusiveMinimum, maximum } = schema as Readonly<Record<string, number | undefined>>
  const low = minimum ?? exclusiveMinimum
  if (low === undefined && maximum === undefined) return ''
  if (exclusiveMinimum !== undefined)
    return lang === 'zh'
      ? `，大于 ${exclusiveMinimum}，不大于 ${maximum ?? '∞'}`
      : ` above ${exclusiveMinimum} and up to ${maximum ?? 'any'}`
  return lang === 'zh' ? `，${low ?? '…'} 至 ${maximum ?? '…'}` : ` from ${low ?? 'any'} to ${maximum ?? 'any'}`
}

function countOf(schema: Schema, lang: Lang): string {
  const { minItems = 0, maxItems: limit } = schema as Readonly<Record<string, number | undefined>>
  // a limit nobody reaches says nothing
  const maxItems = limit === undefined || limit > 100 ? undefined : limit
  if (minItems === maxItems && minItems > 0) return lang === 'zh' ? `，共 ${minItems} 项` : `, of ${minItems} items`
  if (minItems === 0 && maxItems === undefined) return ''
  const most = maxItems === undefined ? '' : lang === 'zh' ? `，至多 ${maxItems} 项` : `, at most ${maxItems} items`
  if (minItems === 0) return most
  return `${lang === 'zh' ? `，至少 ${minItems} 项` : `, at least ${minItems === 1 ? 'one item' : `${minItems} items`}`}${most}`
}

/** A schema as it would be written behind a colon. */
function lineOf(schema: Schema, lang: Lang): string {
  if (typeof schema['type'] === 'string' && schema['type'] === 'object') {
    const keys = (schema['required'] as readonly string[] | undefined) ?? Object.keys(propertiesOf(schema))
    return `{ ${keys.map((key) => `${key}: ${lineOf(propertiesOf(schema)[key] ?? {}, lang)}`).join(', ')} }`
  }
  const example = exampleOf(schema)
  if (example !== null) return example.split(', ')[0]!
  if (schema['type'] === 'string' && schema['enum'] === undefined && typeof schema['description'] === 'string')
    return schema['description']
  return describe(schema, lang) ?? (lang === 'zh' ? '…' : '...')
}
