/** Dictionaries: a batch from a CSV or XLSX file goes into a draft, after its conflicts and its hits were seen. */

import { Alert, App, Button, Input, Select, Tag, Upload } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { useNames } from '../i18n/names.ts'
import { DataTable } from '../parts/data-table.tsx'
import { BatchColumns, DownloadDictionary, NoDraft } from '../parts/dictionary-help.tsx'
import { Field } from '../parts/field.tsx'
import { Page, Section } from '../parts/page.tsx'
import { ProblemList } from '../parts/problem-list.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { hrefOf, usePlace } from '../router.ts'

type Batch = Schemas['DictionaryBatch']

const LIMIT = 20 * 1024 * 1024
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export default function Dictionaries() {
  const { t } = useLanguage()
  const names = useNames()
  const { may } = useSession()
  const { query } = usePlace()
  const ref = query.get('draft') ?? 'active'
  const rules = useLoaded(() => call('GET /api/rules/{ref}', { path: { ref } }), ref)
  return (
    <Page wide title={t('nav.dictionaries')} about={t('dictionary.about')}>
      <Refusal problem={rules.problem} />
      <DataTable
        rowKey="id"
        dataSource={rules.data === undefined ? [] : rules.data.dictionaries}
        columns={[
          { title: t('dictionary.name'), dataIndex: 'id', render: names.dictionary },
          { title: t('dictionary.terms'), dataIndex: 'terms' },
          {
            title: t('table.actions'),
            dataIndex: 'id',
            render: (id) => <DownloadDictionary reference={ref} id={id} />,
          },
        ]}
      />
      {may('dictionaryBatch') && rules.data !== undefined && (
        <BatchUpload names={rules.data.dictionaries.map((each) => each.id)} chosen={query.get('draft') ?? undefined} />
      )}
    </Page>
  )
}

interface Chosen {
  readonly draft: string | undefined
  readonly dictionary: string | undefined
  readonly batch: string
}

function BatchUpload({ names, chosen }: { names: readonly string[]; chosen: string | undefined }) {
  const { t } = useLanguage()
  const named = useNames()
  const { message } = App.useApp()
  const drafts = useLoaded(
    async () => (await call('GET /api/drafts', {})).drafts.filter((each) => each.mine && each.state === 'open'),
    'mine',
  )
  const [choice, setChoice] = useState<Chosen>({ draft: chosen, dictionary: names[0], batch: '' })
  const [file, setFile] = useState<File | undefined>(undefined)
  const [result, setResult] = useState<Batch | undefined>(undefined)
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const draft = choice.draft ?? drafts.data?.[0]?.id
  const send = async (mode: 'preview' | 'apply', sent: File) => {
    if (draft === undefined || choice.dictionary === undefined) return
    setBusy(true)
    try {
      const media = /\.xlsx$/i.test(sent.name) ? XLSX : 'text/csv'
      const query = mode === 'apply' ? { mode, batch: choice.batch } : { mode }
      const path = { draftId: draft, dictionary: choice.dictionary }
      setResult(await call('POST /api/drafts/{draftId}/dictionaries/{dictionary}', { path, query, body: sent, media }))
      setProblem(undefined)
      if (mode === 'apply') void message.success(t('dictionary.applied'))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
      setResult(undefined)
    } finally {
      setBusy(false)
    }
  }
  const take = (next: File) => {
    setFile(next)
    setProblem(undefined)
    if (next.size > LIMIT) void message.error(t('dictionary.tooLarge'))
    else void send('preview', next)
    return false
  }
  if (drafts.data !== undefined && drafts.data.length === 0) return <NoDraft begun={drafts.reload} />
  const numbered = /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(choice.batch)
  const clean = result !== undefined && !result.conflicts.some((each) => each.severity === 'error')
  return (
    <Section title={t('dictionary.upload')}>
      <div className="filters">
        <Field label={t('dictionary.draft')}>
          <Select
            aria-label={t('dictionary.draft')}
            value={draft}
            options={(drafts.data ?? []).map((each) => ({ value: each.id, label: each.title }))}
            onChange={(value) => setChoice({ ...choice, draft: value })}
          />
        </Field>
        <Field label={t('dictionary.name')}>
          <Select
            aria-label={t('dictionary.name')}
            value={choice.dictionary}
            options={names.map((value) => ({ value, label: named.dictionary(value) }))}
            onChange={(value) => setChoice({ ...choice, dictionary: value })}
          />
        </Field>
      </div>
      <BatchColumns />
      <Upload.Dragger accept=".csv,.xlsx" showUploadList={false} beforeUpload={take} disabled={busy}>
        <p>{file === undefined ? t('dictionary.drop') : file.name}</p>
        <p className="quiet">{t('dictionary.limits')}</p>
      </Upload.Dragger>
      <Refusal problem={problem} />
      {result !== undefined && <BatchView batch={result} file={file?.name ?? ''} />}
      {result !== undefined && file !== undefined && !result.applied && (
        <div className="actions">
          <Input
            className="batch"
            aria-label={t('dictionary.batch')}
            placeholder={t('dictionary.batch')}
            value={choice.batch}
            maxLength={64}
            onChange={(event) => setChoice({ ...choice, batch: event.target.value.trim() })}
          />
          <Button type="primary" loading={busy} disabled={!clean || !numbered} onClick={() => void send('apply', file)}>
            {t('dictionary.apply')}
          </Button>
          <span className="quiet">
            {t(clean ? (numbered ? 'dictionary.applyAbout' : 'dictionary.batchFirst') : 'dictionary.conflictsFirst')}
          </span>
        </div>
      )}
      {result?.applied === true && draft !== undefined && <a href={hrefOf('review', { draft })}>{t('edit.review')}</a>}
    </Section>
  )
}

/** Every term is data: it is shown as text wherever it stands. */
function BatchView({ batch, file }: { batch: Batch; file: string }) {
  const { t } = useLanguage()
  // the reader has their own file open in a spreadsheet, where columns have no numbers
  const placeOf = (problem: Schemas['RuleProblem']) =>
    problem.file === `${batch.dictionary}.csv` || problem.file === `${batch.dictionary}.xlsx`
      ? t('dictionary.place', { file, row: problem.line })
      : undefined
  return (
    <div data-testid="batch">
      <p>
        <Tag>{t('dictionary.rows', { n: batch.rows })}</Tag>
        <Tag color="success">{t('dictionary.added', { n: batch.added })}</Tag>
        <Tag color="processing">{t('dictionary.changed', { n: batch.changed })}</Tag>
        <Tag>{t('dictionary.same', { n: batch.same })}</Tag>
      </p>
      {batch.conflicts.length > 0 && (
        <Alert
          type={batch.conflicts.some((each) => each.severity === 'error') ? 'error' : 'warning'}
          title={t('dictionary.conflicts', { n: batch.conflicts.length })}
          description={<ProblemList problems={batch.conflicts.slice(0, 100)} placeOf={placeOf} />}
        />
      )}
      {batch.inactive > 0 && <Alert type="warning" showIcon title={t('dictionary.inactive', { n: batch.inactive })} />}
      {batch.entries.length + batch.hits.length > 0 || batch.conflicts.length === 0 ? <Found batch={batch} /> : null}
    </div>
  )
}

/** Where the terms stand, and what each row becomes. */
function Found({ batch }: { batch: Batch }) {
  const { t } = useLanguage()
  return (
    <>
      <h3>{t('dictionary.hits')}</h3>
      <p>
        {batch.hits.length === 0 && <span className="quiet">{t('dictionary.noHits')}</span>}
        {batch.hits.map((hit) => (
          <Tag key={hit.sample}>
            {hit.sample} × {hit.count}
          </Tag>
        ))}
      </p>
      <DataTable<Batch['entries'][number]>
        rowKey="row"
        dataSource={batch.entries}
        columns={[
          { title: t('dictionary.row'), dataIndex: 'row' },
          { title: t('dictionary.term'), dataIndex: 'term' },
          { title: t('diff.before'), render: (_, entry) => entry.before ?? '–' },
          { title: t('diff.after'), dataIndex: 'after' },
          { title: t('dictionary.status'), render: (_, entry) => t(`status.${entry.status}`) },
          {
            title: t('diff.what'),
            render: (_, entry) => (
              <Tag>{t(entry.change === 'added' ? 'dictionary.isNew' : 'dictionary.isChanged')}</Tag>
            ),
          },
        ]}
      />
    </>
  )
}
