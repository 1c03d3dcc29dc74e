/** What runs now, and what waits for this reader. */
import { Alert, Button, Tag } from 'antd'
import { call } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { ClassTag } from '../parts/class-tag.tsx'
import { Hash } from '../parts/hash.tsx'
import { Nodes } from '../parts/nodes.tsx'
import { Page, Section } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { usePolling } from '../parts/use-polling.ts'
import { hrefOf } from '../router.ts'

/** ms: what others submit, sign or refuse meanwhile */
const EVERY = 10_000

export default function Home() {
  const { t } = useLanguage()
  const { may } = useSession()
  const { account, deployment } = useSignedIn()
  return (
    <Page title={t('home.title', { name: account.displayName })} about={t('home.about')}>
      <div className="tiles">
        <div className="tile">
          <span className="tile-name">{t('home.running')}</span>
          <span className="tile-value">
            <Hash value={deployment.active} />
          </span>
          <span>{deployment.source === 'store' ? t('home.store') : t('home.folder')}</span>
        </div>
        <div className="tile">
          <span className="tile-name">{t('home.approval')}</span>
          <span className="tile-value">
            {deployment.approval === 'required' ? (
              <Tag color="success">{t('home.required')}</Tag>
            ) : (
              <Tag color="error">{t('home.off')}</Tag>
            )}
          </span>
          <span>{t(deployment.approval === 'required' ? 'home.approvalAbout' : 'home.offAbout')}</span>
        </div>
      </div>
      {may('listProposals') && <Waiting />}
      {may('listDrafts') && may('addDraft') && <Mine />}
      <Section title={t('nodes.title')}>
        <Nodes />
      </Section>
    </Page>
  )
}

function Waiting() {
  const { t } = useLanguage()
  const { may } = useSession()
  const { account, deployment } = useSignedIn()
  const signatures = ({ state, signed, needs }: Schemas['Proposal']) =>
    deployment.approval === 'off' ? t(`state.${state}`) : t('change.signatures', { n: signed.length, of: needs })
  const { data, problem, reload } = useLoaded(() => call('GET /api/proposals', {}), 'proposals')
  usePolling(reload, EVERY)
  const open = data?.proposals.filter((each) => each.state === 'draft' || each.toReview) ?? []
  return (
    <Section title={t('home.waiting')}>
      <Refusal problem={problem} />
      {data !== undefined && open.length === 0 && <p className="quiet">{t('home.nothing')}</p>}
      <ul className="list">
        {open.map((each) => (
          <li key={each.id}>
            <a href={hrefOf('review', { proposal: each.id })}>{each.reason}</a> <ClassTag value={each.class} />
            <span className="quiet">
              {' '}
              {each.author} · {each.toReview ? t('change.toReview') : signatures(each)}
            </span>
            {may('approve') &&
              deployment.approval === 'required' &&
              !each.signed.includes(account.name) &&
              each.author !== account.name && (
                <Alert className="inline" type="warning" title={each.toReview ? t('home.toReview') : t('home.yours')} />
              )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Mine() {
  const { t, moment } = useLanguage()
  const { data, problem } = useLoaded(() => call('GET /api/drafts', {}), 'drafts')
  const proposals = useLoaded(() => call('GET /api/proposals', {}), 'proposals')
  const mine = data?.drafts.filter((each) => each.mine && each.state === 'open') ?? []
  const back = (data?.drafts ?? []).flatMap((each) => {
    const ended =
      each.mine && proposals.data?.proposals.find(({ id, state }) => id === each.proposal && state === 'refused')
    return ended ? [ended] : []
  })
  return (
    <Section
      title={t('home.drafts')}
      extra={
        <Button size="small" href={hrefOf('drafts')}>
          {t('home.allDrafts')}
        </Button>
      }
    >
      <Refusal problem={problem} />
      {data !== undefined && mine.length + back.length === 0 && <p className="quiet">{t('home.noDrafts')}</p>}
      <ul className="list">
        {back.map((each) => (
          <li key={each.id}>
            <a href={hrefOf('review', { proposal: each.id })}>{each.reason}</a>
            <Alert className="inline" type="error" title={t('home.refused', { reason: each.closed?.reason ?? '' })} />
          </li>
        ))}
        {mine.map((each) => (
          <li key={each.id}>
            <a href={hrefOf('edit', { draft: each.id })}>{each.title}</a>{' '}
            <span className="quiet">
              {t('draft.changed', { n: each.changed.length })} · {moment(each.changedAt)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
