/** How the gateway does: figures of the last 24 hours and the signals of the anomaly rules. Counts only. */

import { Alert, Segmented, Tag } from 'antd'
import { useState } from 'react'
import type { Figures } from '../../../report/index.ts'
import { call } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { HourBars } from '../parts/hour-bars.tsx'
import { Page, Section } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { usePolling } from '../parts/use-polling.ts'

const EVERY = 15_000
const PERIODS = [1, 7, 30] as const
const DAY = 86_400_000

export default function Ops() {
  const { t } = useLanguage()
  const [days, setDays] = useState<number>(1)
  const from = days === 1 ? {} : { from: new Date(Math.floor(Date.now() / 60_000) * 60_000 - days * DAY).toISOString() }
  const { data, problem, reload } = useLoaded(() => call('GET /api/calls/summary', { query: from }), String(days))
  usePolling(reload, EVERY)
  // the document leaves the figures open; the report's own type says what they are
  const figures = data as Figures | undefined
  return (
    <Page
      wide
      title={t('nav.ops')}
      about={t('ops.about')}
      actions={
        <Segmented
          aria-label={t('ops.period')}
          value={days}
          options={PERIODS.map((value) => ({ value, label: t('ops.days', { n: value }) }))}
          onChange={setDays}
        />
      }
    >
      <Refusal problem={problem} />
      {figures !== undefined && <Shown figures={figures} />}
      <Signals />
    </Page>
  )
}

function Shown({ figures }: { figures: Figures }) {
  const { t } = useLanguage()
  const { calls, rows, control, times } = figures
  const share = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(2)}%`)
  const time = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`)
  const tiles = [
    ['total', calls.total],
    ['denied', calls.denied],
    ['failed', calls.failed],
    ['rows', rows.delivered],
    ['control', share(control.callRate)],
    ['p95', time(times.p95)],
  ] as const
  return (
    <>
      <div className="tiles">
        {tiles.map(([key, value]) => (
          <div className="tile" key={key}>
            <span className="tile-name">{t(`ops.${key}`)}</span>
            <span className="tile-value">{value}</span>
          </div>
        ))}
      </div>
      {control.uncontrolled.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={t('ops.uncontrolled', { list: control.uncontrolled.map((each) => each.interface ?? '–').join(', ') })}
        />
      )}
      <Section title={t('ops.hours')}>
        <HourBars hours={figures.hours} />
      </Section>
      <Section title={t('ops.interfaces')}>
        <DataTable<Figures['interfaces'][number]>
          rowKey={(row) => `${row.provider} ${row.interface}`}
          empty={t('ops.none')}
          dataSource={figures.interfaces}
          columns={[
            {
              title: t('field.interface'),
              render: (_, row) => (row.interface === null ? t('ops.unmatched') : <code>{row.interface}</code>),
            },
            { title: t('ops.total'), dataIndex: 'calls' },
            { title: t('ops.denied'), dataIndex: 'denied' },
            { title: t('ops.failed'), dataIndex: 'failed' },
            { title: t('ops.rows'), dataIndex: 'rows' },
            { title: t('ops.p95'), render: (_, row) => time(row.p95) },
          ]}
        />
      </Section>
    </>
  )
}

function Signals() {
  const { t, moment, word } = useLanguage()
  const { data, problem, reload } = useLoaded(() => call('GET /api/anomalies', { query: { limit: 100 } }), 'signals')
  usePolling(reload, EVERY)
  return (
    <Section title={t('ops.signals')}>
      <Refusal problem={problem} />
      <DataTable<Schemas['Signal']>
        rowKey="id"
        empty={t('ops.quiet')}
        dataSource={data === undefined ? [] : data.signals}
        columns={[
          { title: t('history.at'), render: (_, signal) => moment(signal.at) },
          { title: t('ops.signal'), render: (_, signal) => word(`anomaly.${signal.anomaly}`) ?? signal.anomaly },
          {
            title: t('ops.severity'),
            render: (_, signal) => (
              <Tag color={signal.severity === 'critical' ? 'error' : 'warning'}>
                {word(`severity.${signal.severity}`) ?? signal.severity}
              </Tag>
            ),
          },
          { title: t('field.institution'), render: (_, signal) => signal.institution ?? '–' },
          { title: t('field.interface'), render: (_, signal) => signal.interface ?? '–' },
          { title: t('ops.count'), dataIndex: 'count' },
        ]}
      />
    </Section>
  )
}
