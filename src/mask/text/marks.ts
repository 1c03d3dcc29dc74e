/**
 * Everything identifying in one text: what detectors find, in the first and the second reading, and known values.
 * Where two overlap, the span is both together and the one that covers all of it says whose it is.
 */

import type { Claim, Detector } from '../detectors/detector.ts'
import { featuresOf } from '../detectors/features.ts'
import { anyHits, claimsIn } from '../detectors/index.ts'
import type { KnownHit, KnownValues } from './known-values.ts'
import { isDose } from './quantity.ts'
import type { Reading, Seen } from './reading.ts'
import { readAgain } from './second-reading.ts'

/** [start, end) of the shadow. Neither known nor claim: overlapping finds of which none covers the span. */
export interface Mark {
  readonly start: number
  readonly end: number
  /** who found it, and the id of the element it stands for by itself */
  readonly claim: { readonly detector: Detector; readonly element: string } | null
  readonly known: KnownHit | null
  /** the digits meant, where they are written otherwise (second reading) */
  readonly meant?: string
}

const PROSE = { prose: true } as const
const NONE: readonly Mark[] = []

export function marksIn(reading: Reading, known: KnownValues | null): readonly Mark[] {
  const { shadow } = reading
  let marks = fromClaims(claimsIn(shadow, reading.features, PROSE))
  const again = readAgain(shadow, reading.features)
  if (again !== null) {
    const claims = claimsIn(again.text, featuresOf(again.text), PROSE)
    const back = claims.map((claim) => ({
      start: again.at[claim.start]!,
      end: again.at[claim.end - 1]! + 1,
      claim,
      known: null,
      meant: again.text.slice(claim.start, claim.end),
    }))
    marks = merge(marks, back)
  }
  if (known === null || known.size === 0) return marks
  const hits = known.find(shadow).filter((hit) => !isDose(shadow, hit.start, hit.end))
  if (hits.length === 0) return marks
  return merge(
    marks,
    hits.map((hit) => ({ start: hit.start, end: hit.end, claim: null, known: hit })),
  )
}

/** Is there any of them? The cheaper questions first. */
export function isMarked({ shadow, features }: Seen, known: KnownValues | null): boolean {
  if (known !== null && known.size > 0 && known.isIn(shadow)) return true
  if (anyHits(shadow, features, true)) return true
  const again = readAgain(shadow, features)
  return again !== null && anyHits(again.text, featuresOf(again.text), true)
}

const fromClaims = (claims: readonly Claim[]): readonly Mark[] =>
  claims.length === 0 ? NONE : claims.map((claim) => ({ start: claim.start, end: claim.end, claim, known: null }))

/** Both lists are in order of place without overlaps; so is the result. Linear. */
function merge(a: readonly Mark[], b: readonly Mark[]): readonly Mark[] {
  if (a.length === 0) return b
  if (b.length === 0) return a
  const out: Mark[] = []
  for (let i = 0, k = 0; i < a.length || k < b.length; ) {
    const next = k >= b.length || (i < a.length && a[i]!.start <= b[k]!.start) ? a[i++]! : b[k++]!
    const last = out.at(-1)
    if (last === undefined || last.end <= next.start) out.push(next)
    else out[out.length - 1] = joined(last, next)
  }
  return out
}

function joined(a: Mark, b: Mark): Mark {
  const start = Math.min(a.start, b.start)
  const end = Math.max(a.end, b.end)
  const covers = (m: Mark): boolean => m.start === start && m.end === end
  // Of two that cover it the known value says more: whose number it is.
  const owner = covers(b) && (b.known !== null || !covers(a)) ? b : covers(a) ? a : null
  return owner ?? { start, end, claim: null, known: null }
}
