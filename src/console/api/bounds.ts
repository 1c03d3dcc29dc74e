/**
 * How much officers may keep: a draft is a whole copy of the rules, and the disk it lies on is also the gateway's. What is
 * refused here was not written, and what was kept before stays.
 */
import type { Workshop } from '../../ports/workshop.ts'
import { Refusal } from './failure.ts'

const MIB = 1 << 20

export interface Bounds {
  /** open drafts of one account */
  readonly open: number
  /** bytes of the drafts of one account, submitted ones too */
  readonly own: number
  /** drafts of everybody, submitted ones too */
  readonly drafts: number
  /** bytes of the drafts of everybody */
  readonly bytes: number
  /** saved samples of everybody */
  readonly samples: number
}

export const BOUNDS: Bounds = { open: 20, own: 256 * MIB, drafts: 500, bytes: 1024 * MIB, samples: 200 }

/** Throws Refusal TOO_MANY_DRAFTS, DRAFTS_TOO_LARGE, DRAFTS_FULL. `bytes`: of the draft that would begin. */
export function roomToBegin(workshop: Workshop, bounds: Bounds, author: string, bytes: number): void {
  const sizes = workshop.draftSizes()
  if (sizes.filter((d) => d.author === author && d.state === 'open').length >= bounds.open)
    throw new Refusal('TOO_MANY_DRAFTS')
  if (sizes.length >= bounds.drafts) throw new Refusal('DRAFTS_FULL')
  roomToGrow(workshop, bounds, author, bytes)
}

/** Throws Refusal DRAFTS_TOO_LARGE, DRAFTS_FULL. `more`: bytes; what makes a draft smaller is always kept. */
export function roomToGrow(workshop: Workshop, bounds: Bounds, author: string, more: number): void {
  if (more <= 0) return
  const sizes = workshop.draftSizes()
  const sum = (of: typeof sizes): number => of.reduce((total, { bytes }) => total + bytes, more)
  if (sum(sizes.filter((d) => d.author === author)) > bounds.own) throw new Refusal('DRAFTS_TOO_LARGE')
  if (sum(sizes) > bounds.bytes) throw new Refusal('DRAFTS_FULL')
}

/** As the store counts them. */
export const sizeOf = (text: string | null): number => (text === null ? 0 : Buffer.byteLength(text))
