/**
 * codes-only (只留术语): a text is not cleaned but written anew, from dictionary terms, admitted numbers and marks of
 * negation; what is none of these has no way out. One identifying span anywhere withholds all of it, and what was
 * written is read again by its grammar before it leaves.
 */
import { digitsOf } from '../detectors/features.ts'
import { codeText, isAnalyte, type TextHit, type TextMatcher } from '../dictionary/in-text.ts'
import { BETWEEN, isWellFormed } from './grammar.ts'
import type { KnownValues } from './known-values.ts'
import { marksIn } from './marks.ts'
import { marksOfPolarity } from './polarity.ts'
import { quantitiesIn } from './quantity.ts'
import { read } from './reading.ts'

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
const STOP = /[。.;!?\n，,]/

/** Null = withheld: something identifying stands in the text, or nothing of it may leave. */
export function codesOf(raw: string, { known, terms }: CodesSettings): string | null {
  const reading = read(raw)
  if (marksIn(reading, known).length > 0) return null
  const out = composed(reading.shadow, terms === null ? [] : terms.find(reading.shadow), digitsOf(reading.features) > 0)
  return out !== '' && isWellFormed(out, terms) ? out : null
}

/** What may leave of a text without identifiers in which these terms were found; empty when nothing may. */
export function composed(shadow: string, hits: readonly TermFound[], digits: boolean): string {
  const found = termPieces(hits)
  const numbers = digits ? apart(numberPieces(shadow), found) : []
  const said = markPieces(shadow)
  const spoken = said.length === 0 ? said : apart(said, [...found, ...numbers])
  const pieces = [...found, ...numbers, ...spoken].sort((a, b) => a.start - b.start || b.end - a.end)
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

const markPieces = (shadow: string): Piece[] =>
  marksOfPolarity(shadow).map(({ start, end, text, negates }) => ({
    start,
    end,
    text,
    sort: negates ? ('negation' as const) : ('finding' as const),
  }))

/** Those pieces that touch none of the taken ones. Both in order of place. */
function apart(pieces: readonly Piece[], taken: readonly Piece[]): Piece[] {
  const spans = taken.toSorted((a, b) => a.start - b.start)
  let next = 0
  return pieces
    .toSorted((a, b) => a.start - b.start)
    .filter(({ start, end }) => {
      while (next < spans.length && spans[next]!.end <= start) next++
      return next === spans.length || spans[next]!.start >= end
    })
}

/** A bare number needs its analyte right before it, a negation something it denies right after it. */
function admitted(shadow: string, pieces: readonly Piece[]): Piece[] {
  const kept: Piece[] = []
  let end = -1
  pieces.forEach((piece, i) => {
    if (piece.start < end) return
    const before = kept.at(-1)
    const after = pieces[i + 1]
    const good =
      piece.sort === 'bare'
        ? before?.sort === 'analyte' && isNear(shadow, before, piece) && isLastBefore(pieces, i, before)
        : piece.sort !== 'negation' || (after !== undefined && isDeniable(after) && isNear(shadow, piece, after))
    if (!good) return
    kept.push(piece)
    end = piece.end
  })
  return kept
}

const isLastBefore = (pieces: readonly Piece[], i: number, before: Piece): boolean => pieces[i - 1] === before

const isDeniable = ({ sort }: Piece): boolean => sort === 'term' || sort === 'analyte' || sort === 'finding'

const isNear = (shadow: string, a: Piece, b: Piece): boolean =>
  b.start - a.end <= NEAR && !STOP.test(shadow.slice(a.end, b.start))

function written(shadow: string, pieces: readonly Piece[]): string {
  let out = ''
  pieces.forEach((piece, i) => {
    const before = pieces[i - 1]
    if (before !== undefined) out += isNear(shadow, before, piece) ? ' ' : BETWEEN
    out += piece.text
  })
  return out
}
