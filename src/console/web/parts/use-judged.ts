/** A draft that is being checked: asked about again until it is a proposal, or open. */
import { useEffect } from 'react'
import type { Schemas } from '../api/types.ts'

/** ms */
const EVERY = 1000

export const isJudged = ({ state, proposal }: Pick<Schemas['Draft'], 'state' | 'proposal'>): boolean =>
  state === 'submitted' && proposal === null

export function useJudged(draft: Schemas['Draft'] | undefined, reload: () => Promise<void>): void {
  useEffect(() => {
    if (draft === undefined || !isJudged(draft)) return
    const timer = window.setTimeout(() => void reload(), EVERY)
    return () => window.clearTimeout(timer)
  }, [draft, reload])
}
