/**
 * Keep by kind outside direct care: a kept text or code is a value of its kind, holds nothing a detector knows, and none
 * of the values this policy treats in the fields of the same payload (domain.md E20 b: in all its strings).
 */
import { fitsKind } from './kinds.ts'
import type { Element, Kind } from './model.ts'
import type { Run } from './run.ts'

/** Numbers, dates and ages have a shape no name fits; a name is a person's own where its element is kept. */
export const holdsOthers = (kind: Kind): boolean => kind === 'text' || kind === 'code'

export const isOfItsKind = (run: Run, index: number, { kind }: Element, raw: string): boolean =>
  fitsKind(kind, raw) && !(holdsOthers(kind) && run.textAt(index).holds(raw))
