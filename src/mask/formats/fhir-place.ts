/** Places of FHIR documents: what a value can be and what is under way there. Equal places share one node of the graph. */
import { advance, type Item } from './fhir-items.ts'
import { isStructuralConcept } from './fhir-structure.ts'
import { isPrimitive, type Property, RESOURCES, type TypeRef } from './fhir-types.ts'

/** Places that only the outermost resource has. */
export type Role = 'none' | 'root' | 'bundle' | 'entry' | 'search'

/** A place before what holds there is worked out: equal ones share one node. */
export interface Place {
  readonly types: readonly TypeRef[]
  readonly items: readonly Item[]
  /** types of the object this is a member of, and its FHIRPath name there */
  readonly owners: readonly string[]
  readonly name: string
  readonly required: boolean
  /** inside a status, category, class, type ... */
  readonly concept: boolean
  /** inside meta.security */
  readonly label: boolean
  /** the resource type is not known: nothing is structure */
  readonly blind: boolean
  /** names the authority of a local identifier */
  readonly authority: boolean
  /** a contained resource, or its id */
  readonly contained: boolean
  readonly role: Role
}

export const NOWHERE: Place = {
  types: [],
  items: [],
  owners: [],
  name: '',
  required: false,
  concept: false,
  label: false,
  blind: false,
  authority: false,
  contained: false,
  role: 'none',
}
export const ANYTHING: readonly TypeRef[] = RESOURCES.map((type) => ({ type, targets: null }))
export const ELEMENT: readonly TypeRef[] = [{ type: 'Element', targets: null }]

export function childPlace(place: Place, items: readonly Item[], found: readonly Property[], sibling: boolean): Place {
  const next = new Map<string, Item>()
  for (const property of found) {
    for (const item of items) {
      const moved = advance(item, property, sibling)
      if (moved !== null) next.set(moved.key, moved)
    }
  }
  const name = found[0]!.name
  const types = sibling ? ELEMENT : mergeTypes(found)
  const isLeaf = types.some((t) => isPrimitive(t.type))
  const authority =
    name === 'system' &&
    items.some((i) => i.kind === 'in' && i.table === 'Identifier' && i.b.element.local && i.b.wanted)
  return {
    types,
    items: [...next.values()],
    // Only what a scalar is depends on its name: complex places of one type are one.
    owners: isLeaf ? [...new Set(place.types.map((t) => t.type))] : [],
    name: isLeaf ? name : '',
    required: !place.blind && !sibling && found.length === 1 && found[0]!.required && !isExtensionUrl(place, name),
    concept:
      (place.concept && name === 'coding') ||
      types.some((t) => isStructuralConcept(name, t.type)) ||
      (place.concept && place.types.some((t) => t.type === 'Coding')),
    label: place.types.some((t) => (t.type === 'Meta' && name === 'security') || (place.label && t.type === 'Coding')),
    blind: place.blind,
    authority,
    contained: name === 'contained' || (place.contained && name === 'id' && !sibling),
    role: roleOf(place.role, name),
  }
}

/** Without its url an extension goes altogether: there is nothing to give a reason for. */
const isExtensionUrl = (place: Place, name: string): boolean =>
  name === 'url' && place.types.some((t) => t.type === 'Extension')

function roleOf(role: Role, name: string): Role {
  if (role === 'bundle' && (name === 'entry' || name === 'total')) return name === 'entry' ? 'entry' : 'bundle'
  if ((role === 'entry' || role === 'search') && (name === 'search' || name === 'mode')) return 'search'
  return 'none'
}

function mergeTypes(found: readonly Property[]): TypeRef[] {
  const types = new Map<string, TypeRef>()
  for (const property of found) {
    for (const t of property.types) {
      const known = types.get(t.type)
      types.set(t.type, known === undefined ? t : { type: t.type, targets: joinTargets(known.targets, t.targets) })
    }
  }
  return [...types.values()]
}

const joinTargets = (a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null =>
  a === null || b === null ? null : [...new Set([...a, ...b])]

export function keyOf(place: Place, sort: string): string {
  const { types, items, owners, name, required, concept, label, blind, authority, contained, role } = place
  const names =
    types === ANYTHING
      ? '*'
      : types.map((t) => (t.targets === null ? t.type : `${t.type}(${t.targets.join()})`)).join('|')
  const from = owners.length === RESOURCES.length ? '*' : owners.join('|')
  const keys = items
    .map((i) => i.key)
    .toSorted()
    .join(' ')
  const flags = [required, concept, label, blind, authority, contained].map(Number).join('')
  return `${sort}/${role}/${names}/${from}.${name}/${flags}/${keys}`
}
