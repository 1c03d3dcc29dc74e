/**
 * codes-only (只留术语): a text is not cleaned but written anew, from dictionary terms, admitted numbers and marks of
 * negation; what is none of these has no way out. One identifying span anywhere withholds all of it, and what was
 * written is read again by its grammar before it leaves.
 */
import { digitsOf } from '../detectors/features.ts'
import { codeText, isAnalyte, type TextHit, type TextMatcher } from '../dictionary/in-text.ts'
import { BETWEEN, isWellFormed } from './grammar.ts'
import type { KnownValues } from './known-values.ts'
import { isMarked } from './marks.ts'
import { marksOfPolarity } from './polarity.ts'
import { quantitiesIn } from './quantity.ts'
import { read, type Seen } from './reading.ts'

export interface CodesSettings {
  readonly known: KnownValues | null
  /** terms, and their own replacements and codes; null = no dictionary at hand */
  readonly terms: TextMatcher | null
}

/** One piece of the output and the span of the shadow it stands for. */
interface Piece {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly sort: 'term' | 'analyte' | 'number' | 'bare' | 'negation' | 'finding'
}

/** An analyte and its number, a negation and what it denies stand at most this far apart. */
const NEAR = 6
/** what ends a statement */
const STOP: ReadonlySet<number> = new Set(Array.from('。.;!?\n，,', (c) => c.charCodeAt(0)))

/** Null = withheld: something identifying stands in the text, or nothing of it may leave. */
export const codesOf = (raw: string, settings: CodesSettings): string | null => codesIn(read(raw), settings)

/** The same of a text that was read. */
export function codesIn(seen: Seen, { known, terms }: CodesSettings): string | null {
  if (isMarked(seen, known)) return null
  const { shadow, features } = seen
  const out = composed(shadow, terms === null ? [] : terms.find(shadow), digitsOf(features) > 0)
  return out !== '' && isWellFormed(out, terms) ? out : null
}

/** What may leave of a text without identifiers in which these terms were found, in order; empty when nothing may. */
export function composed(shadow: string, hits: readonly TermFound[], digits: boolean): string {
  const found = termPieces(hits)
  const numbers = digits ? woven(found, numberPieces(shadow)) : found
  const pieces = woven(numbers, marksOfPolarity(shadow))
  return pieces.length === 0 ? '' : written(shadow, admitted(shadow, pieces))
}

type TermFound = Pick<TextHit, 'start' | 'end' | 'form' | 'entry'>

const termPieces = (hits: readonly TermFound[]): Piece[] =>
  hits.map(({ start, end, form, entry }) => ({
    start,
    end,
    text: form === 'code' ? entry.code! : form === 'replacement' ? entry.replacement : codeText(entry),
    sort: isAnalyte(entry) ? ('analyte' as const) : ('term' as const),
  }))

const numberPieces = (shadow: string): Piece[] =>
  quantitiesIn(shadow).map(({ start, end, number, unit }) => ({
    start,
    end,
    text: number + unit,
    sort: unit === '' ? ('bare' as const) : ('number' as const),
  }))

/** The taken pieces and those of the others that touch none of them. All lists in order of place, without overlaps. */
function woven(taken: readonly Piece[], others: readonly Piece[]): readonly Piece[] {
  if (others.length === 0) return taken
  if (taken.length === 0) return others
  const out: Piece[] = []
  let next = 0
  for (const piece of others) {
    while (next < taken.length && taken[next]!.end <= piece.start) out.push(taken[next++]!)
    if (next === taken.length || taken[next]!.start >= piece.end) out.push(piece)
  }
  while (next < taken.length) out.push(taken[next++]!)
  return out
}

/** A bare number needs its analyte right before it, a negation something it denies right after it. */
function admitted(shadow: string, pieces: readonly Piece[]): readonly Piece[] {
  const kept: Piece[] = []
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!
    const { sort } = piece
    if (sort === 'bare') {
      const before = pieces[i - 1]
      // The analyte must have been admitted itself, which it always is.
      if (before === undefined || before.sort !== 'analyte' || !isNear(shadow, before, piece)) continue
    } else if (sort === 'negation') {
      const after = pieces[i + 1]
      if (after === undefined || !isDeniable(after) || !isNear(shadow, piece, after)) continue
    }
    kept.push(piece)
  }
  return kept
}

const isDeniable = ({ sort }: Piece): boolean => sort === 'term' || sort === 'analyte' || sort === 'finding'

function isNear(shadow: string, a: Piece, b: Piece): boolean {
  if (b.start - a.end > NEAR) return false
  for (let i = a.end; i < b.start; i++) if (STOP.has(shadow.charCodeAt(i))) return false
  return true
}

function written(shadow: string, pieces: readonly Piece[]): string {
  let out = ''
  for (let i = 0; i < pieces.length; i++) {
    if (i > 0) out += isNear(shadow, pieces[i - 1]!, pieces[i]!) ? ' ' : BETWEEN
    out += pieces[i]!.text
  }
  return out
}
