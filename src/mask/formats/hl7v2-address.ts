/** Addresses of HL7 v2 values as people write them: PID-5, PID-3[2].1, OBX[4]-5, message[2]/PID-19. */
import type { Scanned } from '../scan/hl7v2.ts'
import { CR, type Delimiters, LF } from '../scan/hl7v2-delimiters.ts'

/** Walks the payload once; offsets ascend. What stands outside a message has no number. */
export function addressesOf(
  source: Buffer,
  scanned: Scanned,
  multibyte: boolean,
  offsets: readonly number[],
): string[] {
  const walker = new Walker(source, scanned, multibyte)
  return offsets.map((offset) => walker.addressAt(offset))
}

class Walker {
  readonly #source: Buffer
  readonly #scanned: Scanned
  readonly #multibyte: boolean
  #at = 0
  #message = -1
  #set = 0
  #segment = ''
  #segmentStart = -1
  #seen = new Map<string, number>()
  #counted = -1
  #field = 0
  #repetition = 1
  #component = 1
  #sub = 1
  #fieldEnd = -1
  #repetitionEnd = -1
  #componentEnd = -1
  #valueEnd = -1

  constructor(source: Buffer, scanned: Scanned, multibyte: boolean) {
    this.#source = source
    this.#scanned = scanned
    this.#multibyte = multibyte
  }

  addressAt(offset: number): string {
    this.#advance(offset)
    const { messages } = this.#scanned
    const inside = messages.length > 1 && this.#message >= 0
    const nth = this.#seen.get(this.#segment) ?? 1
    const segment = nth > 1 ? `${this.#segment}[${nth}]` : this.#segment
    return `${inside ? `message[${this.#message + 1}]/` : ''}${segment}${this.#within(offset)}`
  }

  /** Moves to the segment that holds the offset. */
  #advance(offset: number): void {
    const source = this.#source
    const { messages, delimiters } = this.#scanned
    for (; this.#at <= offset && this.#at < source.length; this.#at = this.#nextLine(this.#at)) {
      const at = this.#at
      if (at === messages[this.#message + 1]) {
        this.#message++
        this.#seen = new Map()
      }
      while (this.#set + 1 < delimiters.length && delimiters[this.#set + 1]!.from <= at + 1) this.#set++
      const p = source[at] === 0x0b ? at + 1 : at === 0 && source[0] === 0xef ? 3 : at
      const name = source.toString('latin1', p, p + 3)
      const after = source[p + 3] ?? CR
      if (!/^[A-Z][A-Z0-9]{2}$/.test(name) || (after !== this.#d.field && after !== CR && after !== LF)) continue
      this.#segment = name
      this.#segmentStart = p
      this.#seen.set(name, (this.#seen.get(name) ?? 0) + 1)
    }
  }

  get #d(): Delimiters {
    return this.#scanned.delimiters[this.#set]!
  }

  #nextLine(from: number): number {
    const source = this.#source
    let i = from
    while (i < source.length && source[i] !== CR && source[i] !== LF) i++
    while (source[i] === CR || source[i] === LF) i++
    return i
  }

  /** Counts on from where the last offset of the segment stood; offsets ascend. */
  #within(offset: number): string {
    if (this.#counted < this.#segmentStart) this.#enterSegment()
    const d = this.#d
    for (; this.#counted < offset; this.#counted += this.#width(this.#counted)) {
      const c = this.#source[this.#counted]!
      if (c === d.field) this.#enter(++this.#field, 1, 1, 1)
      else if (c === d.repetition) this.#enter(this.#field, this.#repetition + 1, 1, 1)
      else if (c === d.component) this.#enter(this.#field, this.#repetition, this.#component + 1, 1)
      else if (c === d.subcomponent) this.#enter(this.#field, this.#repetition, this.#component, this.#sub + 1)
    }
    return this.#written()
  }

  #enterSegment(): void {
    const header = this.#segment === 'MSH' || this.#segment === 'FHS' || this.#segment === 'BHS'
    // Messages of like delimiters share one set, so only its length counts.
    this.#counted = this.#segmentStart + (header ? this.#d.end - this.#d.from : 3)
    this.#enter(header ? 2 : 0, 1, 1, 1)
  }

  #enter(field: number, repetition: number, component: number, sub: number): void {
    this.#field = field
    this.#repetition = repetition
    this.#component = component
    this.#sub = sub
  }

  /** Numbers are shown where there is more than one of their sort: after the last too. */
  #written(): string {
    const d = this.#d
    const at = this.#counted
    this.#fieldEnd = this.#endAfter(at, this.#fieldEnd, [d.field])
    this.#repetitionEnd = this.#endAfter(at, this.#repetitionEnd, [d.field, d.repetition])
    this.#componentEnd = this.#endAfter(at, this.#componentEnd, [d.field, d.repetition, d.component])
    this.#valueEnd = this.#endAfter(at, this.#valueEnd, [d.field, d.repetition, d.component, d.subcomponent])
    const repeated = this.#repetition > 1 || this.#repetitionEnd < this.#fieldEnd
    const split = this.#sub > 1 || this.#valueEnd < this.#componentEnd
    const composite = split || this.#component > 1 || this.#componentEnd < this.#repetitionEnd
    const place = `-${this.#field}${repeated ? `[${this.#repetition}]` : ''}`
    return composite ? `${place}.${this.#component}${split ? `.${this.#sub}` : ''}` : place
  }

  /** The end known already while it lies ahead, else looked for once more. */
  #endAfter(at: number, known: number, ends: readonly number[]): number {
    if (known >= at) return known
    const source = this.#source
    const line = this.#at
    let i = at
    for (; i < line; i += this.#width(i)) {
      const c = source[i]!
      if (ends.includes(c)) break
    }
    return i
  }

  #width(i: number): number {
    const c = this.#source[i]!
    if (!this.#multibyte || c < 0x81) return 1
    return this.#source[i + 1]! >= 0x30 && this.#source[i + 1]! <= 0x39 ? 4 : 2
  }
}
