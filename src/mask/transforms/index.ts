/** All methods, in the order in which docs and the console list them. */
import { ageBand } from './age-band.ts'
import { birth } from './birth.ts'
import { drop } from './drop.ts'
import { keep } from './keep.ts'
import { mask } from './mask.ts'
import { month } from './month.ts'
import { pseudonym } from './pseudonym.ts'
import { redact } from './redact.ts'
import { region } from './region.ts'
import { substitute } from './substitute.ts'
import type { Method } from './transform.ts'
import { truncate } from './truncate.ts'
import { year } from './year.ts'

export const METHODS: readonly Method[] = [
  keep,
  redact,
  drop,
  mask,
  truncate,
  year,
  month,
  ageBand,
  birth,
  region,
  substitute,
  pseudonym,
]

const BY_NAME: ReadonlyMap<string, Method> = new Map(METHODS.map((m) => [m.name, m]))

/** The method of that English name; undefined where there is none. */
export const methodByName = (name: string): Method | undefined => BY_NAME.get(name)
