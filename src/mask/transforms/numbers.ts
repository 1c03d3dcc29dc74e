/** What the methods that reckon with numbers share in checking their cells. */
import type { Element } from '../model.ts'
import type { Params } from './transform.ts'

/** Exactly one of two parameters. */
export function oneOf(params: Params, a: string, b: string): string[] {
  if ((params[a] === undefined) !== (params[b] === undefined)) return []
  return [params[a] === undefined ? `one of ${a} and ${b} is needed` : `${a} and ${b} cannot both be given: give one`]
}

/** A dose that is another number is a danger wherever it is read: kept, hidden or removed, never reckoned with. */
export const noDose = (method: string, element: Element): string[] =>
  element.id === 'dose' ? [`${method} would write another dose: use keep, redact or drop`] : []
