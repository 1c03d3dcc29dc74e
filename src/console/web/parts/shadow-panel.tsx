/** A candidate tried on live traffic before anybody is bound by it: begin, see the counts come in, end. Counts only. */
import { Alert, Select } from 'antd'
import { useState } from 'react'
import { call } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { DataTable } from './data-table.tsx'
import { Field } from './field.tsx'
import { Section } from './page.tsx'
import { ReasonAct } from './reason-act.tsx'
import { Refusal } from './refusal.tsx'
import { ShadowNote } from './shadow-note.tsx'
import { SignAct } from './sign-act.tsx'
import { useShadow } from './use-shadow.ts'

type Counted = { readonly node: string; readonly counts: Schemas['ShadowCounts'] }

export function ShadowPanel({ proposal }: { proposal: Schemas['Proposal'] }) {
  const { t, moment } = useLanguage()
  const { may } = useSession()
  const { deployment } = useSignedIn()
  const { data, problem, reload } = useShadow()
  if (data === undefined) return <Refusal problem={problem} />
  const { run } = data
  const here = run?.bundle === proposal.id
  const counted = data.nodes.filter(({ counts }) => counts.bundle === proposal.id)
  const mayBegin = run === null && proposal.state === 'draft' && may('approve')
  if (run === null && counted.length === 0 && !mayBegin) return null
  return (
    <Section title={t('shadow.title')}>
      <p className="quiet">{t('shadow.about')}</p>
      <Refusal problem={problem} />
      {here && (
        <Alert
          type="info"
          showIcon
          data-testid="shadow-on"
          title={t('shadow.on', { share: percent(run.share), until: moment(run.until) })}
          action={
            may('stopShadow') ? (
              <ReasonAct
                label={t('shadow.stop')}
                about={t('shadow.stopAbout')}
                run={async (reason) => {
                  await call('POST /api/shadow/stop', { body: { reason } })
                  await reload()
                }}
              />
            ) : undefined
          }
        />
      )}
      {run !== null && !here && <ShadowNote />}
      {(here || counted.length > 0) && <Counts counted={counted} />}
      {mayBegin && <Begin id={proposal.id} approval={deployment.approval} reload={reload} />}
    </Section>
  )
}

function Begin({ id, approval, reload }: { id: string; approval: 'required' | 'off'; reload: () => Promise<void> }) {
  const { t } = useLanguage()
  if (approval === 'off') return <Alert type="info" showIcon title={t('shadow.unsigned')} />
  return <Start id={id} reload={reload} />
}

const SHARES = [0.01, 0.05, 0.2, 1] as const
const MINUTES = [15, 60, 240, 1440] as const

const percent = (share: number): string => `${Math.round(share * 1000) / 10}%`

function Start({ id, reload }: { id: string; reload: () => Promise<void> }) {
  const { t } = useLanguage()
  const [share, setShare] = useState<number>(SHARES[1])
  const [minutes, setMinutes] = useState<number>(MINUTES[1])
  return (
    <SignAct
      act="shadow"
      id={id}
      label={t('shadow.start')}
      about={t('shadow.startAbout')}
      reason={t('shadow.reason')}
      more={{ share, minutes }}
      done={reload}
    >
      <div className="filters">
        <Field label={t('shadow.share')}>
          <Select
            aria-label={t('shadow.share')}
            value={share}
            options={SHARES.map((value) => ({ value, label: percent(value) }))}
            onChange={setShare}
          />
        </Field>
        <Field label={t('shadow.for')}>
          <Select
            aria-label={t('shadow.for')}
            value={minutes}
            options={MINUTES.map((value) => ({ value, label: t('shadow.minutes', { n: value }) }))}
            onChange={setMinutes}
          />
        </Field>
      </div>
    </SignAct>
  )
}

function Counts({ counted }: { counted: readonly Counted[] }) {
  const { t } = useLanguage()
  return (
    <DataTable<Counted>
      rowKey="node"
      empty={t('shadow.waiting')}
      dataSource={counted}
      columns={[
        { title: t('nodes.node'), dataIndex: 'node' },
        { title: t('shadow.calls'), render: (_, { counts }) => counts.calls },
        { title: t('shadow.differing'), render: (_, { counts }) => counts.differing },
        { title: t('shadow.tighter'), render: (_, { counts }) => counts.tighter },
        { title: t('shadow.looser'), render: (_, { counts }) => counts.looser },
        { title: t('shadow.other'), render: (_, { counts }) => counts.other },
        { title: t('shadow.skipped'), render: (_, { counts }) => counts.skipped },
        {
          title: t('shadow.errors'),
          render: (_, { counts }) =>
            Object.entries(counts.errors)
              .map(([code, n]) => `${code} ${n}`)
              .join(', ') || '–',
        },
      ]}
    />
  )
}
