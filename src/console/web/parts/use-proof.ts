/** What the compiler and the rule tests say of a draft, asked again whenever the server has kept a new text. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { expectedOf, messageOf } from './problem-list.tsx'
import type { LineProblem } from './yaml-editor.tsx'

export interface Proof {
  readonly check: Schemas['Check'] | undefined
  /** undefined while they run, or cannot run for errors */
  readonly tests: Schemas['TestReport'] | undefined
  readonly running: boolean
  readonly refused: Schemas['Problem'] | undefined
  readonly linesOf: (path: string, lang: 'zh' | 'en') => LineProblem[]
}

interface State {
  readonly check?: Schemas['Check'] | undefined
  readonly tests?: Schemas['TestReport'] | undefined
  readonly running: boolean
  readonly refused?: Schemas['Problem'] | undefined
}

export function useProof(draft: string, kept: number, mayTest: boolean): Proof {
  const [state, setState] = useState<State>({ running: false })
  const turn = useRef(0)
  useEffect(() => {
    if (kept === 0) return
    turn.current += 1
    const mine = turn.current
    const tell = (next: State) => mine === turn.current && setState((old) => ({ ...old, ...next }))
    const ask = async () => {
      tell({ running: true })
      try {
        const check = await call('GET /api/rules/{ref}/problems', { path: { ref: draft } })
        const testable = mayTest && check.errors === 0
        tell({ check, running: testable, refused: undefined, tests: undefined })
        if (!testable) return
        const tests = await call('POST /api/rules/{ref}/tests', { path: { ref: draft }, body: { files: [] } })
        tell({ tests, running: false })
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        tell({ running: false, refused: error.problem })
      }
    }
    void ask()
  }, [draft, kept, mayTest])
  return useMemo<Proof>(() => {
    const all = [...(state.check?.problems ?? []), ...(state.tests?.problems ?? [])]
    return {
      check: state.check,
      tests: state.tests,
      running: state.running,
      refused: state.refused,
      linesOf: (path, lang) =>
        all
          .filter((problem) => problem.file === path)
          .map((problem) => ({
            line: problem.line,
            column: problem.col,
            severity: problem.severity,
            message: [messageOf(problem, lang), expectedOf(problem, lang)]
              .filter((part) => part !== undefined)
              .join(' – '),
          })),
    }
  }, [state])
}
