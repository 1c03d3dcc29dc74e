/** Who did what here, and what was refused. Never what a text held. */

import { Button, Input, Tag } from 'antd'
import { useState } from 'react'
import { addressOf, call } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Field } from '../parts/field.tsx'
import { Page } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'

type Event = Schemas['AuditEvent']

export default function Audit() {
  const { t, moment, word } = useLanguage()
  const names = useNames()
  const [since, setSince] = useState('')
  const query = { limit: 500, ...(since === '' ? {} : { since }) }
  const { data, problem } = useLoaded(() => call('GET /api/audit', { query }), since)
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
        <Field label={t('audit.since')}>
          <Input
            type="date"
            aria-label={t('audit.since')}
            value={since}
            onChange={(event) => setSince(event.target.value)}
          />
        </Field>
      </div>
      <Refusal problem={problem} />
      <DataTable<Event>
        rowKey="id"
        dataSource={data === undefined ? [] : data.events}
        columns={[
          { title: t('history.at'), render: (_, event) => moment(event.at) },
          { title: t('history.who'), render: (_, event) => event.account?.name ?? '–' },
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
              event.object === 'active' ? t('ref.activeShort') : <code>{event.object?.slice(0, 24) ?? '–'}</code>,
          },
          { title: t('audit.note'), className: 'wrap', render: (_, event) => noteOf(event.note, word, names.role) },
          { title: t('audit.address'), render: (_, event) => event.address ?? '–' },
        ]}
      />
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
