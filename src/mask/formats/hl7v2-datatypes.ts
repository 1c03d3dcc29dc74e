/** Fields, datatypes and tables of HL7 v2 as data/hl7v2.json has them (2.5.1, with what 2.3 to 2.7.1 add). */
import definitions from '../../../data/hl7v2.json' with { type: 'json' }
import type { Admits } from '../site.ts'

export interface Typed {
  readonly type: string
  /** HL7 table number; 0 = none */
  readonly table: number
}

const TEXT: Typed = { type: 'ST', table: 0 }

function typed(list: Readonly<Record<string, string>>): ReadonlyMap<string, readonly Typed[]> {
  const parsed = new Map<string, readonly Typed[]>()
  for (const [name, words] of Object.entries(list))
    parsed.set(
      name,
      words === ''
        ? []
        : words.split(' ').map((word) => {
            const [type, table] = word.split(':')
            return { type: type === '-' ? 'ST' : type!, table: table === undefined ? 0 : Number(table) }
          }),
    )
  return parsed
}

// Numbers of a telephone are text since v2.7, and always were in use: 138****5678 must fit.
const OVERRIDES: Readonly<Record<string, string>> = { XTN: definitions.datatypes.XTN.replace(/\bNM\b/g, 'ST') }

const SEGMENTS = typed(definitions.segments)
const DATATYPES = typed({ ...definitions.datatypes, ...OVERRIDES })
const TABLES = new Map(
  Object.entries(definitions.tables as Record<string, string>).map(([id, v]) => [Number(id), new Set(v.split('|'))]),
)

/** Type of a field; unknown segments, Z segments and local fields hold text. */
export const fieldType = (segment: string, field: number): Typed => SEGMENTS.get(segment)?.[field - 1] ?? TEXT

export const fieldCount = (segment: string): number => SEGMENTS.get(segment)?.length ?? 0

export const isDatatype = (type: string): boolean => DATATYPES.has(type)

/** Components of a type; empty for a primitive one. */
export const componentsOf = (type: string): readonly Typed[] => DATATYPES.get(type) ?? []

/** Values of a table; undefined when the standard names none. */
export const tableValues = (table: number): ReadonlySet<string> | undefined => TABLES.get(table)

/** The primitive type at a component and subcomponent of a type: what really stands in the bytes. */
export function leafType(type: Typed, component: number, subcomponent: number): Typed {
  const components = componentsOf(type.type)
  if (components.length === 0) return component === 1 && subcomponent === 1 ? type : TEXT
  const at = components[component - 1] ?? TEXT
  const inner = componentsOf(at.type)
  if (inner.length === 0) return subcomponent === 1 ? at : TEXT
  const leaf = inner[subcomponent - 1] ?? TEXT
  return componentsOf(leaf.type).length === 0 ? leaf : TEXT
}

const ADMITS: Readonly<Record<string, Admits>> = {
  DT: 'date',
  DTM: 'datetime',
  TM: 'none',
  NM: 'number',
  SI: 'number',
  ID: 'id',
  IS: 'id',
}

/** What may be written where a primitive type stands. */
export const admitsOf = (type: string): Admits => ADMITS[type] ?? 'text'
