/**
 * The one door of ajv: JSON Schema 2020-12, strict, all errors, compiled once at load. Values are never printed, only
 * places and what was expected, so a schema may be run over payloads and configuration alike.
 */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { Position } from './problem.ts'
import { parseDate } from './scalars.ts'
import type { Lang } from './vocabulary.ts'
import type { YamlNode } from './yaml.ts'

export interface SchemaProblem {
  /** JSON pointer (RFC 6901) to the value; for a missing or unknown property to its object */
  readonly path: string
  /** the missing or unknown property, else null */
  readonly property: string | null
  readonly message: string
  readonly expected: string
}

export type SchemaCheck = (value: unknown, lang?: Lang) => SchemaProblem[]

export type JsonSchema = Readonly<Record<string, unknown>>

/** Throws an Error when the schema itself is wrong: that is a fault of the house, found by its tests. */
export function compileSchema(schema: JsonSchema): SchemaCheck {
  const validate = make(false).compile(schema)
  return (value, lang = 'en') => {
    if (validate(value)) return []
    return problemsOf(validate.errors ?? [], lang)
  }
}

export interface Defaulted {
  /** a copy with the schema's defaults filled in */
  readonly value: Readonly<Record<string, unknown>>
  readonly problems: readonly SchemaProblem[]
}

/** For parameters of methods and detectors: checks a copy of the value and fills in defaults. The input stays as it is. */
export function compileParams(
  schema: JsonSchema,
): (value: Readonly<Record<string, unknown>>, lang?: Lang) => Defaulted {
  const validate = make(true).compile(schema)
  return (value, lang = 'en') => {
    const copy = structuredClone(value)
    return validate(copy)
      ? { value: copy, problems: [] }
      : { value: copy, problems: problemsOf(validate.errors ?? [], lang) }
  }
}

/** The place of a problem in the YAML the value was read from: the nearest node on the way that exists. */
export function placeOf(root: YamlNode, problem: Pick<SchemaProblem, 'path' | 'property'>): Position {
  let node = root
  for (const step of problem.path.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    const next =
      node.type === 'map' ? node.entries.get(name)?.value : node.type === 'list' ? node.items[Number(name)] : undefined
    if (next === undefined) return node.at
    node = next
  }
  if (problem.property === null || node.type !== 'map') return node.at
  return node.entries.get(problem.property)?.at ?? node.at
}

function make(useDefaults: boolean): Ajv2020 {
  return new Ajv2020({
    strict: true,
    allErrors: true,
    // the schema beside an error tells which keys it would have taken; data in errors is never read
    verbose: true,
    useDefaults,
    allowUnionTypes: true,
    strictRequired: false,
    formats: {
      date: (text: string) => parseDate(text) !== null,
      // RFC 3339
      'date-time':
        /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/,
      uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
    },
  })
}

function problemsOf(errors: readonly ErrorObject[], lang: Lang): SchemaProblem[] {
  const zh = lang === 'zh'
  return errors.map((e) => {
    const property = propertyOf(e)
    const expected = zh ? expectedZh(e) : expectedEn(e)
    const name = property === null ? lastStep(e.instancePath) : property
    return { path: e.instancePath, property, message: (zh ? messageZh : messageEn)(e.keyword, name), expected }
  })
}

function propertyOf(e: ErrorObject): string | null {
  const p = e.params as Record<string, unknown>
  const name =
    e.keyword === 'required' || e.keyword === 'dependentRequired'
      ? p['missingProperty']
      : e.keyword === 'additionalProperties'
        ? p['additionalProperty']
        : e.keyword === 'unevaluatedProperties'
          ? p['unevaluatedProperty']
          : null
  return typeof name === 'string' ? name : null
}

function messageEn(keyword: string, name: string): string {
  if (keyword === 'required' || keyword === 'dependentRequired') return `"${name}" is missing`
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return `unknown key "${name}"`
  return name === '' ? 'the value is not valid' : `the value of "${name}" is not valid`
}

function messageZh(keyword: string, name: string): string {
  if (keyword === 'required' || keyword === 'dependentRequired') return `缺少“${name}”`
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return `未知的键“${name}”`
  return name === '' ? '值不合规' : `“${name}”的值不合规`
}

function expectedEn(e: ErrorObject): string {
  const p = e.params as Record<string, unknown>
  if (e.keyword === 'enum') return `one of ${(p['allowedValues'] as unknown[]).join(', ')}`
  if (e.keyword === 'const') return String(p['allowedValue'])
  if (e.keyword === 'additionalProperties' || e.keyword === 'unevaluatedProperties')
    return knownKeys(e, 'one of ', ', ') ?? 'no other keys'
  if (e.keyword === 'required') return `${String(p['missingProperty'])}: ...`
  return (e.message ?? e.keyword).replace(/^must (?:be |have |match )?/, '')
}

function expectedZh(e: ErrorObject): string {
  const p = e.params as Record<string, unknown>
  const limit = String(p['limit'] ?? '')
  switch (e.keyword) {
    case 'enum':
      return `以下之一：${(p['allowedValues'] as unknown[]).join('、')}`
    case 'const':
      return String(p['allowedValue'])
    case 'type':
      return `类型 ${String(p['type'])}`
    case 'minimum':
      return `不小于 ${limit}`
    case 'maximum':
      return `不大于 ${limit}`
    case 'minLength':
    case 'minItems':
      return `至少 ${limit} 个`
    case 'maxLength':
    case 'maxItems':
      return `至多 ${limit} 个`
    case 'pattern':
      return `符合 ${String(p['pattern'])}`
    case 'format':
      return `格式 ${String(p['format'])}`
    case 'required':
      return `${String(p['missingProperty'])}: …`
    default:
      return e.keyword.endsWith('Properties')
        ? (knownKeys(e, '以下之一：', '、') ?? '没有别的键')
        : (e.message ?? e.keyword)
  }
}

function knownKeys(e: ErrorObject, head: string, between: string): string | null {
  const properties = (e.parentSchema as { readonly properties?: object } | undefined)?.properties
  const keys = Object.keys(properties ?? {})
  return keys.length === 0 ? null : head + keys.join(between)
}

const lastStep = (pointer: string): string =>
  pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
