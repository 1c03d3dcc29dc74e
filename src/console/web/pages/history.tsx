/** Every release with who, when and why; the way back to any of them; and which node runs what. */

import { Alert, App, Button, Spin, Tag } from 'antd'
import { call, Refused } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { ClassTag, classOf } from '../parts/class-tag.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { DiffTable, DiffVerdict } from '../parts/diff-table.tsx'
import { Hash, shortHash } from '../parts/hash.tsx'
import { Nodes } from '../parts/nodes.tsx'
import { Page, Section } from '../parts/page.tsx'
import { ReasonAct } from '../parts/reason-act.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { SignAct } from '../parts/sign-act.tsx'
import { hrefOf } from '../router.ts'

type Release = Schemas['Release']

export default function History() {
  const { t, moment, pick } = useLanguage()
  const { may } = useSession()
  const { refresh } = useSession()
  const { data, problem, reload } = useLoaded(() => call('GET /api/history', { query: { limit: 200 } }), 'history')
  const releases = data?.releases ?? []
  const done = async () => {
    await Promise.all([reload(), refresh()])
  }
  return (
    <Page wide title={t('nav.history')} about={t('history.about')}>
      <Section title={t('nodes.title')}>
        <Nodes />
      </Section>
      <Section title={t('history.releases')}>
        <Refusal problem={problem} />
        {releases.some((each) => each.unproved !== null) && (
          <Alert type="error" showIcon title={t('history.unprovedAbout')} />
        )}
        <DataTable<Release>
          rowKey="seq"
          empty={t('history.none')}
          dataSource={releases}
          columns={[
            { title: t('history.at'), render: (_, each) => moment(each.at) },
            {
              title: t('history.action'),
              render: (_, each) => (
                <>
                  {each.unproved === null ? t(actionOf(each, releases)) : <s>{t(actionOf(each, releases))}</s>}{' '}
                  {each.alarm && <Tag color="error">{t('history.alarm')}</Tag>}
                  {each.unproved !== null && (
                    <Tag color="error" title={each.unproved.code} data-testid="unproved">
                      {t('history.unproved')}
                    </Tag>
                  )}
                </>
              ),
            },
            { title: t('history.bundle'), render: (_, each) => <Hash value={each.hash} /> },
            {
              title: t('change.class'),
              render: (_, each) => <ClassTag value={each.unproved === null ? classOf(each) : null} />,
            },
            { title: t('history.who'), render: (_, each) => [...new Set([each.who, ...each.signers])].join(', ') },
            {
              title: t('change.reason'),
              className: 'wrap',
              render: (_, each) => (each.unproved === null ? each.reason : pick(each.unproved)),
            },
            {
              title: t('table.actions'),
              shown: may('getMatrix'),
              className: 'sticky-end',
              render: (_, each) => <Actions release={each} done={done} />,
            },
          ]}
        />
      </Section>
    </Page>
  )
}

/** Going back is an activation, too: of a bundle that was in force before. */
function actionOf(entry: Release, all: readonly Release[]) {
  if (entry.kind === 'shadow' && entry.bundle === null) return 'action.shadowEnd'
  const before = (each: Release) =>
    each.kind === 'activated' && each.unproved === null && each.seq < entry.seq && each.bundle === entry.bundle
  if (entry.kind === 'activated' && (entry.class === 'rollback' || all.some(before))) return 'action.back'
  return `action.${entry.kind}` as const
}

function Actions({ release, done }: { release: Release; done: () => Promise<void> }) {
  const { t } = useLanguage()
  const { may } = useSession()
  const { deployment } = useSignedIn()
  if (release.bundle === null || release.kind !== 'activated' || release.unproved !== null) return null
  const ran = release.hash !== deployment.active
  const mayGoBack = may(deployment.approval === 'off' ? 'activate' : 'approve') && ran
  if (!may('getMatrix') && !mayGoBack) return null
  return (
    <span className="row-actions">
      {may('getMatrix') && (
        <Button size="small" href={hrefOf('matrix', { ref: release.bundle })}>
          {t('nav.matrix')}
        </Button>
      )}
      {mayGoBack && <RollBack id={release.bundle} hash={release.hash ?? release.bundle} done={done} />}
    </span>
  )
}

function RollBack({ id, hash, done }: { id: string; hash: string; done: () => Promise<void> }) {
  const { t, lang } = useLanguage()
  const { message } = App.useApp()
  const { deployment } = useSignedIn()
  if (deployment.approval === 'off')
    return (
      <ReasonAct
        small
        wide
        label={t('history.back')}
        title={t('history.backTo', { hash: shortHash(hash) })}
        about={t('history.backOff')}
        run={async (reason) => {
          await call('POST /api/proposals/{proposalId}/activate', { path: { proposalId: id }, body: { reason } })
          void message.success(t('history.wentBack'))
          await done()
        }}
      >
        <BackDiff id={id} />
      </ReasonAct>
    )
  return (
    <SignAct
      small
      danger
      wide
      act="rollback"
      id={id}
      label={t('history.back')}
      title={t('history.backTo', { hash: shortHash(hash) })}
      about={t('history.backAbout')}
      done={async (_, reason) => {
        try {
          await call('POST /api/proposals/{proposalId}/activate', { path: { proposalId: id }, body: { reason } })
          void message.success(t('history.wentBack'))
        } catch (error) {
          if (!(error instanceof Refused)) throw error
          void message.error(lang === 'zh' ? error.problem.messageZh : error.problem.messageEn)
        }
        await done()
      }}
    >
      <BackDiff id={id} />
    </SignAct>
  )
}

function BackDiff({ id }: { id: string }) {
  const { t } = useLanguage()
  const { deployment } = useSignedIn()
  const { data, problem } = useLoaded(
    () => call('GET /api/rules/{ref}/diff', { path: { ref: id }, query: { against: 'active' } }),
    id,
  )
  if (problem !== undefined) return <Refusal problem={problem} />
  if (data === undefined) return <Spin />
  return (
    <>
      {data.class === 'looser' && <Alert type="error" showIcon title={t('history.looser')} />}
      <DiffVerdict diff={data} approval={deployment.approval} step="rollback" />
      <DiffTable diff={data} />
    </>
  )
}
