/** The compiler's problems: place, what is wrong, what was expected. Errors stand before warnings. */
import { Tag } from 'antd'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'

type Problem = Schemas['RuleProblem']

interface ProblemListProps {
  readonly problems: readonly Problem[]
  readonly onPick?: ((problem: Problem) => void) | undefined
  /** what a place is called where its reader has the file open elsewhere */
  readonly placeOf?: (problem: Problem) => string | undefined
}

export function ProblemList({ problems, onPick, placeOf }: ProblemListProps) {
  const { lang, t } = useLanguage()
  const sorted = problems.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
  return (
    <ul className="problems">
      {sorted.map((problem, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be alike in every field
        <li key={index}>
          <Tag color={problem.severity === 'error' ? 'error' : 'warning'}>{t(`problem.${problem.severity}`)}</Tag>
          <Place problem={problem} onPick={onPick} named={placeOf?.(problem)} /> <span>{messageOf(problem, lang)}</span>
          {expectedOf(problem, lang) !== undefined && (
            <span className="expected">
              {' '}
              {t('problem.expected')} {expectedOf(problem, lang)}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

interface PlaceProps {
  readonly problem: Problem
  readonly onPick: ProblemListProps['onPick']
  readonly named: string | undefined
}

function Place({ problem, onPick, named }: PlaceProps) {
  if (named !== undefined) return <strong>{named}</strong>
  const text = `${problem.file}:${problem.line}:${problem.col}`
  if (onPick === undefined) return <code>{text}</code>
  return (
    <button type="button" className="link" onClick={() => onPick(problem)}>
      <code>{text}</code>
    </button>
  )
}

export function messageOf(problem: Problem, lang: 'zh' | 'en'): string {
  return problem[lang]?.message ?? problem.message
}

/** What would have been right; a problem that has but one language tells it in that. */
export function expectedOf(problem: Problem, lang: 'zh' | 'en'): string | undefined {
  return (problem[lang] ?? problem).expected
}
