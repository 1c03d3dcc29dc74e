/** Who did what here, and what was refused. Never what a text held. */

import { Button, Tag } from 'antd'
import { useState } from 'react'
import { addressOf, call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { DataTable } from '../parts/data-table.tsx'
import { DateField } from '../parts/date-field.tsx'
import { Page } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'

type Event = Schemas['AuditEvent']

/** events that are asked for at once */
const PAGE = 500

export default function Audit() {
  const { t, moment, word } = useLanguage()
  const names = useNames()
  const [since, setSince] = useState('')
  const query = { limit: PAGE, ...(since === '' ? {} : { since }) }
  const { data, problem, set } = useLoaded(() => call('GET /api/audit', { query }), since)
  // the day since which nothing older is left
  const [over, setOver] = useState<string | undefined>(undefined)
  const [refused, setRefused] = useState<Schemas['Problem'] | undefined>(undefined)
  const oldest = data?.events.at(-1)?.id
  const more = oldest !== undefined && over !== since && data!.events.length % PAGE === 0
  const older = async () => {
    try {
      const { events } = await call('GET /api/audit', { query: { ...query, before: oldest! } })
      if (events.length === 0) setOver(since)
      set({ events: [...data!.events, ...events] })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setRefused(error.problem)
    }
  }
  return (
    <Page
      wide
      title={t('nav.audit')}
      about={t('audit.about')}
      actions={
        <Button href={addressOf('GET /api/audit', {}, { ...query, limit: 1000, as: 'csv' })} download="audit.csv">
          {t('matrix.csv')}
        </Button>
      }
    >
      <div className="filters">
        <DateField
          label={t('audit.since')}
          value={since === '' ? undefined : since}
          onChange={(day) => setSince(day ?? '')}
        />
      </div>
      <Refusal problem={problem ?? refused} />
      <DataTable<Event>
        rowKey="id"
        dataSource={data === undefined ? [] : data.events}
        columns={[
          { title: t('history.at'), render: (_, event) => moment(event.at) },
          {
            title: t('history.who'),
            render: (_, { account }) =>
              account === null ? (
                '–'
              ) : (
                <>
                  {account.name} {account.login !== null && <code className="sub">{account.login}</code>}
                </>
              ),
          },
          {
            title: t('history.action'),
            render: (_, event) => word(`op.${event.action}`) ?? <code>{event.action}</code>,
          },
          {
            title: t('audit.outcome'),
            render: (_, event) => (
              <Tag color={event.outcome === 'ok' ? 'success' : 'error'}>
                {event.outcome === 'ok' ? t('audit.ok') : `${t('audit.refused')} ${event.outcome}`}
              </Tag>
            ),
          },
          {
            title: t('audit.object'),
            render: (_, event) =>
              event.object === 'active' ? (
                t('ref.activeShort')
              ) : (
                <code title={event.object ?? undefined}>
                  {event.objectLogin ?? event.object?.replace('sha256:', '').slice(0, 10) ?? '–'}
                </code>
              ),
          },
          { title: t('audit.note'), className: 'wrap', render: (_, event) => noteOf(event.note, word, names.role) },
          { title: t('audit.address'), render: (_, event) => event.address ?? '–' },
        ]}
      />
      {more && <Button onClick={() => void older()}>{t('audit.older')}</Button>}
    </Page>
  )
}

/** Ids, counts and digests, as the event has them. */
const noteOf = (note: Event['note'], word: (key: string) => string | undefined, role: (id: string) => string): string =>
  Object.entries(note ?? {})
    .filter(([, value]) => value !== '')
    .map(
      ([key, value]) =>
        `${word(`note.${key}`) ?? key} ${key === 'role' ? role(String(value)) : (word(`note.${value}`) ?? shortened(String(value)))}`,
    )
    .join(' · ') || '–'

const shortened = (value: string): string => value.replace(/^(?:sha256:)?([0-9a-f]{10})[0-9a-f]{54}$/, '$1')
