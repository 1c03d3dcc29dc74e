/** Drafts: everybody's are seen, one's own are edited. Nothing in a draft binds anybody. */

import { Button, Form, Input, Tag } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { DropButton } from '../parts/drop-button.tsx'
import { Page } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { go, hrefOf } from '../router.ts'

type Draft = Schemas['Draft']

export default function Drafts() {
  const { t, moment } = useLanguage()
  const { may } = useSession()
  const { data, problem, reload } = useLoaded(() => call('GET /api/drafts', {}), 'drafts')
  return (
    <Page wide title={t('nav.drafts')} about={t('draft.about')}>
      {may('addDraft') && <NewDraft />}
      <Refusal problem={problem} />
      <DataTable<Draft>
        rowKey="id"
        empty={t('draft.none')}
        dataSource={data === undefined ? [] : data.drafts}
        columns={[
          {
            title: t('draft.title'),
            render: (_, draft) => (
              <>
                <a href={hrefOf('edit', { draft: draft.id })}>{draft.title}</a>{' '}
                {draft.state === 'submitted' && (
                  <Tag>{t(draft.proposal === null ? 'draft.judging' : 'draft.submitted')}</Tag>
                )}
              </>
            ),
          },
          { title: t('draft.author'), render: (_, draft) => draft.author.name },
          {
            title: t('draft.files'),
            className: 'wrap',
            render: (_, draft) => (draft.changed.length === 0 ? '–' : draft.changed.join(', ')),
          },
          { title: t('draft.last'), render: (_, draft) => moment(draft.changedAt) },
          { title: t('table.actions'), render: (_, draft) => <Actions draft={draft} reload={reload} /> },
        ]}
      />
    </Page>
  )
}

function Actions({ draft, reload }: { draft: Draft; reload: () => Promise<void> }) {
  const { t } = useLanguage()
  const { may } = useSession()
  const drop = async () => {
    await call('DELETE /api/drafts/{draftId}', { path: { draftId: draft.id } })
    await reload()
  }
  return (
    <span className="row-actions">
      <Button size="small" href={hrefOf('matrix', { ref: draft.id })}>
        {t('nav.matrix')}
      </Button>
      <Button size="small" href={hrefOf('review', { draft: draft.id })}>
        {t('draft.diff')}
      </Button>
      {draft.droppable && may('deleteDraft') && (
        <DropButton
          title={t('draft.drop', { title: draft.title })}
          about={t(draft.state === 'open' ? 'draft.dropAbout' : 'draft.dropSubmitted')}
          word={t('draft.dropShort')}
          drop={drop}
        />
      )}
    </span>
  )
}

function NewDraft() {
  const { t } = useLanguage()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const begin = async ({ title }: { title: string }) => {
    try {
      const draft = await call('POST /api/drafts', { body: { title: title.trim() } })
      go('edit', { draft: draft.id })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  return (
    <>
      <Refusal problem={problem} />
      <Form layout="inline" className="new-line" onFinish={begin} requiredMark={false}>
        <Form.Item
          name="title"
          label={t('draft.newTitle')}
          rules={[{ required: true, whitespace: true, message: t('draft.needTitle') }]}
        >
          <Input className="title" maxLength={100} placeholder={t('draft.example')} />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {t('draft.begin')}
        </Button>
      </Form>
    </>
  )
}
