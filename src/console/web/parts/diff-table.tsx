/** Changes per cell, loosenings first: what stood before, what would stand after, and the lines of both. */

import { Empty, Tag } from 'antd'
import { useMemo } from 'react'
import { call } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { ClassTag } from './class-tag.tsx'
import { DataTable } from './data-table.tsx'
import { type GroupedChange, groupedChanges, isBare, partWords } from './grouped-changes.ts'

type Diff = Schemas['Diff']
type Change = Schemas['Change']
type Rules = Schemas['Rules']

export function DiffTable({ diff }: { diff: Diff }) {
  const { t, pick } = useLanguage()
  // names only: whichever rules are in force know most of them
  const { data: rules } = useLoaded(() => call('GET /api/rules/{ref}', { path: { ref: 'active' } }), 'active')
  const words = useChangeWords(rules)
  const groups = useMemo(() => groupedChanges(diff.changes), [diff])
  if (groups.length === 0) return <Empty description={t('diff.none')} image={Empty.PRESENTED_IMAGE_SIMPLE} />
  return (
    <DataTable<GroupedChange<Change>>
      rowKey="key"
      dataSource={groups}
      columns={[
        { title: t('diff.class'), render: (_, { change }) => <ClassTag value={change.class} /> },
        {
          title: t('diff.what'),
          className: 'wrap',
          render: (_, { change, count }) => (
            <>
              {words.what(change)} {count > 1 && <Tag>{t('diff.times', { n: count })}</Tag>}
            </>
          ),
        },
        { title: t('diff.before'), render: (_, { change }) => <Side side={change.before} text={words.said(change)} /> },
        { title: t('diff.after'), render: (_, { change }) => <Side side={change.after} text={words.said(change)} /> },
        { title: t('diff.message'), className: 'wrap', render: (_, { change }) => pick(change.message) },
      ]}
    />
  )
}

function useChangeWords(rules: Rules | undefined) {
  const { lang, word, t } = useLanguage()
  const names = useNames()
  /** `mask { first: 3 }` with the method's own name in front */
  const treatment = (text: string): string => {
    if (lang !== 'zh') return text
    return text.replace(/^[a-z][a-z0-9-]*/, (name) => rules?.methods.find((each) => each.name === name)?.zh ?? name)
  }
  const column = (text: string) =>
    text
      .split(', ')
      .map(caller)
      .join(lang === 'zh' ? '、' : ', ')
  const caller = (text: string) => {
    const named = /^policy:(.+)$/.exec(text)?.[1]
    if (named !== undefined) return `${t('cell.policy')} ${named}`
    const [role = '', scenario] = text.split('/')
    return scenario === undefined ? names.role(role) : `${names.role(role)} / ${names.scenario(scenario)}`
  }
  return {
    what: (change: Change): string => {
      const element = rules?.elements.find((each) => each.id === change.element)
      const parts = [
        partWords(change.what, word) ?? word(`what.${change.what}`) ?? change.what,
        change.column == null ? '' : column(change.column),
        change.element == null ? '' : names.element(change.element, element?.zh ?? ''),
      ]
      return parts.filter((part) => part !== '').join(' · ')
    },
    /** What stands at one side: the treatment in words; of a part named by its path, its line alone. */
    said: (change: Change) => (isBare(change) ? () => '' : treatment),
  }
}

function Side({ side, text }: { side: Schemas['Side'] | null | undefined; text: (text: string) => string }) {
  if (side == null) return <span className="quiet">–</span>
  return (
    <>
      {text(side.text) !== '' && <strong>{text(side.text)}</strong>}
      {side.at !== null && (
        <code className="sub">
          {side.at.file}:{side.at.line}
        </code>
      )}
    </>
  )
}

interface VerdictProps {
  readonly diff: Diff
  readonly approval: 'required' | 'off'
  /** a rollback takes one signature whatever it changes; of what is over, nothing is to be said */
  readonly step?: 'release' | 'rollback' | 'none'
}

/** The class of the whole and what it takes, in one sentence. */
export function DiffVerdict({ diff, approval, step = 'release' }: VerdictProps) {
  const { t } = useLanguage()
  const groups = useMemo(() => groupedChanges(diff.changes), [diff])
  const count = (name: Change['class']) => groups.filter(({ change }) => change.class === name).length
  const back = t(approval === 'off' ? 'diff.rollbackOff' : 'diff.takes.rollback')
  const release = approval === 'off' ? t('diff.noApproval') : t(`diff.takes.${diff.class}`, { n: diff.needs })
  const takes = { release, rollback: back, none: '' }[step]
  return (
    <div className="verdict" data-testid="verdict" data-class={diff.class}>
      <ClassTag value={diff.class} />
      {takes !== '' && <span>{takes}</span>}
      <span>
        {(['looser', 'tighter', 'same'] as const).map((name) =>
          count(name) === 0 ? null : (
            <Tag key={name}>
              {t(`class.${name}`)} {count(name)}
            </Tag>
          ),
        )}
      </span>
    </div>
  )
}
