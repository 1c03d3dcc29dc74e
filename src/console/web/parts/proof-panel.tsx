/** Below the editor: problems of the whole folder, and the rule tests that pass or fail. */
import { Alert, Spin } from 'antd'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Section } from './page.tsx'
import { ProblemList } from './problem-list.tsx'
import { Refusal } from './refusal.tsx'
import type { Proof } from './use-proof.ts'

interface ProofPanelProps {
  readonly proof: Proof
  readonly onPick: (problem: Schemas['RuleProblem']) => void
}

export function ProofPanel({ proof, onPick }: ProofPanelProps) {
  const { t } = useLanguage()
  const { check, tests } = proof
  return (
    <Section title={t('proof.title')} extra={proof.running ? <Spin size="small" /> : undefined}>
      <Refusal problem={proof.refused} />
      <div className="proof" data-testid="proof" aria-live="polite">
        {check !== undefined && (
          <Alert
            type={check.errors > 0 ? 'error' : check.warnings > 0 ? 'warning' : 'success'}
            showIcon
            title={
              check.errors > 0
                ? t('proof.errors', { n: check.errors, w: check.warnings })
                : t('proof.compiles', { w: check.warnings })
            }
            description={
              check.problems.length > 0 ? (
                <ProblemList problems={check.problems.slice(0, 100)} onPick={onPick} />
              ) : undefined
            }
          />
        )}
        {tests !== undefined && (
          <Alert
            type={tests.failed > 0 ? 'error' : 'success'}
            showIcon
            title={t('proof.tests', { passed: tests.passed, failed: tests.failed })}
            description={
              tests.problems.length > 0 ? (
                <>
                  {tests.failed > 0 && <p>{t('proof.testsAbout')}</p>}
                  <ProblemList problems={tests.problems.slice(0, 100)} onPick={onPick} />
                </>
              ) : undefined
            }
          />
        )}
      </div>
    </Section>
  )
}
