/** One proposal: who wants what and why, its signatures, and the steps open to this reader. */
import { Alert, App, Button, Descriptions, Spin, Tag } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { hrefOf } from '../router.ts'
import { ClassTag, classOf } from './class-tag.tsx'
import { Closed, Closing } from './closing.tsx'
import { DiffTable, DiffVerdict } from './diff-table.tsx'
import { Hash } from './hash.tsx'
import { Nodes } from './nodes.tsx'
import { Page, Section } from './page.tsx'
import { Refusal } from './refusal.tsx'
import { ShadowPanel } from './shadow-panel.tsx'
import { SignAct } from './sign-act.tsx'
import { usePolling } from './use-polling.ts'

type Proposal = Schemas['Proposal']

/** ms: others sign or refuse while one looks */
const EVERY = 10_000

export function ReviewProposal({ id }: { id: string }) {
  const { t, moment } = useLanguage()
  const { may } = useSession()
  const { deployment } = useSignedIn()
  const { data, problem, reload } = useLoaded(
    () => call('GET /api/proposals/{proposalId}', { path: { proposalId: id } }),
    id,
  )
  usePolling(reload, EVERY)
  const diff = useLoaded(
    () => call('GET /api/rules/{ref}/diff', { path: { ref: id }, query: { against: data?.parent ?? 'active' } }),
    `${id} ${data?.parent}`,
  )
  if (data === undefined) return <Refusal problem={problem} />
  return (
    <Page
      wide
      title={data.reason}
      about={t('review.proposalAbout', { author: data.author, at: moment(data.at) })}
      actions={<Button href={hrefOf('changes')}>{t('nav.changes')}</Button>}
    >
      <Descriptions
        size="small"
        bordered
        column={{ xs: 1, sm: 1, md: 2 }}
        items={[
          {
            key: 'state',
            label: t('change.state'),
            children: (
              <Tag data-testid="state" data-state={data.state}>
                {t(`state.${data.state}`)}
              </Tag>
            ),
          },
          { key: 'class', label: t('change.class'), children: <ClassTag value={classOf(data)} /> },
          {
            key: 'signed',
            label: t('review.signatures'),
            children:
              data.state === 'draft' && deployment.approval === 'required'
                ? `${t('change.signatures', { n: data.signed.length, of: data.needs })} ${data.signed.join(', ')}`
                : '–',
          },
          { key: 'tests', label: t('review.tests'), children: t('proof.tests', data.tests) },
          { key: 'hash', label: t('review.hash'), children: <Hash value={data.hash} /> },
          { key: 'parent', label: t('review.parent'), children: <Hash value={data.parent} /> },
        ]}
      />
      <Closed proposal={data} />
      <Steps proposal={data} reload={reload} />
      <Section title={t('review.changes')}>
        <Refusal problem={diff.problem} />
        {diff.data === undefined && diff.loading && <Spin />}
        {diff.data !== undefined && (
          <>
            <DiffVerdict
              diff={diff.data}
              approval={deployment.approval}
              step={data.state === 'draft' ? 'release' : 'none'}
            />
            <DiffTable diff={diff.data} />
          </>
        )}
      </Section>
      {may('getShadow') && deployment.source === 'store' && data.state !== 'active' && <ShadowPanel proposal={data} />}
      <Section title={t('nodes.title')}>
        <Nodes />
      </Section>
    </Page>
  )
}

interface StepsProps {
  readonly proposal: Proposal
  readonly reload: () => Promise<void>
}

/** The steps open now: each says what it brings about before it is taken. */
function Steps({ proposal, reload }: StepsProps) {
  const { t } = useLanguage()
  const { may } = useSession()
  const { account, deployment } = useSignedIn()
  const enough = deployment.approval === 'off' || proposal.signed.length >= proposal.needs
  const signable = deployment.approval === 'required' && may('approve') && !proposal.signed.includes(account.name)
  if (proposal.state !== 'draft') return <Looking proposal={proposal} reload={reload} signable={signable} />
  const own = proposal.author === account.name
  return (
    <Section title={t('review.steps')}>
      {own && proposal.class === 'looser' && !enough && (
        <Alert type="warning" showIcon title={t('review.ownLoosening')} data-testid="own-loosening" />
      )}
      <div className="actions">
        {signable && !enough && (
          <SignAct
            act="release"
            id={proposal.id}
            label={t('review.sign')}
            about={t('review.signAbout')}
            reason={proposal.reason}
            done={reload}
          />
        )}
        {may('activate') && enough && <Activate proposal={proposal} reload={reload} />}
        <Closing proposal={proposal} reload={reload} />
      </div>
      {deployment.source === 'folder' && <Alert type="info" showIcon title={t('home.folder')} />}
      {!enough && <p className="quiet">{t('review.waits', { n: proposal.needs - proposal.signed.length })}</p>}
    </Section>
  )
}

function Activate({ proposal, reload }: StepsProps) {
  const { t } = useLanguage()
  const { refresh } = useSession()
  const { message } = App.useApp()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      const path = { proposalId: proposal.id }
      await call('POST /api/proposals/{proposalId}/activate', { path, body: { reason: proposal.reason } })
      void message.success(t('review.activated'))
      await Promise.all([reload(), refresh()])
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Refusal problem={problem} />
      <Button type="primary" loading={busy} onClick={() => void run()}>
        {t('review.activate')}
      </Button>
      <span className="quiet">{t('review.activateAbout')}</span>
    </>
  )
}

/** A tightening one person released is looked at by another afterwards. */
function Looking({ proposal, reload, signable }: StepsProps & { signable: boolean }) {
  const { t } = useLanguage()
  if (!proposal.toReview) return null
  return (
    <Section title={t('review.steps')}>
      <p>{t('review.toReview')}</p>
      {signable && (
        <SignAct act="review" id={proposal.id} label={t('review.look')} about={t('review.lookAbout')} done={reload} />
      )}
    </Section>
  )
}
