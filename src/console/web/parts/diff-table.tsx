/** Changes per cell, loosenings first: what stood before, what would stand after, and the lines of both. */

import { Empty, Spin, Tag } from 'antd'
import { useMemo } from 'react'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { ClassTag } from './class-tag.tsx'
import { DataTable } from './data-table.tsx'
import { type GroupedChange, groupedChanges, isBare, partWords } from './grouped-changes.ts'
import { Refusal } from './refusal.tsx'
import { useTreatment } from './treatment.tsx'
import { type Ground, useGround } from './use-ground.ts'

type Diff = Schemas['Diff']
type Change = Schemas['Change']

/** whoever, and whatever for, no line names */
const OTHERS = '*'

export function DiffTable({ diff }: { diff: Diff }) {
  const { t } = useLanguage()
  // names only: whichever rules are in force know most of them
  const { ground, rules } = useGround('active')
  const groups = useMemo(() => groupedChanges(diff.changes), [diff])
  if (groups.length === 0) return <Empty description={t('diff.none')} image={Empty.PRESENTED_IMAGE_SIMPLE} />
  if (ground === undefined) return rules.problem === undefined ? <Spin /> : <Refusal problem={rules.problem} />
  return <Rows groups={groups} ground={ground} />
}

function Rows({ groups, ground }: { groups: readonly GroupedChange<Change>[]; ground: Ground }) {
  const { t, pick } = useLanguage()
  const words = useChangeWords(ground)
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
        { title: t('diff.before'), render: (_, { change }) => <Side side={change.before} said={words.said(change)} /> },
        { title: t('diff.after'), render: (_, { change }) => <Side side={change.after} said={words.said(change)} /> },
        { title: t('diff.message'), className: 'wrap', render: (_, { change }) => pick(change.message) },
      ]}
    />
  )
}

function useChangeWords(ground: Ground) {
  const { lang, word, t } = useLanguage()
  const names = useNames()
  const treatment = useTreatment(ground)
  const inWords = ({ method, params, text }: Schemas['Side']): string =>
    method === undefined ? text : treatment({ method, params: params ?? {} })
  const column = (text: string) =>
    text
      .split(', ')
      .map(caller)
      .join(lang === 'zh' ? '、' : ', ')
  const at = (id: string): string => {
    const zh = ground.rules.institutions.find((each) => each.id === id)?.zh ?? id
    return lang === 'zh' ? `（${zh}）` : ` (${id})`
  }
  const caller = (text: string) => {
    const named = /^policy:(.+)$/.exec(text)?.[1]
    if (named !== undefined) return `${t('cell.policy')} ${named}`
    const [role = '', rest] = text.split('/')
    const by = role === OTHERS ? t('diff.otherRole') : names.role(role)
    if (rest === undefined) return by
    const [scenario = '', institution] = rest.split('@')
    const during = scenario === OTHERS ? t('diff.otherScenario') : names.scenario(scenario)
    return `${by} / ${during}${institution === undefined ? '' : at(institution)}`
  }
  return {
    what: (change: Change): string => {
      const element = ground.rules.elements.find((each) => each.id === change.element)
      const parts = [
        partWords(change.what, word) ?? word(`what.${change.what}`) ?? change.what,
        change.column == null ? '' : column(change.column),
        change.element == null ? '' : names.element(change.element, element?.zh ?? ''),
      ]
      return parts.filter((part) => part !== '').join(' · ')
    },
    /** What stands at one side: the treatment in words; of a part named by its path, its line alone. */
    said: (change: Change) => (isBare(change) ? () => '' : inWords),
  }
}

interface SideProps {
  readonly side: Schemas['Side'] | null | undefined
  readonly said: (side: Schemas['Side']) => string
}

function Side({ side, said }: SideProps) {
  if (side == null) return <span className="quiet">–</span>
  const text = said(side)
  return (
    <>
      {text !== '' && <strong>{text}</strong>}
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
