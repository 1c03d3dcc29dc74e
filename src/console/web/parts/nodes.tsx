/** Which node runs which rules: asked again every two seconds, so that an activation is seen to arrive. */

import { Tag } from 'antd'
import { call } from '../api/client.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { DataTable } from './data-table.tsx'
import { Hash } from './hash.tsx'
import { Refusal } from './refusal.tsx'
import { usePolling } from './use-polling.ts'

const EVERY = 2000

export function Nodes() {
  const { t, moment } = useLanguage()
  const { data, problem, reload } = useLoaded(() => call('GET /api/nodes', {}), 'nodes')
  usePolling(reload, EVERY)
  return (
    <>
      <Refusal problem={problem} />
      <DataTable
        rowKey="node"
        dataSource={data === undefined ? [] : data.nodes}
        empty={t('nodes.none')}
        columns={[
          { title: t('nodes.node'), dataIndex: 'node' },
          { title: t('nodes.runs'), dataIndex: 'hash', render: (hash: string | null) => <Hash value={hash} /> },
          {
            title: t('nodes.state'),
            dataIndex: 'current',
            render: (current: boolean) =>
              current ? <Tag color="success">{t('nodes.current')}</Tag> : <Tag color="error">{t('nodes.behind')}</Tag>,
          },
          { title: t('nodes.since'), dataIndex: 'since', render: moment },
          { title: t('nodes.seen'), dataIndex: 'seen', render: moment },
        ]}
      />
    </>
  )
}
