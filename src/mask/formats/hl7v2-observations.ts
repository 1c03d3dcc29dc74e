/**
 * OBX: the type OBX-5 really has, and whether OBX-3 names an identifier. Thirty results a message pass here, so codes
 * are looked up by a hash of their bytes; only a hit is decoded and compared.
 */
import type { TextOf } from '../scan/hl7v2-program.ts'
import type { Repetition } from '../scan/hl7v2-repetition.ts'
import { GB18030, UTF_8 } from './charset.ts'
import { type Bound, otherFields, SegmentFacts } from './hl7v2-conditions.ts'
import { isDatatype } from './hl7v2-datatypes.ts'
import { identifierObservation, observationKeys } from './identifier-observations.ts'

const VALUE_TYPE = 2
const IDENTIFIER = 3
export const VALUE = 5

export class ObservationFacts extends SegmentFacts {
  /** OBX-2 as sent when it is a datatype, else ST */
  type = 'ST'
  /** id of the element OBX-3 names; null = an ordinary observation */
  element: string | null = null
  #source: Uint8Array = new Uint8Array(0)
  #known: ReadonlySet<number> = UTF_8_HASHES
  #multibyte = false

  constructor(bound: readonly Bound[]) {
    super(
      bound.flatMap((b) => otherFields(b).filter((f) => b.selector.field !== VALUE || f.field !== VALUE_TYPE)),
      [VALUE_TYPE, IDENTIFIER],
    )
  }

  override begin(message: number, source: Uint8Array, multibyte: boolean): void {
    super.begin(message, source, multibyte)
    this.type = 'ST'
    this.element = null
    this.#source = source
    this.#multibyte = multibyte
    this.#known = multibyte ? GB_HASHES : UTF_8_HASHES
  }

  override see(field: number, repetition: Repetition, text: TextOf): void {
    super.see(field, repetition, text)
    if (field === VALUE_TYPE && repetition.count > 0)
      this.type = typeOf(this.#source, repetition.from(0), repetition.to(0))
    else if (field === IDENTIFIER && this.element === null) this.#identify(repetition, text)
  }

  #identify(repetition: Repetition, text: TextOf): void {
    for (let i = 0; i < repetition.count; i++) {
      const from = repetition.from(i)
      const to = repetition.to(i)
      const hash = repetition.escaped(i) ? UNSURE : hashOf(this.#source, from, to, this.#multibyte)
      if (hash !== UNSURE && !this.#known.has(hash)) continue
      this.element = identifierObservation(text(from, to, repetition.escaped(i)))
      if (this.element !== null) return
    }
  }
}

const types = new Map<number, string>()

function typeOf(source: Uint8Array, from: number, to: number): string {
  if (to - from < 2 || to - from > 3) return 'ST'
  const packed = (source[from]! << 16) | (source[from + 1]! << 8) | (to - from === 3 ? source[from + 2]! : 0)
  let type = types.get(packed)
  if (type === undefined) {
    const name = String.fromCharCode(...source.subarray(from, to))
    type = isDatatype(name) ? name : 'ST'
    if (types.size < 1024) types.set(packed, type)
  }
  return type
}

/** a text whose normal form the bytes do not show */
const UNSURE = -1

/** Hash over lower-cased bytes without blanks and punctuation, or {@link UNSURE}. */
function hashOf(source: Uint8Array, from: number, to: number, multibyte: boolean): number {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) {
    let c = source[i]!
    if (c < 0x80) {
      if (c <= 0x2f || c === 0x3a || c === 0x5f) continue
      if (c >= 0x41 && c <= 0x5a) c |= 0x20
    } else if (multibyte) {
      // Rows A1 to A9 hold signs and full-width forms.
      if (c >= 0xa1 && c <= 0xa9) return UNSURE
      hash = Math.imul(hash ^ c, 0x01000193)
      c = source[++i]!
    } else if (c === 0xc2 || c === 0xe2 || c === 0xe3 || c === 0xef) return UNSURE
    hash = Math.imul(hash ^ c, 0x01000193)
  }
  return hash >>> 0
}

function hashes(encode: (text: string) => Uint8Array, multibyte: boolean): ReadonlySet<number> {
  return new Set(
    observationKeys().map((key) => {
      const bytes = encode(key)
      return hashOf(bytes, 0, bytes.length, multibyte)
    }),
  )
}

const UTF_8_HASHES = hashes(UTF_8.encode, false)
const GB_HASHES = hashes(GB18030.encode, true)
