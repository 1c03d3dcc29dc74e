/** Decimal numbers as texts, exactly: what rounding, noise and statistics reckon with (never binary fractions). */

/** units * 10^-scale; scale may be negative for 1e6 */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

const NUMBER = /^([+-]?)(\d{1,18})(?:\.(\d{1,18}))?(?:[eE]([+-]?\d{1,2}))?$/

/** Reads `-1.50`, `1E3`; null for anything else (comparators, units, words) and for more than 18 digits a side. */
export function parseDecimal(text: string): Decimal | null {
  const m = NUMBER.exec(text)
  if (m === null) return null
  const fraction = m[3] ?? ''
  const units = BigInt(m[2]! + fraction)
  const scale = fraction.length - Number(m[4] ?? 0)
  // Written out it would not be read again.
  return scale < -12 || scale > 30 ? null : { units: m[1] === '-' ? -units : units, scale }
}

/** The same value with at least this scale. */
export const atScale = ({ units, scale }: Decimal, to: number): Decimal =>
  to <= scale ? { units, scale } : { units: units * 10n ** BigInt(to - scale), scale: to }

/** Rounded to a scale, halves away from zero (GB/T 8170 leaves the choice; this is what laboratories print). */
export function roundTo(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return atScale(value, scale)
  return { units: divideRounded(value.units, 10n ** BigInt(value.scale - scale)), scale }
}

/** units / by to the nearest integer, halves away from zero; by > 0 */
export function divideRounded(units: bigint, by: bigint): bigint {
  const size = units < 0n ? -units : units
  const quotient = (size * 2n + by) / (by * 2n)
  return units < 0n ? -quotient : quotient
}

/** Decimal digits from the first that is not 0. */
export const digitsOf = ({ units }: Decimal): number =>
  units === 0n ? 1 : (units < 0n ? -units : units).toString().length

/** Plain notation: a negative scale is written out, a zero has no sign. */
export function formatDecimal({ units, scale }: Decimal): string {
  if (scale <= 0) return (units * 10n ** BigInt(-scale)).toString()
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
