/** A draft against the rules in force, and the step that makes a proposal of it. */
import { Alert, Button, Form, Input, Spin } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { useLanguage } from '../i18n/language.tsx'
import { go, hrefOf } from '../router.ts'
import { DiffTable, DiffVerdict } from './diff-table.tsx'
import { Page, Section } from './page.tsx'
import { Refusal } from './refusal.tsx'
import { Stale } from './stale.tsx'
import { useUnkept } from './unkept.ts'
import { isJudged, useJudged } from './use-judged.ts'

export function ReviewDraft({ id }: { id: string }) {
  const { t } = useLanguage()
  const { deployment } = useSignedIn()
  const lost = useUnkept(id)
  const draft = useLoaded(() => call('GET /api/drafts/{draftId}', { path: { draftId: id } }), id)
  useJudged(draft.data, draft.reload)
  const diff = useLoaded(() => call('GET /api/rules/{ref}/diff', { path: { ref: id } }), id)
  if (draft.data === undefined) return <Refusal problem={draft.problem} />
  const judged = isJudged(draft.data)
  const stale = draft.data.state === 'open' && draft.data.base !== deployment.active
  const ready =
    draft.data.mine && draft.data.state === 'open' && lost.length === 0 && (diff.data?.changes.length ?? 0) > 0
  const open = (problem: Schemas['RuleProblem']) =>
    go('edit', { draft: id, file: problem.file, line: String(problem.line) })
  return (
    <Page
      wide
      title={t('review.draft', { title: draft.data.title })}
      about={t('review.draftAbout')}
      actions={<Button href={hrefOf('edit', { draft: id })}>{t('review.back')}</Button>}
    >
      {lost.map((file) => (
        <Alert
          key={file}
          type="error"
          showIcon
          data-testid="unkept"
          title={t('review.unkept', { file })}
          action={<a href={hrefOf('edit', { draft: id, file })}>{t('review.back')}</a>}
        />
      ))}
      {stale && <Stale draft={draft.data} />}
      <Refusal problem={diff.problem} onPick={open} />
      {diff.loading && <Spin />}
      {judged && <Alert type="info" showIcon data-testid="judged" title={t('draft.judged')} />}
      {draft.data.state === 'submitted' && draft.data.proposal !== null && (
        <Alert
          type="info"
          showIcon
          title={t('review.submitted')}
          action={<a href={hrefOf('review', { proposal: draft.data.proposal })}>{t('review.seeProposal')}</a>}
        />
      )}
      {diff.data?.changes.length === 0 && <Alert type="info" showIcon title={t('review.empty')} />}
      {diff.data !== undefined && diff.data.changes.length > 0 && (
        <>
          <DiffVerdict diff={diff.data} approval={deployment.approval} />
          <DiffTable diff={diff.data} />
        </>
      )}
      {ready && diff.data !== undefined && (
        <Submit id={id} diff={diff.data} approval={deployment.approval} onPick={open} />
      )}
    </Page>
  )
}

interface SubmitProps {
  readonly id: string
  readonly diff: Schemas['Diff']
  readonly approval: 'required' | 'off'
  readonly onPick: (problem: Schemas['RuleProblem']) => void
}

function Submit({ id, diff, approval, onPick }: SubmitProps) {
  const { t } = useLanguage()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const send = async ({ reason }: { reason: string }) => {
    setBusy(true)
    try {
      const proposal = await call('POST /api/drafts/{draftId}/submit', {
        path: { draftId: id },
        body: { reason: reason.trim() },
      })
      go('review', { proposal: proposal.id })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
      setBusy(false)
    }
  }
  return (
    <Section title={t('review.submit')}>
      <p>{approval === 'off' ? t('review.next.off') : t(`review.next.${diff.class}`)}</p>
      <Refusal problem={problem} onPick={onPick} />
      <Form layout="vertical" className="narrow" requiredMark={false} onFinish={send}>
        <Form.Item
          name="reason"
          label={t('review.reason')}
          extra={t('review.reasonAbout')}
          rules={[{ required: true, whitespace: true, message: t('review.needReason') }]}
        >
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t('review.send')}
        </Button>
      </Form>
    </Section>
  )
}
