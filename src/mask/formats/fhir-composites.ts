/**
 * How the leaves of FHIR's composite types take part in a binding to the whole (rules-language.md, Groups). A member
 * not named in its table is not bound by the composite: it has its own element, is structure, or is unknown.
 */
import type { Role } from '../site.ts'

export type Part =
  | { readonly role: Role; readonly part: number }
  /** a member that is complex itself, read by another table within the same group */
  | { readonly table: string }

export interface Composite {
  /** leaves are treated together */
  readonly group: boolean
  /** forms written in another script may stand beside it: ISO 21090 EN representation */
  readonly phonetic: boolean
  readonly parts: Readonly<Record<string, Part>>
}

const whole: Part = { role: 'whole', part: 0 }
const use: Part = { role: 'use', part: 0 }
const part = (n: number): Part => ({ role: 'part', part: n })
const echo: Part = { table: 'echo' }
const used: Part = { table: 'use' }

const quantity: Composite = { group: false, phonetic: false, parts: { value: whole } }

export const COMPOSITES: Readonly<Record<string, Composite>> = {
  HumanName: {
    group: true,
    phonetic: true,
    parts: {
      text: whole,
      family: part(0),
      given: part(1),
      prefix: part(2),
      suffix: part(3),
      use,
      period: used,
      extension: echo,
    },
  },
  Address: {
    group: true,
    phonetic: false,
    parts: {
      text: whole,
      state: part(0),
      city: part(1),
      district: part(2),
      line: part(3),
      country: use,
      use,
      type: use,
      period: used,
      extension: echo,
    },
  },
  Identifier: { group: true, phonetic: false, parts: { value: whole, use, period: used, extension: echo } },
  ContactPoint: {
    group: true,
    phonetic: false,
    parts: { value: whole, system: use, use, rank: use, period: used, extension: echo },
  },
  CodeableConcept: { group: true, phonetic: false, parts: { text: whole, coding: { table: 'Coding' } } },
  Coding: { group: true, phonetic: false, parts: { code: { role: 'code', part: 0 }, display: whole } },
  Reference: { group: false, phonetic: false, parts: { display: whole } },
  Period: { group: false, phonetic: false, parts: { start: whole, end: whole } },
  Quantity: quantity,
  Age: quantity,
  Count: quantity,
  Distance: quantity,
  Duration: quantity,
  Money: quantity,
  // Nested extensions carry the parts of a complex one.
  Extension: { group: false, phonetic: false, parts: { value: whole, extension: { table: 'Extension' } } },
  Annotation: { group: false, phonetic: false, parts: { text: whole } },
  Attachment: { group: false, phonetic: false, parts: { data: whole, url: whole, title: whole, hash: whole } },
}

/** Every leaf below is bound on its own, nested composites by their tables: types without a table. */
export const ANY = '*'
/** every leaf below is another form of the value */
export const ECHO = 'echo'
/** every leaf below says how the value is used */
export const USE = 'use'
