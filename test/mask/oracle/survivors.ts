/** Does anything that was masked stand somewhere else in what came out? */
import type { Fate } from './outside.ts'

/** Methods whose results are other values altogether: what they write is nobody's text. */
const MADE_UP = new Set([
  'age-band',
  'birth',
  'date-shift',
  'encrypt',
  'hash',
  'month',
  'noise',
  'pseudonym',
  'random-id',
  'round',
  'year',
])
/** Methods that show a part of their own value: what else stands in that value they show as well. */
const PARTIAL = new Set(['mask', 'mask-range', 'keep-range', 'mask-ends', 'mask-before', 'mask-after', 'substitute'])
/** What a sentence that is scrubbed is searched for: whole values of a kind that names somebody (domain.md E20 b). */
const NAMING: Readonly<Record<string, RegExp>> = {
  name: /^\p{Script=Han}{2,4}$/u,
  identifier: /^(?:\d{17}[\dX]|ZY\d+)$/,
  phone: /^1\d{10}$/,
  email: /@/,
  address: /号$/,
}

/** Parts of a composite are searched for as the whole they make, and what a reference points at is not searched for. */
const isWhole = ({ address }: Fate): boolean =>
  !/\.\d+$/.test(address.replace(/(-\d+(?:\[\d+\])?)\.1$/, '$1')) &&
  !/\.(?:reference|fullUrl|url|location|id|line|city|district|state|country|family|given|prefix|suffix)(?:\[\d+\])?$/.test(
    address,
  )

const LEAST = 4

const folded = (text: string): string => text.normalize('NFKC')

/** A value that may stand elsewhere of its own right: words of the standards, small numbers. */
const isCommon = (value: string, common: ReadonlySet<string>): boolean =>
  common.has(value) || /^[-+\d.:eE ]{1,8}$/.test(value)

/** Was the value to be found where it stands? */
function isMeant(where: Fate, masked: Fate, value: string, fates: readonly Fate[]): boolean {
  if (where.method === 'scrub')
    return where.address !== masked.address && isWhole(masked) && NAMING[masked.kind ?? '']?.test(value) === true
  if (!PARTIAL.has(where.method)) return true
  // The parts of a composite are treated as one value, written in one of them.
  const together = fates.filter((f) => compositeOf(f) === compositeOf(where))
  return together.length === 1 ? where.result === value : !together.some((f) => folded(f.value).includes(value))
}

/** The place a value shares with the other parts of its composite. */
export const compositeOf = ({ address }: Fate): string =>
  address.replace(/\.[^.]*$/, '').replace(/(-\d+(?:\[\d+\])?)\.\d+$/, '$1')

/** Masked values that survive, with where. A value some kept leaf holds is not masked. */
export function survivorsOf(fates: readonly Fate[], common: ReadonlySet<string>): string[] {
  const held = fates.filter((f) => f.outcome === 'kept' || f.outcome === 'silent').map((f) => folded(f.value))
  const written = fates.flatMap((f) =>
    f.result === null || f.outcome !== 'replaced' || MADE_UP.has(f.method) ? [] : [{ ...f, result: folded(f.result) }],
  )
  const out: string[] = []
  for (const masked of fates) {
    const value = folded(masked.value).trim()
    if (masked.outcome === 'kept' || masked.outcome === 'silent' || value.length < LEAST || isCommon(value, common))
      continue
    const where = written.find((w) => w.result.includes(value) && isMeant(w, masked, value, fates))
    if (where === undefined || held.some((text) => text.includes(value))) continue
    out.push(
      `${masked.address} (${masked.method}): ${value} stands in ${where.address} (${where.method}): ${where.result}`,
    )
  }
  return out
}
