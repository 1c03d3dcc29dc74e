/** The types of FHIR R4 (4.0.1), from data/fhir-r4.json: which members a type has and what they are. */
import data from '../../../data/fhir-r4.json' with { type: 'json' }

export interface TypeRef {
  readonly type: string
  /** resource types a Reference may point at; null = any, or no Reference */
  readonly targets: readonly string[] | null
}

/** A member as it stands in JSON: of a choice, the one alternative its name says. */
export interface Property {
  /** name in FHIRPath: `value` for valueQuantity */
  readonly name: string
  readonly types: readonly TypeRef[]
  readonly list: boolean
  readonly required: boolean
}

interface RawType {
  readonly kind: string
  readonly base: string | null
  readonly abstract?: boolean
  readonly props: Readonly<Record<string, string>>
}

const TYPES = new Map<string, RawType>(Object.entries(data.types as unknown as Record<string, RawType>))
const PRIMITIVES = new Map<string, string>(Object.entries(data.primitives))

export const isPrimitive = (type: string): boolean => PRIMITIVES.has(type)
export const isType = (type: string): boolean => TYPES.has(type) || PRIMITIVES.has(type)
export const isAbstract = (type: string): boolean => TYPES.get(type)?.abstract === true
export const isResource = (type: string): boolean => TYPES.get(type)?.kind === 'resource'
export const typeNames = (): Iterable<string> => TYPES.keys()

/** Resource types an instance can have. */
export const RESOURCES: readonly string[] = [...TYPES]
  .filter(([id, t]) => t.kind === 'resource' && !isAbstract(id))
  .map(([id]) => id)

/** The type and what it specialises, nearest first: Patient, DomainResource, Resource. */
export function lineOf(type: string): readonly string[] {
  const line: string[] = []
  for (let t: string | null | undefined = type; t; t = TYPES.get(t)?.base ?? PRIMITIVES.get(t) ?? null) line.push(t)
  return line
}

const members = new Map<string, ReadonlyMap<string, Property>>()

/** Members of a type by their JSON name, inherited ones included. */
export function propertiesOf(type: string): ReadonlyMap<string, Property> {
  let known = members.get(type)
  if (known === undefined) {
    const own = new Map<string, Property>()
    for (const t of lineOf(type).toReversed()) {
      for (const [name, notation] of Object.entries(TYPES.get(t)?.props ?? {})) readProperty(name, notation, own)
    }
    members.set(type, (known = own))
  }
  return known
}

function readProperty(written: string, notation: string, into: Map<string, Property>): void {
  const required = notation.endsWith('!')
  const list = notation.includes('*')
  const types = notation
    .replace(/[*!]+$/, '')
    .split('|')
    .map(readType)
  if (!written.endsWith('[x]')) {
    into.set(written, { name: written, types, list, required })
    return
  }
  const name = written.slice(0, -3)
  // One alternative of a required choice may be absent: only the choice as a whole is required.
  for (const t of types)
    into.set(name + t.type[0]!.toUpperCase() + t.type.slice(1), { name, types: [t], list, required })
}

function readType(text: string): TypeRef {
  const open = text.indexOf('(')
  if (open < 0) return { type: text, targets: null }
  return { type: text.slice(0, open), targets: text.slice(open + 1, -1).split(',') }
}
