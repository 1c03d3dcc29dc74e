/** Data a page shows: loaded when its key changes, again on demand; a reply that comes too late is dropped. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { Refused } from './client.ts'
import type { Schemas } from './types.ts'

export interface Loaded<T> {
  readonly data: T | undefined
  readonly problem: Schemas['Problem'] | undefined
  readonly loading: boolean
  readonly reload: () => Promise<void>
  readonly set: (data: T) => void
}

export function useLoaded<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [data, setData] = useState<T | undefined>(undefined)
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const [loading, setLoading] = useState(true)
  const latest = useRef(load)
  latest.current = load
  const turn = useRef(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when what is loaded changes
  const reload = useCallback(async () => {
    turn.current += 1
    const mine = turn.current
    setLoading(true)
    try {
      const next = await latest.current()
      if (mine !== turn.current) return
      setData(next)
      setProblem(undefined)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (mine === turn.current) setProblem(error.problem)
    } finally {
      if (mine === turn.current) setLoading(false)
    }
  }, [key])
  useEffect(() => {
    void reload()
  }, [reload])
  return { data, problem, loading, reload, set: setData }
}
