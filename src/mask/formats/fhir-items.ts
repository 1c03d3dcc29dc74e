/**
 * What is under way at a place of a FHIR document: selectors matched so far, composites the place belongs to, paths
 * that lead to a condition's witness. A set of them and the possible types make one node of the graph.
 */
import type { Role } from '../site.ts'
import type { FhirBinding } from './fhir-binding.ts'
import { ANY, COMPOSITES, ECHO, USE } from './fhir-composites.ts'
import { isPrimitive, isResource, lineOf, type Property } from './fhir-types.ts'

interface Common {
  readonly key: string
}

/** `at` steps of the binding's selector are matched; the condition is fixed once its scope is entered */
export interface PathItem extends Common {
  readonly kind: 'path'
  readonly b: FhirBinding
  readonly at: number
  /** condition of the layout, -1 = none (yet), */
  readonly cond: number
  /** the declared target types alone decide: no condition is needed */
  readonly sure: boolean
}

/** within a bound complex value, read by a table of fhir-composites.ts */
export interface InItem extends Common {
  readonly kind: 'in'
  readonly b: FhirBinding
  readonly cond: number
  readonly table: string
  /** this very object is the composite */
  readonly opens: boolean
}

export interface LeafItem extends Common {
  readonly kind: 'leaf'
  readonly b: FhirBinding
  readonly cond: number
  readonly role: Role
  readonly part: number
}

export interface WitnessItem extends Common {
  readonly kind: 'witness'
  readonly cond: number
  readonly path: readonly string[]
  readonly at: number
  /** {@link FhirBinding.only} */
  readonly only: ((text: string) => boolean) | null
}

export type Item = PathItem | InItem | LeafItem | WitnessItem

export const pathItem = (b: FhirBinding, at: number, cond: number, sure = false): PathItem => ({
  kind: 'path',
  key: `p${b.index}.${at}.${cond}.${sure ? 1 : 0}`,
  b,
  at,
  cond,
  sure,
})

export const inItem = (b: FhirBinding, cond: number, table: string, opens: boolean): InItem => ({
  kind: 'in',
  key: `i${b.index}.${cond}.${table}.${opens ? 1 : 0}`,
  b,
  cond,
  table,
  opens,
})

const leafItem = (b: FhirBinding, cond: number, role: Role, part: number): LeafItem => ({
  kind: 'leaf',
  key: `l${b.index}.${cond}.${role}.${part}`,
  b,
  cond,
  role,
  part,
})

export const witnessItem = (
  cond: number,
  path: readonly string[],
  at: number,
  only: WitnessItem['only'],
): WitnessItem => ({
  kind: 'witness',
  key: `w${cond}.${path.join('/')}.${at}`,
  cond,
  path,
  at,
  only,
})

export const isAtEnd = (item: PathItem): boolean => item.at === item.b.selector.steps.length

/** Table of a complex type: its own, its base's, or "every leaf". */
export const tableOf = (type: string): string => lineOf(type).find((t) => t in COMPOSITES) ?? ANY

/** What an item becomes on the way to the member `property`; `sibling`: to its `_` companion. */
export function advance(item: Item, property: Property, sibling: boolean): Item | null {
  switch (item.kind) {
    case 'leaf':
      return null
    case 'path':
      return advancePath(item, property, sibling)
    case 'in':
      return advanceIn(item, property, sibling)
    case 'witness':
      if (sibling || item.path[item.at] !== property.name) return null
      return witnessItem(item.cond, item.path, item.at + 1, item.only)
  }
}

function advancePath(item: PathItem, property: Property, sibling: boolean): Item | null {
  const step = item.b.selector.steps[item.at]
  if (step === undefined || step.name !== property.name) return null
  if (step.only !== null && !property.types.some((t) => t.type === step.only)) return null
  const next = pathItem(item.b, item.at + 1, item.cond, item.sure)
  if (!sibling) return next
  // An id has no other form: what hangs on one is nobody's known value, even where the id stays as sent.
  return isAtEnd(next) && item.b.element.id !== 'resource-id' ? inItem(item.b, item.cond, ECHO, false) : null
}

const SKIPPED: ReadonlySet<string> = new Set(['id', 'extension', 'modifierExtension'])

function advanceIn({ b, cond, table }: InItem, property: Property, sibling: boolean): Item | null {
  const type = property.types[0]!.type
  if (table === ECHO) {
    // The address and the fixed codes of an extension tell nothing of the value.
    if (property.name === 'url' || type === 'code') return null
    return isPrimitive(type) && !sibling ? leafItem(b, cond, 'echo', 0) : inItem(b, cond, ECHO, false)
  }
  if (table === USE) return isPrimitive(type) && !sibling ? leafItem(b, cond, 'use', 0) : null
  if (table === ANY) return advanceAny(b, cond, property, type, sibling)
  const part = COMPOSITES[table]!.parts[property.name]
  if (part === undefined) return null
  if (sibling) return 'role' in part && part.role !== 'use' ? inItem(b, cond, ECHO, false) : null
  if ('table' in part) return inItem(b, cond, part.table, false)
  return isPrimitive(type) ? leafItem(b, cond, part.role, part.part) : inItem(b, cond, tableOf(type), true)
}

function advanceAny(b: FhirBinding, cond: number, property: Property, type: string, sibling: boolean): Item | null {
  if (SKIPPED.has(property.name) || isResource(type) || type === 'Narrative') return null
  if (sibling) return inItem(b, cond, ECHO, false)
  return isPrimitive(type) ? leafItem(b, cond, 'whole', 0) : inItem(b, cond, tableOf(type), true)
}
