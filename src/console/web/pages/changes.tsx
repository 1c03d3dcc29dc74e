/** What was submitted: waiting, released, rejected. */

import { Tag } from 'antd'
import { call } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { ClassTag, classOf } from '../parts/class-tag.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Hash } from '../parts/hash.tsx'
import { Page } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { ShadowNote } from '../parts/shadow-note.tsx'
import { usePolling } from '../parts/use-polling.ts'
import { hrefOf } from '../router.ts'

const COLOURS = { draft: 'warning', refused: 'error', withdrawn: 'default', active: 'success', past: 'default' }

/** ms: what others submit, sign or refuse meanwhile */
const EVERY = 10_000

export default function Changes() {
  const { t, moment } = useLanguage()
  const { may } = useSession()
  const { approval } = useSignedIn().deployment
  const { data, problem, reload } = useLoaded(() => call('GET /api/proposals', {}), 'proposals')
  usePolling(reload, EVERY)
  return (
    <Page title={t('nav.changes')} about={t('change.about')}>
      <Refusal problem={problem} />
      {may('getShadow') && <ShadowNote />}
      <DataTable<Schemas['Proposal']>
        rowKey="id"
        empty={t('change.none')}
        dataSource={data === undefined ? [] : data.proposals}
        columns={[
          {
            title: t('change.title'),
            render: (_, each) => <a href={hrefOf('review', { proposal: each.id })}>{each.reason}</a>,
          },
          { title: t('change.class'), render: (_, each) => <ClassTag value={classOf(each)} /> },
          {
            title: t('change.state'),
            render: (_, each) => (
              <>
                <Tag color={COLOURS[each.state]}>{t(`state.${each.state}`)}</Tag>
                {each.toReview && <Tag color="warning">{t('change.toReview')}</Tag>}
              </>
            ),
          },
          {
            title: t('change.signed'),
            render: (_, each) =>
              each.state === 'draft' && approval === 'required'
                ? t('change.signatures', { n: each.signed.length, of: each.needs })
                : '–',
          },
          { title: t('draft.author'), render: (_, each) => each.author },
          { title: t('history.bundle'), render: (_, each) => <Hash value={each.hash} /> },
          { title: t('change.at'), render: (_, each) => moment(each.at) },
        ]}
      />
    </Page>
  )
}
