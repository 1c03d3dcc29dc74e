/** The contract of a payload format: one file each, listed in index.ts. */

import type { Position } from '../../base/problem.ts'
import type { Steps } from '../../base/steps.ts'
import type { UnknownName } from '../drift.ts'
import type { Binding, FormatName, RuleSet } from '../model.ts'
import type { Interest, Reader } from '../plan.ts'

/** What a reader needs to know besides the rules. */
export interface ReaderOptions {
  /** bindings of this interface join those of the format; null = the format's alone */
  readonly interfaceId: string | null
  /** row path of the entry in JSONPath, or null: what is one record of a JSON payload */
  readonly rows: string | null
  /** keys with characters outside A-Z a-z 0-9 _ - . are payload too: `unknown` is neither keep nor scrub */
  readonly strictKeys: boolean
  /** JSON outside FHIR: what becomes of a number or boolean whose result is text */
  readonly onTypeConflict: 'string' | 'null' | 'drop'
  /** NDJSON: what one line holds */
  readonly lines: 'json' | 'fhir'
  /** told of names neither bound nor defined, once or more; absent = nobody asks */
  readonly unknownName?: UnknownName
}

/** Why a selector was refused: where in its text (characters from 0) and in words. */
export interface SelectorError {
  readonly error: string
  readonly offset: number
}

/** Two bindings of different elements that are equally narrow on one place. */
export interface Conflict {
  readonly a: Binding
  readonly b: Binding
  /** the place, in the format's notation */
  readonly where: string
}

export interface Format {
  readonly name: FormatName
  readonly mediaTypes: readonly string[]
  /** can these first bytes be this format? Never decides alone: the directory names the format. */
  readonly sniff: (head: Uint8Array) => boolean
  /** Checks one binding's selector; null when it is sound. */
  readonly check: (binding: Pick<Binding, 'path' | 'key' | 'within' | 'pair'>) => SelectorError | null
  /** Pairs of bindings no reader could decide between; empty when every place has one narrowest. */
  readonly conflicts: (rules: RuleSet) => Steps<readonly Conflict[]>
  /** Builds the reader. Throws Error on a selector that `check` refuses: rules are checked at load. */
  readonly compile: (rules: RuleSet, options: ReaderOptions, interest: Interest) => Reader
}

export type { Position }
