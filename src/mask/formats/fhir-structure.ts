/** Which places of a FHIR resource are structure: data/fhir-structure.json, read against the R4 definitions. */
import data from '../../../data/fhir-structure.json' with { type: 'json' }
import type { Shape } from '../site.ts'
import { lineOf } from './fhir-types.ts'
import { shapeOf } from './shapes.ts'

interface Line {
  readonly shape: string
  readonly reason: string
}

const make = (line: Line): Shape => shapeOf(line.shape, line.reason)
const byType = new Map(Object.entries(data.types).map(([type, line]) => [type, make(line)]))
const byElement = new Map(Object.entries(data.elements).map(([at, line]) => [at, make(line)]))
const except: ReadonlySet<string> = new Set(data.except)
const concepts: ReadonlySet<string> = new Set(data.concepts.members)
const conceptCode = make(data.concepts)
const labelCode: Shape = { ...conceptCode, label: true }

const openCodes: ReadonlySet<string> = new Set(data.openCodes.members)
const openCode = make(data.openCodes)

export const RESOURCE_TYPE: Shape = make(data.resourceType)

/** A member whose codings are structure: status, category, class, type ... */
export const isStructuralConcept = (name: string, type: string): boolean =>
  concepts.has(name) && (type === 'CodeableConcept' || type === 'Coding')

/** Shape of the primitive `owner.name` of the given type; null = it carries data. `label`: of a security label. */
export function structureAt(
  owner: string,
  name: string,
  type: string,
  inConcept: boolean,
  label = false,
): Shape | null {
  for (const t of lineOf(owner)) {
    const at = `${t}.${name}`
    if (inConcept && at === 'Coding.code') return label ? labelCode : conceptCode
    if (except.has(at)) return null
    if (type === 'code' && openCodes.has(at)) return openCode
    const shape = byElement.get(at)
    if (shape !== undefined) return shape
  }
  return byType.get(type) ?? null
}

/**
 * What a member that says how a composite is used must look like (Period.start, ContactPoint.rank, Address.country),
 * where the lists above do not say it; off it the member is data of the composite.
 */
export function shapeOfUse(type: string): Shape {
  return USES[type] ?? USES['string']!
}

const USES: Readonly<Record<string, Shape>> = {
  date: shapeOf('date', 'when the composite was in use'),
  dateTime: shapeOf('date', 'when the composite was in use'),
  positiveInt: shapeOf('count', 'order of preference'),
  string: shapeOf('country', 'country an address is in'),
}

/** Every address listed by name, for the test that holds data elements away from it. */
export const LISTED: readonly string[] = [...byElement.keys()]
