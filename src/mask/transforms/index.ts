/** All methods, in the order in which docs and the console list them. */
import { ageBand } from './age-band.ts'
import { aggregate } from './aggregate.ts'
import { birth } from './birth.ts'
import { categoryCode } from './category-code.ts'
import { codesOnly } from './codes-only.ts'
import { dateShift } from './date-shift.ts'
import { drop } from './drop.ts'
import { encrypt } from './encrypt.ts'
import { fixed } from './fixed.ts'
import { hash } from './hash.ts'
import { keep } from './keep.ts'
import { keepRange } from './keep-range.ts'
import { mask } from './mask.ts'
import { maskAfter } from './mask-after.ts'
import { maskBefore } from './mask-before.ts'
import { maskEnds } from './mask-ends.ts'
import { maskRange } from './mask-range.ts'
import { month } from './month.ts'
import { noise } from './noise.ts'
import { pseudonym } from './pseudonym.ts'
import { randomId } from './random-id.ts'
import { redact } from './redact.ts'
import { region } from './region.ts'
import { round } from './round.ts'
import { scrub } from './scrub.ts'
import { substitute } from './substitute.ts'
import type { Method } from './transform.ts'
import { truncate } from './truncate.ts'
import { year } from './year.ts'

export const METHODS: readonly Method[] = [
  keep,
  redact,
  drop,
  fixed,
  mask,
  maskRange,
  keepRange,
  maskEnds,
  maskBefore,
  maskAfter,
  truncate,
  year,
  month,
  dateShift,
  ageBand,
  birth,
  region,
  categoryCode,
  substitute,
  scrub,
  codesOnly,
  pseudonym,
  hash,
  randomId,
  encrypt,
  round,
  noise,
  aggregate,
]

const BY_NAME: ReadonlyMap<string, Method> = new Map(METHODS.map((m) => [m.name, m]))

/** The method of that English name; undefined where there is none. */
export const methodByName = (name: string): Method | undefined => BY_NAME.get(name)
