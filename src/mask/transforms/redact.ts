import { KINDS } from '../model.ts'
import { MARK, NO_PARAMS } from './marks.ts'
import type { Bound, Method } from './transform.ts'

const STAR = 42

const bytes: NonNullable<Bound['bytes']> = (_source, _start, _end, target, at) => {
  target[at] = STAR
  target[at + 1] = STAR
  target[at + 2] = STAR
  return at + 3
}

/** Own tokens are treated like any value: a token still links, a mark does not. */
export const redact: Method = {
  name: 'redact',
  zh: '遮蔽',
  summary: { zh: '以 *** 代替', en: 'puts *** in its place' },
  kinds: KINDS,
  params: NO_PARAMS,
  idempotent: true,
  references: false,
  leaves: (level) => level * 0.05,
  prepare: (params) => ({ method: redact, params, apply: () => MARK, bytes, keeps: false }),
}
