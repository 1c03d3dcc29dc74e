/**
 * The one door of ajv: JSON Schema 2020-12, strict, all errors, compiled once at load. Values are never printed, only
 * places and what was expected, so a schema may be run over payloads and configuration alike.
 */
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import type { Position } from './problem.ts'
import { parseDate } from './scalars.ts'
import { expectedOf, messageOf, propertyOf } from './schema-words.ts'
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

/** The node a problem is about, or the nearest on the way to it that exists. */
export function nodeAt(root: YamlNode, problem: Pick<SchemaProblem, 'path'>): YamlNode {
  let node = root
  for (const step of problem.path.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    const next =
      node.type === 'map' ? node.entries.get(name)?.value : node.type === 'list' ? node.items[Number(name)] : undefined
    if (next === undefined) return node
    node = next
  }
  return node
}

/** Its place in the YAML the value was read from. */
export function placeOf(root: YamlNode, problem: Pick<SchemaProblem, 'path' | 'property'>): Position {
  const node = nodeAt(root, problem)
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
  const told = new Set<string>()
  const once = (p: SchemaProblem): boolean => {
    const key = JSON.stringify(p)
    return !told.has(key) && told.add(key) !== null
  }
  return meant(errors)
    .map((e): SchemaProblem => {
      const property = propertyOf(e)
      const name = property ?? nameOf(e.instancePath)
      return { path: e.instancePath, property, message: messageOf(e, name, lang), expected: expectedOf(e, lang) }
    })
    .filter(once)
}

/**
 * Of `oneOf` every branch complains. Where one of them was clearly meant (its errors lie inside the value, or only of
 * it does the type fit) its errors are told alone, else the choice is told once.
 */
function meant(errors: readonly ErrorObject[]): ErrorObject[] {
  let rest = errors.filter((e) => e.keyword !== 'default')
  for (const choice of errors.filter((e) => e.keyword === 'oneOf')) {
    const branches = Map.groupBy(
      rest.filter((e) => e !== choice && e.schemaPath.startsWith(`${choice.schemaPath}/`)),
      (e) => e.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0]!,
    )
    const near = [...branches.values()].filter(
      (own) => !own.some((e) => e.instancePath === choice.instancePath && e.keyword === 'type'),
    )
    const fewest = near.toSorted((a, b) => a.length - b.length)
    const clear = near.length === 1 || (near.length > 1 && fewest[0]!.length < fewest[1]!.length)
    const drop = new Set([...branches.values()].flat())
    if (clear) for (const e of fewest[0]!) drop.delete(e)
    rest = rest.filter((e) => !drop.has(e) && (e !== choice || !clear))
  }
  return rest
}

/** The last named step of a pointer, with the number of an item behind it: `brokers[0]`. */
function nameOf(pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const named = steps.findLastIndex((step) => !/^\d+$/.test(step))
  return `${steps[named] ?? ''}${steps
    .slice(named + 1)
    .map((step) => `[${step}]`)
    .join('')}`
}
