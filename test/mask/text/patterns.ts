/** What the readers of src/mask/text do unit by unit, said by patterns: slow, and short enough to be believed. */
import marks from '../../../data/polarity-marks.json' with { type: 'json' }
import units from '../../../data/units.json' with { type: 'json' }
import type { TextMatcher } from '../../../src/mask/dictionary/in-text.ts'
import { isAnalyte } from '../../../src/mask/dictionary/index.ts'

const byLength = (a: string, b: string): number => b.length - a.length
const UNITS = `${units.latin} ${units.chinese}`.split(' ').toSorted(byLength)
const NUMBER = /(?<![0-9A-Za-z/.*×^-]|\d:)[<>≤≥]?=?\s?(\d{1,6}(?:\.\d{1,5})?)(?!\d)/g
const COUNTED = new RegExp(`^\\s{0,2}[周个多余天]?[${units.never}]`)

/** [start, end, number, unit] of every quantity. */
export function quantities(text: string): [number, number, string, string][] {
  const found: [number, number, string, string][] = []
  for (const m of text.matchAll(NUMBER)) {
    if (m[1]!.replace('.', '').length > 6) continue
    const end = m.index + m[0].length
    const at = [end, ...(text[end] === ' ' ? [end + 1] : [])].flatMap((from) =>
      UNITS.filter((unit) => text.startsWith(unit, from) && isUnitEnd(unit, text[from + unit.length]))
        .slice(0, 1)
        .map((unit) => ({ unit, end: from + unit.length })),
    )[0]
    const number = m[0].replace(/\s/g, '')
    if (at !== undefined) found.push([m.index, at.end, number, at.unit])
    else if (isAlone(text, end)) found.push([m.index, end, number, ''])
  }
  return found
}

function isUnitEnd(unit: string, next: string | undefined): boolean {
  if (next === undefined) return true
  if (units.never.includes(next) || next === '/') return false
  return /[A-Za-z0-9%‰]$/.test(unit) ? !/[0-9A-Za-z\-*^]/.test(next) : !/[0-9-]/.test(next)
}

const isAlone = (text: string, end: number): boolean =>
  end === text.length ||
  (!/[0-9A-Za-z/\-*×^:%]/.test(text[end]!) && !COUNTED.test(text.slice(end, end + 4)) && !/^\.\d/.test(text.slice(end)))

/** Is the whole text one quantity? */
export function isQuantity(text: string, bare: boolean): boolean {
  const m = /^[<>≤≥]?=?\d{1,6}(?:\.\d{1,5})?/.exec(text)
  if (m === null || m[0].replace(/\D/g, '').length > 6) return false
  const unit = text.slice(m[0].length)
  return unit === '' ? bare : UNITS.includes(unit)
}

const MARKS = `${marks.negation} ${marks.finding}`.split(' ').toSorted(byLength)
const PATTERNS = MARKS.map((mark) =>
  /^[a-z-]+$/.test(mark)
    ? new RegExp(`(?<![A-Za-z])${mark.replace('-', '[ -]')}(?![A-Za-z])`, 'iy')
    : new RegExp(mark, 'y'),
)

/** [start, mark] of every mark of polarity. */
export function polarity(text: string): [number, string][] {
  const found: [number, string][] = []
  for (let i = 0; i < text.length; i++) {
    const k = PATTERNS.findIndex((p) => {
      p.lastIndex = i
      return p.test(text)
    })
    if (k < 0) continue
    found.push([i, MARKS[k]!])
    i += MARKS[k]!.length - 1
  }
  return found
}

interface Piece {
  readonly start: number
  readonly end: number
  readonly text: string
  readonly sort: 'term' | 'analyte' | 'number' | 'bare' | 'negation' | 'finding'
}

const NEGATIONS = new Set(marks.negation.split(' '))
const touches = (a: Piece, b: Piece): boolean => a.start < b.end && b.start < a.end

/** What codes-only writes of a text without identifiers; empty = nothing. */
export function composed(text: string, terms: TextMatcher): string {
  const pieces: Piece[] = terms.find(text).map(({ start, end, form, entry }) => ({
    start,
    end,
    text: form === 'term' ? spoken(entry) : form === 'code' ? entry.code! : entry.replacement,
    sort: isAnalyte(entry) ? 'analyte' : 'term',
  }))
  const add = (piece: Piece): unknown => !pieces.some((p) => touches(p, piece)) && pieces.push(piece)
  for (const [start, end, number, unit] of quantities(text))
    add({ start, end, text: number + unit, sort: unit === '' ? 'bare' : 'number' })
  for (const [start, mark] of polarity(text))
    add({ start, end: start + mark.length, text: mark, sort: NEGATIONS.has(mark) ? 'negation' : 'finding' })
  pieces.sort((a, b) => a.start - b.start)
  const near = (a: Piece | undefined, b: Piece | undefined): boolean =>
    a !== undefined && b !== undefined && b.start - a.end <= 6 && !/[。.;!?\n，,]/.test(text.slice(a.end, b.start))
  const kept = pieces.filter((piece, i) => {
    const [before, after] = [pieces[i - 1], pieces[i + 1]]
    if (piece.sort === 'bare') return before?.sort === 'analyte' && near(before, piece)
    return piece.sort !== 'negation' || (/^(?:term|analyte|finding)$/.test(after?.sort ?? '') && near(piece, after))
  })
  return kept.map((piece, i) => (i === 0 ? '' : near(kept[i - 1], piece) ? ' ' : '；') + piece.text).join('')
}

const spoken = (entry: { code: string | null; kind: string; replacement: string }): string =>
  entry.code !== null && /^[A-Za-z]/.test(entry.code) && /^(?:diagnosis|symptom|abbreviation)$/.test(entry.kind)
    ? entry.code
    : entry.replacement

const PLACE = /^.{1,12}?(?:自治[区州县]|特别行政区|街道|[省市区盟县旗镇乡村])(?=.{4})/u
const NUMBERED = /^.{2,}?(?:路|街|道|巷|弄|村|里|苑|园|小区|花园)[^\d]{0,6}\d{1,5}号?/u

/** Ends of addresses, and the numbered streets among them. */
export function addressParts(address: string): string[] {
  const parts = [address]
  let tail = address
  for (let n = 0; n < 6 && PLACE.test(tail); n++) {
    tail = tail.replace(PLACE, '')
    parts.push(tail)
    const numbered = NUMBERED.exec(tail)?.[0]
    if (numbered !== undefined && numbered !== tail && numbered.length >= 5) parts.push(numbered)
  }
  return parts
}
