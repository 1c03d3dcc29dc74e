/** Which places of HL7 v2 are structure, and in which shape: the list of data/hl7v2-structure.json and the datatypes. */
import list from '../../../data/hl7v2-structure.json' with { type: 'json' }
import type { Shape } from '../site.ts'
import type { Typed } from './hl7v2-datatypes.ts'
import { hl7Shape, typeShape } from './hl7v2-shapes.ts'

const LISTED: ReadonlyMap<string, Shape> = new Map(
  list.structure.flatMap(({ at, shape, otherwise, reason }) => {
    const made = hl7Shape(shape, reason, otherwise === 'pseudonym' ? 'pseudonym' : 'unknown')
    return at.split(' ').map((place): [string, Shape] => [fullPlace(place), made])
  }),
)

/** PID-8 -> PID-8.1.1 */
function fullPlace(place: string): string {
  const dots = place.split('.').length
  return dots === 1 ? `${place}.1.1` : dots === 2 ? `${place}.1` : place
}

/** Shape of an unbound place, or null when what stands there is unknown. */
export function structureAt(
  segment: string,
  field: number,
  component: number,
  subcomponent: number,
  type: Typed,
): Shape | null {
  return LISTED.get(`${segment}-${field}.${component}.${subcomponent}`) ?? typeShape(type)
}

/** Addresses of the list as written, for documentation and tests. */
export const listedPlaces = (): readonly string[] => list.structure.flatMap((row) => row.at.split(' '))
