/** The engine as its parts (groups, references) see it while one payload is treated. */
import type { Edits } from '../base/splice.ts'
import type { Counts } from './counts.ts'
import type { Cursor } from './cursor.ts'
import type { Element } from './model.ts'
import type { Decision, Document, Plan, Raise, Why } from './plan.ts'
import type { Quick } from './quick.ts'
import type { Candidate } from './site.ts'
import type { Tape } from './tape.ts'
import type { Place } from './transforms/transform.ts'

export type Outcome = 'kept' | 'replaced' | 'removed'
/** Called for every leaf the engine decided; only explain and rule tests listen. */
export type Observer = (index: number, element: Element | null, why: Why, outcome: Outcome, method: string) => void

/** What a policy treats in the fields of a payload, looked for in others. */
export interface KnownHere {
  holds(raw: string): boolean
  /** of UTF-8 bytes in a record that was not raised; false is certain */
  mayHold(source: Buffer, start: number, end: number): boolean
}

export interface Run {
  readonly plan: Plan
  readonly doc: Document
  readonly tape: Tape
  readonly edits: Edits
  readonly counts: Counts
  readonly observe: Observer | null
  readonly cursor: Cursor
  /** how far content raised the innermost open record */
  readonly raise: Raise
  /** the byte road of a site, null where it has none */
  quickAt(site: number): Quick | null
  removeScope(index: number): void
  /** known values of the payload, asked at a leaf */
  textAt(index: number): KnownHere
  /** a kept leaf, judged by kind where the decision says so */
  keep(index: number, element: Element, decision: Decision, raw: string): void
  place(
    index: number,
    element: Element,
    candidate: Candidate,
    value: string,
    companion?: string | null,
    raw?: string,
  ): Place
  /** text where the carrier admits it, else the leaf goes; null removes */
  write(index: number, result: string | null, element: Element | null, why: Why, method: string): void
}
