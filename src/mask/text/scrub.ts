/** scrub: one text with its identifiers treated and its terms replaced, everything else as it was sent. */
import { fitted, type TextMatcher } from '../dictionary/in-text.ts'
import { MARK } from '../transforms/marks.ts'
import { decodedOnce } from './encoded.ts'
import type { KnownValues } from './known-values.ts'
import { type Mark, marksIn } from './marks.ts'
import { originEnd, type Reading, read } from './reading.ts'

export interface Scrubbing {
  readonly known: KnownValues | null
  /** what stands for an identifying span; null = the policy keeps such values and the span stays */
  readonly treat: (mark: Mark, text: string) => string | null
  /** terms to be replaced; null = none */
  readonly terms: TextMatcher | null
}

interface Patch {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** How often an encoding is taken off; what is still encoded then is nobody's to judge. */
const MAX_DECODED = 6

/** The very text given when there is nothing to do. What is identified only in another spelling goes as a whole. */
export function scrubText(raw: string, scrubbing: Scrubbing): string {
  const plain = { ...scrubbing, terms: null }
  const first = scrubbed(raw, scrubbing)
  // What a term becomes may make an identifier of the words beside it (姓名, a prefix of numbers): the next reader's hit.
  const out = scrubbing.terms === null || first === raw ? first : scrubbed(first, plain)
  let inner = decodedOnce(out)
  for (let depth = 0; inner !== null; depth++) {
    if (depth === MAX_DECODED || scrubbed(inner, plain) !== inner) return MARK
    inner = decodedOnce(inner)
  }
  return out
}

function scrubbed(raw: string, { known, treat, terms }: Scrubbing): string {
  const reading = read(raw)
  const { shadow } = reading
  // What only looks empty (zero width, tag characters) may hide something.
  if (shadow === '' && raw !== '') return ''
  const marks = marksIn(reading, known)
  if (marks.length === 0 && terms === null) return raw
  const patches: Patch[] = []
  for (const mark of marks) {
    const text = treat(mark, mark.meant ?? shadow.slice(mark.start, mark.end))
    if (text !== null) patches.push({ start: mark.start, end: mark.end, text })
  }
  // Identifiers are protected whether they were treated or stay.
  if (terms !== null) {
    const hits = terms.find(shadow, marks)
    const words = fitted(shadow, hits)
    for (const [i, { start, end }] of hits.entries()) patches.push({ start, end, text: words[i]! })
  }
  return patches.length === 0 ? raw : patched(reading, patches)
}

function patched(reading: Reading, patches: Patch[]): string {
  const { raw, origin } = reading
  patches.sort((a, b) => a.start - b.start)
  let out = ''
  let from = 0
  for (const { start, end, text } of patches) {
    const begin = origin(start)
    // Two spans inside one character that NFKC spells out: the character is gone with the first.
    if (begin < from) continue
    out += raw.slice(from, begin) + text
    from = originEnd(reading, end)
  }
  return out + raw.slice(from)
}
