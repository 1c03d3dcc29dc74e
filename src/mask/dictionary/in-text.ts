/**
 * Terms inside a text (rules-language.md, Dictionaries; domain.md 3.3): leftmost-longest, one pass, nothing replaced is
 * looked at again. A {@link Lexicon} holds every dictionary of a rule set and is built once per rule set, in slices
 * (build.ts); {@link Lexicon.matcher} narrows it to what one cell and one call ask for.
 *
 * A text is the shadow of normal.ts; all offsets are UTF-16 units of the shadow.
 */
import type { Span } from '../detectors/detector.ts'
import type { DictionaryEntry, TermKind } from '../model.ts'
import { acrossBlanks, foldTable, foldTerm, isBlank, isHan, isWordUnit } from './fold.ts'
import { type FirstPairs, type HashTrie, NONE } from './hash-trie.ts'
import { holds } from './lookup.ts'

/**
 * How a row was met: by its term or an alias; by its own replacement or code, in exactly that spelling. The latter are
 * what a dictionary wrote before: `codes-only` lets them pass (masking twice = once), `scrub` has nothing to do there.
 */
export type HitForm = 'term' | 'replacement' | 'code'

export interface TextHit {
  readonly start: number
  /** exclusive */
  readonly end: number
  readonly form: HitForm
  readonly dictionary: string
  /** replacement, code, kind, place of the row */
  readonly entry: DictionaryEntry
  /** number of the row in its lexicon, for counters */
  readonly row: number
}

export type { Span }

export interface TextQuery {
  /** the call's day, YYYY-MM-DD in the configured zone */
  readonly today: () => string
  /** null = rows for all roles only */
  readonly role: string | null
  /** direct care: rows of kind generic, manufacturer, drug and other do nothing (no drug is ever changed there) */
  readonly care: boolean
  /** names of dictionaries, in order of precedence for one and the same span; null = all, in the order of their names */
  readonly dictionaries: readonly string[] | null
  /** find forms `replacement` and `code` too */
  readonly own: boolean
}

export interface TextMatcher {
  /**
   * Hits in order, none overlapping another or a protected span.
   * @param taken protected spans in order, not overlapping: identifiers, known values, replacements made before
   */
  find(text: string, taken?: readonly Span[]): TextHit[]
  /** The longest that begins exactly at `start`, whatever stands before it; null = none does. */
  at(text: string, start: number): TextHit | null
  /** The row whose replacement or code is exactly this word, where such forms are found; null = none. */
  writes(word: string): DictionaryEntry | null
  /** Calls `hit` for each, without making objects. */
  scan(
    text: string,
    taken: readonly Span[],
    hit: (start: number, end: number, row: number, form: HitForm) => void,
  ): void
}

/** Is the term the name of something measured, after which `codes-only` admits a number? */
export const isAnalyte = (entry: DictionaryEntry): boolean => entry.kind === 'analyte'

/**
 * What `codes-only` writes for a row: its code where that is one of letters (ICD-10), else its replacement. A code that
 * is a bare number (ICD-9-CM-3, LOINC) could not be told from a number of the text afterwards.
 */
export const codeText = (entry: DictionaryEntry): string =>
  entry.code !== null && isSpokenCode(entry) ? entry.code : entry.replacement

/**
 * The replacement of each hit as it fits into the text: a blank where letters or digits of it would grow together with
 * what stands beside it, or with the replacement before it, into another word (CA and 125).
 */
export function fitted(text: string, hits: readonly TextHit[]): string[] {
  let before = { end: -1, word: false }
  return hits.map(({ start, end, entry: { replacement } }) => {
    const joinsBefore = start === before.end ? before.word : isWordUnit(text.charCodeAt(start - 1))
    const head = joinsBefore && isWordUnit(replacement.charCodeAt(0)) ? ' ' : ''
    const word = isWordUnit(replacement.charCodeAt(replacement.length - 1))
    before = { end, word }
    return head + replacement + (word && isWordUnit(text.charCodeAt(end)) ? ' ' : '')
  })
}

/** kinds of which care never sees a changed word */
const OUTSIDE_CARE: ReadonlySet<TermKind> = new Set<TermKind>(['generic', 'manufacturer', 'drug'])

/** Inside a text of care a row nobody gave a kind may name a drug or a dose as well. */
const OUTSIDE_CARE_TEXT: ReadonlySet<TermKind> = new Set<TermKind>([...OUTSIDE_CARE, 'other'])

export const isOutsideCare = (kind: TermKind): boolean => OUTSIDE_CARE.has(kind)

export const isSpokenCode = (entry: DictionaryEntry): boolean =>
  entry.code !== null &&
  (entry.kind === 'diagnosis' || entry.kind === 'symptom' || entry.kind === 'abbreviation') &&
  /^[A-Za-z]/.test(entry.code)

const FORMS: readonly HitForm[] = ['term', 'replacement', 'code']

/** One row in a lexicon. */
export interface LexiconRow {
  readonly entry: DictionaryEntry
  /** position in {@link LexiconParts.dictionaries} */
  readonly dictionary: number
  /** contexts that forbid a hit, folded */
  readonly notBefore: readonly string[]
  readonly notAfter: readonly string[]
}

export interface LexiconParts {
  readonly dictionaries: readonly string[]
  readonly rows: readonly LexiconRow[]
  readonly trie: HashTrie
  /** a cheap no for most places of a text */
  readonly pairs: FirstPairs
  /** item -> row * 4 + form, and the next item of the same spelling */
  readonly itemRow: Int32Array
  readonly itemNext: Int32Array
}

/** All dictionaries of a rule set as one automaton. Immutable. */
export class Lexicon {
  readonly parts: LexiconParts
  constructor(parts: LexiconParts) {
    this.parts = parts
  }

  matcher(query: TextQuery): TextMatcher {
    return new Matcher(this.parts, query)
  }

  /** Rows with a name somewhere in the text, whatever their days, roles and contexts; longest at each place. */
  mentions(text: string): DictionaryEntry[] {
    const { trie, itemRow, itemNext, rows } = this.parts
    const folded = foldTerm(text)
    const found: DictionaryEntry[] = []
    for (let i = 0; i < folded.length; i++) {
      if (!bordered(folded, i)) continue
      for (let node = trie.first(folded.charCodeAt(i)), k = i + 1; node !== NONE; k++) {
        for (let item = bordered(folded, k) ? trie.item(node) : NONE; item !== NONE; item = itemNext[item]!)
          if ((itemRow[item]! & 3) === 0) found.push(rows[itemRow[item]! >> 2]!.entry)
        if (k >= folded.length) break
        node = trie.next(node, folded.charCodeAt(k))
      }
    }
    return found
  }

  /** bytes of the typed arrays */
  get bytes(): number {
    return (
      this.parts.trie.bytes + this.parts.pairs.bytes + this.parts.itemRow.byteLength + this.parts.itemNext.byteLength
    )
  }
}

const NOTHING: readonly Span[] = []

class Matcher implements TextMatcher {
  readonly #parts: LexiconParts
  readonly #query: TextQuery
  /** by dictionary: 0 = not asked for, else its precedence from 1 */
  readonly #rank: Uint16Array
  readonly #fold = foldTable()
  #today = ''
  /** by row, of {@link #today}: 0 = not asked yet, 1 = it may hit, 2 = it may not */
  #verdicts: Uint8Array
  /** words of rows that hold on {@link #today}, as they are written */
  readonly #written = new Map<string, DictionaryEntry>()
  // the best candidate at the position looked at
  #end = 0
  #item = NONE

  constructor(parts: LexiconParts, query: TextQuery) {
    this.#parts = parts
    this.#query = query
    this.#verdicts = new Uint8Array(parts.rows.length)
    this.#rank = new Uint16Array(parts.dictionaries.length)
    parts.dictionaries.forEach((name, i) => {
      this.#rank[i] = query.dictionaries === null ? i + 1 : query.dictionaries.indexOf(name) + 1
    })
  }

  find(text: string, taken: readonly Span[] = NOTHING): TextHit[] {
    const hits: TextHit[] = []
    this.scan(text, taken, (start, end, row, form) => hits.push(this.#hit(start, end, row, form)))
    return hits
  }

  at(text: string, start: number): TextHit | null {
    this.#turn()
    if (start >= text.length || !this.#begins(text, start, text.length)) return null
    const packed = this.#parts.itemRow[this.#item]!
    return this.#hit(start, this.#end, packed >> 2, FORMS[packed & 3]!)
  }

  writes(word: string): DictionaryEntry | null {
    this.#turn()
    const known = this.#written.get(word)
    if (known !== undefined) return known
    const hit = this.at(word, 0)
    if (hit === null || hit.form === 'term' || hit.end < word.length) return null
    // Only what the dictionaries hold is kept: anything else is a word of somebody's text.
    this.#written.set(word, hit.entry)
    return hit.entry
  }

  #hit(start: number, end: number, row: number, form: HitForm): TextHit {
    const { rows, dictionaries } = this.#parts
    const { entry, dictionary } = rows[row]!
    return { start, end, form, dictionary: dictionaries[dictionary]!, entry, row }
  }

  /** On another day other rows hold. */
  #turn(): void {
    const today = this.#query.today()
    if (today === this.#today) return
    this.#today = today
    this.#verdicts.fill(0)
    this.#written.clear()
  }

  scan(text: string, taken: readonly Span[], hit: (start: number, end: number, row: number, form: HitForm) => void) {
    this.#turn()
    let from = 0
    for (const span of taken) {
      this.#stretch(text, from, span.start, hit)
      from = Math.max(from, span.end)
    }
    this.#stretch(text, from, text.length, hit)
  }

  #stretch(
    text: string,
    from: number,
    limit: number,
    hit: (start: number, end: number, row: number, form: HitForm) => void,
  ): void {
    const { pairs, itemRow } = this.#parts
    for (let i = from; i < limit; ) {
      if (!pairs.isFirst(text.charCodeAt(i)) || !this.#begins(text, i, limit)) i++
      else {
        const packed = itemRow[this.#item]!
        hit(i, this.#end, packed >> 2, FORMS[packed & 3]!)
        i = this.#end
      }
    }
  }

  /** Does an admitted term begin there? The longest is at hand then. */
  #begins(text: string, start: number, limit: number): boolean {
    const { pairs, trie } = this.#parts
    const first = this.#fold[text.charCodeAt(start)]!
    // A term of one unit, or what follows is the second unit of one; blanks may stand between.
    if (start + 1 < text.length) {
      const next = text.charCodeAt(start + 1)
      if (!isBlank(next) && !pairs.has(first, this.#fold[next]!)) return false
    }
    const node = trie.first(first)
    return node !== NONE && this.#longest(text, start, limit, node)
  }

  /** The longest admitted term that begins at `start`; true when there is one. */
  #longest(text: string, start: number, limit: number, first: number): boolean {
    if (!bordered(text, start)) return false
    const { trie } = this.#parts
    const fold = this.#fold
    this.#item = NONE
    for (let node = first, i = start + 1; ; i++) {
      const item = trie.item(node)
      if (item !== NONE && bordered(text, i)) this.#judge(text, start, i, item)
      if (i >= limit) break
      let c = text.charCodeAt(i)
      if (isBlank(c)) {
        const after = acrossBlanks(text, i, limit)
        if (after < 0) break
        const next = text.charCodeAt(after)
        if (isHan(text.charCodeAt(i - 1)) || isHan(next)) c = next
        else {
          c = 0x20
          // The blank is one unit of the term; what follows it is read next.
          node = trie.next(node, c)
          if (node === NONE) break
          c = next
        }
        i = after
      }
      node = trie.next(node, fold[c]!)
      if (node === NONE) break
    }
    return this.#item !== NONE
  }

  /** Takes the best admitted item of this spelling, if there is any: it is longer than what was found before. */
  #judge(text: string, start: number, end: number, head: number): void {
    const { itemNext, itemRow, rows } = this.#parts
    let best = NONE
    let rank = 0xffff
    for (let item = head; item !== NONE; item = itemNext[item]!) {
      const packed = itemRow[item]!
      const row = rows[packed >> 2]!
      const own = this.#rank[row.dictionary]!
      if (own === 0 || own > rank || (own === rank && (itemRow[best]! & 3) <= (packed & 3))) continue
      if (!this.#mayHit(packed >> 2) || !this.#admits(row, packed & 3, text, start, end)) continue
      best = item
      rank = own
    }
    if (best === NONE) return
    this.#item = best
    this.#end = end
  }

  #admits(row: LexiconRow, form: number, text: string, start: number, end: number): boolean {
    const { entry } = row
    if (form !== 0) {
      if (!this.#query.own) return false
      const own = form === 1 ? entry.replacement : entry.code!
      if (end - start !== own.length || !text.startsWith(own, start)) return false
      if (form === 2 && codeGoesOn(text, start, end)) return false
    }
    if (form !== 0) return true
    const { notAfter, notBefore } = row
    return (
      (notAfter.length === 0 || !notAfter.some((s) => this.#follows(text, end, s))) &&
      (notBefore.length === 0 || !notBefore.some((s) => this.#precedes(text, start, s)))
    )
  }

  /** Days, role and care are the same for every text of a day. */
  #mayHit(index: number): boolean {
    const known = this.#verdicts[index]!
    if (known !== 0) return known === 1
    const { entry } = this.#parts.rows[index]!
    const { role, care } = this.#query
    const may = holds(entry, this.#today, role) && !(care && OUTSIDE_CARE_TEXT.has(entry.kind))
    this.#verdicts[index] = may ? 1 : 2
    return may
  }

  #follows(text: string, at: number, context: string): boolean {
    let i = at
    for (let k = 0; k < context.length; k++, i++) {
      while (isBlank(text.charCodeAt(i)) && context.charCodeAt(k) !== 0x20) i++
      if (this.#fold[text.charCodeAt(i)] !== context.charCodeAt(k)) return false
    }
    return true
  }

  #precedes(text: string, at: number, context: string): boolean {
    let i = at - 1
    for (let k = context.length - 1; k >= 0; k--, i--) {
      while (i >= 0 && isBlank(text.charCodeAt(i)) && context.charCodeAt(k) !== 0x20) i--
      if (i < 0 || this.#fold[text.charCodeAt(i)] !== context.charCodeAt(k)) return false
    }
    return true
  }
}

/** May a term begin or end between the units i - 1 and i? Not inside a word of letters and digits. */
const bordered = (text: string, i: number): boolean =>
  i === 0 || i === text.length || !isWordUnit(text.charCodeAt(i)) || !isWordUnit(text.charCodeAt(i - 1))

/** Is a code only a part of a longer one (E11 of E11.9, I10-x00)? */
function codeGoesOn(text: string, start: number, end: number): boolean {
  const joint = (i: number): boolean => '.-/+*'.includes(text.charAt(i)) && text.charAt(i) !== ''
  return (
    (joint(end) && isWordUnit(text.charCodeAt(end + 1))) || (joint(start - 1) && isWordUnit(text.charCodeAt(start - 2)))
  )
}
