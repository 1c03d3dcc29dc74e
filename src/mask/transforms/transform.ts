/**
 * The contract of a masking method (one file each, listed in index.ts). A method knows values, never places or bytes
 * of a format; it must fail closed: a value that does not fit its shape gets a safe fallback, never itself.
 */

import type { AggregateSpec } from '../aggregate-spec.ts'
import type { Lexicon } from '../dictionary/in-text.ts'
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
  /** keyed arithmetic beside pseudonyms; a method that needs it and finds none fails when it is prepared, at load */
  readonly keyed?: Keyed
  /** the dictionary itself, for methods that prepare a table of it; without it they look up term by term */
  readonly dictionary?: (id: string) => Dictionary | null
  /** the caller's role, for rows of a dictionary that are for certain roles only */
  readonly role?: string | null
  /** every dictionary of the rule set as one automaton, for methods that find terms inside texts */
  readonly lexicon?: () => Lexicon
}

/** Within which calls a value has one pseudonym (rules-language.md, Pseudonyms and keys). */
export type PseudonymScope = 'recipient' | 'pair' | 'dataset'

/** What the call's keys make, beside pseudonyms. All but `seal` give the same answer for the same arguments. */
export interface Keyed {
  /** 64 hex digits, the last 16 a check of the others; `scope` as of a pseudonym */
  readonly hash: (
    algorithm: HashAlgorithm,
    element: Element,
    namespace: string,
    canonical: string,
    scope?: PseudonymScope,
  ) => string
  readonly isOwnHash: (text: string) => boolean
  /** an evenly spread integer in [0, below), the same for the same message and recipient; below <= 2^32 */
  readonly draw: (use: 'date-shift' | 'noise', message: string, below: number) => number
  /** a ciphertext only the holder of the keyring opens, bound to the element */
  readonly seal: (cipher: Cipher, element: Element, canonical: string) => string
  /** the random id of a value in a dataset; `this-project` = the token's project. @throws GatewayError TOKEN_PERMISSION, DATASET_DESTROYED */
  readonly randomId: (dataset: string, element: Element, namespace: string, canonical: string) => string
}

export const HASH_ALGORITHMS = ['sha256', 'sm3'] as const
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number]
export const CIPHERS = ['aes-256-gcm', 'sm4'] as const
export type Cipher = (typeof CIPHERS)[number]

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
  /** the value as sent, where a method keeps its spelling (date-shift); else the canonical value */
  readonly raw?: string
  /** what the engine offers methods for free text; absent where a value stands by itself */
  readonly text?: TextTools | undefined
  /** whose record this is, for methods that treat all values of one person alike; null = nobody is named */
  readonly owner?: string | null
}

export type Params = Readonly<Record<string, unknown>>

/** The keyed arithmetic a method cannot do without. @throws Error at preparation, when the house was built without keys */
export function keyedOf(effects: Effects): Keyed {
  if (effects.keyed === undefined) throw new Error('this method needs keys')
  return effects.keyed
}

/** What the methods for free text ask of whoever runs them. */
export interface TextTools {
  /** the text with identifiers treated and the terms of these dictionaries replaced */
  scrub(raw: string, dictionaries: readonly string[]): string
  /** written anew from terms of these dictionaries (null = all); null = withheld */
  codes(raw: string, dictionaries: readonly string[] | null): string | null
  /** does it hold a value the policy treats in a field of the same payload? */
  holds(raw: string): boolean
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
  /**
   * For the method codes-only: the dictionaries texts are written from, null = all. Where it is there `apply` gives what
   * {@link TextTools.codes} gives for them.
   */
  readonly codesOf?: readonly string[] | null
  /** for the method aggregate: the engine makes tables of statistics of lists (aggregate.ts); `apply` removes */
  readonly aggregate?: AggregateSpec
  /** true when `apply` gives null for every value: nothing to read for it */
  readonly drops?: boolean
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
  /** masking twice is masking once: own outputs pass unchanged */
  readonly idempotent: boolean
  /** writes another value that looks like a real one: refused where care is given */
  readonly invents?: boolean
  /** reads sentences: is given {@link Place.text}, and the text as sent in {@link Place.raw} */
  readonly prose?: boolean
  /** needs {@link Place.owner} */
  readonly needsOwner?: boolean
  /** may be used on references and resource ids (keep, pseudonym, drop) */
  readonly references: boolean
  /** what is left of an element of this level: keep = level, drop = 0 (rules-language.md, Which policies) */
  readonly leaves: (level: Level, params: Readonly<Record<string, unknown>>) => number
  /** extra checks at load that a schema cannot say; returns problems in words */
  readonly check?: (params: Readonly<Record<string, unknown>>, element: Element) => readonly string[]
  /** `judgesKind`: outside direct care, where a method may keep of an element with a shape only what has it */
  readonly prepare: (
    params: Readonly<Record<string, unknown>>,
    element: Element,
    effects: Effects,
    judgesKind?: boolean,
  ) => Bound
}
