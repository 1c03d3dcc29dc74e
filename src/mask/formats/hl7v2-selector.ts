/**
 * HL7 v2 selectors of binding files (docs/rules.md):
 *
 *     selector  = segment [ "[" n "]" ] [ "-" field filter* [ "." component [ "." subcomponent ] ] ]
 *     segment   = three characters, or a beginning and "*": Z*, ZP*, *
 *     filter    = "[" n "]"                            the n-th repetition; without it all
 *               | "[" place "=" value ("|" value)* "]"    another component of the same repetition: [5=NNCHN]
 *               | "[@" field [ "." place ] "=" value ("|" value)* "]"   another field of the same segment: [@2=NM|SN]
 *     place     = component [ "." subcomponent ]
 *
 * Values are compared with the decoded text, letter by letter. OBX-5[@2=...] sees the type OBX-5 really has: text where
 * OBX-2 is empty, unknown or does not fit the value.
 */
import type { SelectorError } from './format.ts'

/** A value elsewhere that must hold; `field` null = in the same repetition. */
export interface Filter {
  readonly field: number | null
  readonly component: number
  /** 0 = any */
  readonly subcomponent: number
  readonly values: ReadonlySet<string>
}

export interface Selector {
  /** three characters, or the beginning before `*` */
  readonly segment: string
  readonly wild: boolean
  /** n-th such segment of the message; 0 = all */
  readonly occurrence: number
  /** 0 = every field */
  readonly field: number
  /** 0 = all */
  readonly repetition: number
  /** 0 = the whole field */
  readonly component: number
  readonly subcomponent: number
  readonly filters: readonly Filter[]
}

const SEGMENT = /([A-Z][A-Z0-9]{0,1}\*|\*|[A-Z][A-Z0-9]{2})/y
const NUMBER = /[1-9]\d{0,3}/y
const MAX_FIELD = 999

class Failure {
  readonly problem: SelectorError
  constructor(offset: number, error: string) {
    this.problem = { offset, error }
  }
}

/** Parses one selector, or says at which character it stops making sense. */
export function parseSelector(text: string): Selector | SelectorError {
  try {
    return new Parser(text).selector()
  } catch (failure) {
    if (failure instanceof Failure) return failure.problem
    throw failure
  }
}

export const isSelectorError = (parsed: Selector | SelectorError): parsed is SelectorError => 'error' in parsed

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  selector(): Selector {
    const name = this.#match(SEGMENT, 'expected a segment such as PID, or Z*')
    const wild = name.endsWith('*')
    const occurrence = this.#take('[') ? this.#closed(this.#number('the number of a segment')) : 0
    const base = { segment: wild ? name.slice(0, -1) : name, wild, occurrence }
    if (this.#at === this.#text.length)
      return { ...base, field: 0, repetition: 0, component: 0, subcomponent: 0, filters: [] }
    if (!this.#take('-')) this.#fail('expected - and a field number, or the end')
    const start = this.#at
    const field = this.#number('a field number')
    if (field > MAX_FIELD) this.#failAt(start, `a field number of at most ${MAX_FIELD} was expected`)
    if (base.segment.length === 3 && (name === 'MSH' || name === 'FHS' || name === 'BHS') && field < 3)
      this.#failAt(start, `${name}-${field} holds the delimiters and is never data`)
    const { repetition, filters } = this.#filters()
    const component = this.#take('.') ? this.#number('a component number') : 0
    const subcomponent = component > 0 && this.#take('.') ? this.#number('a subcomponent number') : 0
    if (this.#at < this.#text.length) this.#fail('expected the end of the selector')
    return { ...base, field, repetition, component, subcomponent, filters }
  }

  #filters(): Pick<Selector, 'repetition' | 'filters'> {
    const filters: Filter[] = []
    let repetition = 0
    while (this.#take('[')) {
      const start = this.#at
      const other = this.#take('@')
      const first = this.#number(other ? 'a field number' : 'the number of a repetition or component')
      if (!other && this.#take(']')) {
        if (repetition > 0) this.#failAt(start, 'the repetition is given twice')
        repetition = first
        continue
      }
      filters.push(this.#filter(other, first))
    }
    return { repetition, filters }
  }

  #filter(other: boolean, first: number): Filter {
    const second = this.#take('.') ? this.#number('a component number') : 0
    const third = other && second > 0 && this.#take('.') ? this.#number('a subcomponent number') : 0
    if (!this.#take('=')) this.#fail('expected = and a value')
    const start = this.#at
    const close = this.#text.indexOf(']', start)
    if (close < 0) this.#failAt(this.#text.length, 'expected ]')
    const values = this.#text.slice(start, close).split('|')
    const empty = values.indexOf('')
    if (empty >= 0)
      this.#failAt(start + values.slice(0, empty).join('|').length + (empty > 0 ? 1 : 0), 'expected a value')
    this.#at = close + 1
    const filter = other
      ? { field: first, component: second === 0 ? 1 : second, subcomponent: third }
      : { field: null, component: first, subcomponent: second }
    return { ...filter, values: new Set(values) }
  }

  #closed(n: number): number {
    if (!this.#take(']')) this.#fail('expected ]')
    return n
  }

  #number(what: string): number {
    return Number(this.#match(NUMBER, `expected ${what}`))
  }

  #match(pattern: RegExp, otherwise: string): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null) this.#fail(otherwise)
    this.#at = pattern.lastIndex
    return found[0]
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #fail(error: string): never {
    return this.#failAt(this.#at, error)
  }

  #failAt(offset: number, error: string): never {
    throw new Failure(offset, error)
  }
}

/** Narrower selectors count: type or wildcard < path < path with condition; the longer path is the narrower. */
export function rankOf(s: Selector): number {
  let rank = s.wild ? 0.1 * s.segment.length : 1
  if (s.field > 0) rank += 0.1
  if (s.component > 0) rank += 0.1
  if (s.subcomponent > 0) rank += 0.1
  if (s.filters.length > 0 || s.repetition > 0 || s.occurrence > 0) rank += 1
  return rank
}

export const fitsSegment = (s: Selector, name: string): boolean =>
  s.wild ? name.startsWith(s.segment) : name === s.segment
