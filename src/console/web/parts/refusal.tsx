/** What the server refused and why, in the reader's language, with the code support asks for. */
import { Alert } from 'antd'
import type { ReactNode } from 'react'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { ProblemList } from './problem-list.tsx'

interface RefusalProps {
  readonly problem: Schemas['Problem'] | undefined
  readonly action?: ReactNode
  /** leads to the place of a problem of the rules */
  readonly onPick?: ((problem: Schemas['RuleProblem']) => void) | undefined
}

export function Refusal({ problem, action, onPick }: RefusalProps) {
  const { lang, t } = useLanguage()
  if (problem === undefined) return null
  const text = lang === 'zh' ? problem.messageZh : problem.messageEn
  const wait =
    problem.retryAfter === undefined ? '' : ` ${t('refusal.wait', { n: Math.ceil(problem.retryAfter / 60) })}`
  return (
    <Alert
      className="refusal"
      type="error"
      showIcon
      role="alert"
      title={
        <>
          {text}
          {wait} <code className="code">{problem.code}</code>
        </>
      }
      description={
        problem.problems === undefined ? undefined : (
          <>
            {problem.code === 'GATE_TESTS' && <p>{t('proof.testsAbout')}</p>}
            <ProblemList problems={problem.problems} onPick={onPick} />
          </>
        )
      }
      action={action}
    />
  )
}
