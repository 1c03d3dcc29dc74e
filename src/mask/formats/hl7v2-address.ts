/** Addresses of HL7 v2 values as people write them: PID-5, PID-3[2].1, OBX[4]-5, message[2]/PID-19. */
import type { Scanned } from '../scan/hl7v2.ts'
import { CR, type Delimiters, LF } from '../scan/hl7v2-delimiters.ts'

/** Walks the payload once; offsets ascend. What stands outside a message has no number. */
export function addressesOf(source: Buffer, scanned: Scanned, multibyte: boolean, offsets: readonly number[]): string[] {
  return offsets.map(new Walker(source, scanned, multibyte).addressAt)
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

  constructor(source: Buffer, scanned: Scanned, multibyte: boolean) {
    this.#source = source
    this.#scanned = scanned
    this.#multibyte = multibyte
  }

  readonly addressAt = (offset: number): string => {
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

  #within(offset: number): string {
    const d = this.#d
    const header = this.#segment === 'MSH' || this.#segment === 'FHS' || this.#segment === 'BHS'
    let field = header ? 2 : 0
    let fieldStart = this.#segmentStart + 3
    let repetition = 1
    let component = 1
    let sub = 1
    for (let i = header ? d.end : fieldStart; i < offset; i += this.#width(i)) {
      const c = this.#source[i]!
      if (c === d.field) {
        field++
        fieldStart = i + 1
        repetition = component = sub = 1
      } else if (c === d.repetition) {
        repetition++
        component = sub = 1
      } else if (c === d.component) {
        component++
        sub = 1
      } else if (c === d.subcomponent) sub++
    }
    return this.#written(offset, field, fieldStart, repetition, component, sub)
  }

  /** Numbers are shown where the field has more than one of their sort. */
  #written(offset: number, field: number, fieldStart: number, repetition: number, component: number, sub: number): string {
    const d = this.#d
    let repeated = repetition > 1
    let composite = component > 1 || sub > 1
    let split = sub > 1
    let own = true
    for (let i = Math.max(fieldStart, offset); i < this.#source.length; i += this.#width(i)) {
      const c = this.#source[i]!
      if (c === d.field || c === CR || c === LF) break
      if (c === d.repetition) {
        repeated = true
        own = false
      } else if (c === d.component) composite = true
      else if (c === d.subcomponent && own) split = composite = true
      if (c === d.component) own = false
    }
    const place = `-${field}${repeated ? `[${repetition}]` : ''}`
    return composite ? `${place}.${component}${split ? `.${sub}` : ''}` : place
  }

  #width(i: number): number {
    const c = this.#source[i]!
    if (!this.#multibyte || c < 0x81) return 1
    return this.#source[i + 1]! >= 0x30 && this.#source[i + 1]! <= 0x39 ? 4 : 2
  }
}
