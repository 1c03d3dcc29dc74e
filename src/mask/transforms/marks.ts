/** The fixed mark, and what passes a method unchanged because it has been treated before. */
import type { Bound, Effects, Method, Place, Result } from './transform.ts'

/** what stands for a value that was taken away; its length says nothing */
export const MARK = '***'

/**
 * `***` and own tokens pass every method that leaves more than a pseudonym does; redact and drop leave less and treat
 * them like any value.
 */
export const isSettled = (value: string, effects: Effects): boolean =>
  value === MARK || (value.length === 20 && value.charCodeAt(0) === 80 && effects.isOwnToken(value))

/** A Bound whose apply lets settled values pass; everything else goes through `treat`. */
export function bindSettled(
  method: Method,
  params: Readonly<Record<string, unknown>>,
  effects: Effects,
  treat: (value: string, place: Place) => Result,
  bytes?: Bound['bytes'],
): Bound {
  const apply = (value: string, place: Place): Result => (isSettled(value, effects) ? value : treat(value, place))
  return bytes === undefined ? { method, params, apply, keeps: false } : { method, params, apply, bytes, keeps: false }
}

/** Schema of a method without parameters. */
export const NO_PARAMS = { type: 'object', properties: {}, additionalProperties: false } as const
