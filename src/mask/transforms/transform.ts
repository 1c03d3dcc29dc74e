/**
 * The contract of a masking method (one file each, listed in index.ts). A method knows values, never places or bytes
 * of a format; it must fail closed: a value that does not fit its shape gets a safe fallback, never itself.
 */
import type { Dictionary, Element, Kind, Level } from '../model.ts'
import type { Role } from '../site.ts'

/** What a method may ask of the world; handed in by the plan. Clock, keys and dictionaries are arguments. */
export interface Effects {
  /** the call's day in the configured zone, YYYY-MM-DD */
  readonly today: () => string
  /** keyed pseudonym of a canonical value; namespace is empty for national identifiers; scope: default by element */
  readonly pseudonym: (element: Element, namespace: string, canonical: string, scope?: PseudonymScope) => string
  /** is this one of our own tokens (known by its check, never by its look)? */
  readonly isOwnToken: (text: string) => boolean
  /** whole-field dictionary term in force today, or null */
  readonly term: (
    dictionary: string,
    canonical: string,
  ) => { readonly replacement: string; readonly code: string | null } | null
  /** the dictionary itself, for methods that prepare a table of it; without it they look up term by term */
  readonly dictionary?: (id: string) => Dictionary | null
}

/** Within which calls a value has one pseudonym (rules-language.md, Pseudonyms and keys). */
export type PseudonymScope = 'recipient' | 'pair' | 'dataset'

/** What a method is told about the value besides the value. */
export interface Place {
  readonly element: Element
  /** provider or assigning authority for local elements, else empty */
  readonly namespace: string
  /** the token of the record's subject, when the record has one (person-name: pseudonym) */
  readonly subject: string | null
  /** the leaf's part in its composite; `code` leaves of a coding get what belongs to their text */
  readonly role: Role
  /** for a `code` leaf the text of its coding (canonical), for a text leaf the code; null = none */
  readonly companion: string | null
}

/** text, or null = removed */
export type Result = string | null

export interface Bound {
  readonly method: Method
  readonly params: Readonly<Record<string, unknown>>
  /** value: canonical form of its kind, never empty */
  readonly apply: (value: string, place: Place) => Result
  /**
   * Optional fast road for plain UTF-8 values without escapes: reads source[start, end), writes the same result as
   * `apply` gives to target from `at` on and returns the offset after it, or -1 to take the slow road. It writes at
   * most 4 * (end - start) + 64 bytes, and only bytes that need no escaping in any carrier.
   */
  readonly bytes?: (source: Uint8Array, start: number, end: number, target: Uint8Array, at: number) => number
  /** true when every value is returned as it is: nothing to read for it */
  readonly keeps: boolean
}

export interface Method {
  /** English name in the rules */
  readonly name: string
  readonly zh: string
  readonly summary: { readonly zh: string; readonly en: string }
  readonly kinds: readonly Kind[]
  /** JSON Schema of the parameters, with defaults; `additionalProperties: false` */
  readonly params: Readonly<Record<string, unknown>>
  readonly idempotent: boolean
  /** may be used on references and resource ids (keep, pseudonym, drop) */
  readonly references: boolean
  /** what is left of an element of this level: keep = level, drop = 0 (rules-language.md, Which policies) */
  readonly leaves: (level: Level, params: Readonly<Record<string, unknown>>) => number
  /** extra checks at load that a schema cannot say; returns problems in words */
  readonly check?: (params: Readonly<Record<string, unknown>>, element: Element) => readonly string[]
  readonly prepare: (params: Readonly<Record<string, unknown>>, element: Element, effects: Effects) => Bound
}
