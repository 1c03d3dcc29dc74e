/** From any line to the editor: nothing in force is ever edited, so the reader picks a draft or begins one. */
import { Button, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { go } from '../router.ts'
import { Refusal } from './refusal.tsx'

interface EditInDraftProps {
  readonly reference: string
  readonly file: string
  readonly element?: string
  readonly title: string
}

const NEW = 'new'

export function EditInDraft({ reference, file, element, title }: EditInDraftProps) {
  const { t, moment } = useLanguage()
  const [drafts, setDrafts] = useState<readonly Schemas['Draft'][] | undefined>(undefined)
  const [choice, setChoice] = useState(NEW)
  const [name, setName] = useState(title)
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  const ask = () =>
    attempt(async () => {
      const mine = (await call('GET /api/drafts', {})).drafts.filter((each) => each.mine && each.state === 'open')
      const shown = mine.find((each) => each.id === reference)
      if (shown !== undefined) return go('edit', { draft: shown.id, file, element })
      setChoice(mine[0]?.id ?? NEW)
      setDrafts(mine)
    })
  const enter = () =>
    attempt(async () => {
      const id = choice === NEW ? (await call('POST /api/drafts', { body: { title: name.trim() } })).id : choice
      setDrafts(undefined)
      go('edit', { draft: id, file, element })
    })
  return (
    <>
      <Button type="primary" onClick={() => void ask()}>
        {t('draft.editLine')}
      </Button>
      {drafts === undefined && <Refusal problem={problem} />}
      <Modal
        open={drafts !== undefined}
        title={t('draft.where')}
        okText={t('draft.go')}
        okButtonProps={{ disabled: choice === NEW && name.trim() === '' }}
        onOk={() => void enter()}
        onCancel={() => setDrafts(undefined)}
      >
        <p>{t('draft.safe')}</p>
        <Refusal problem={problem} />
        <Radio.Group
          className="choices"
          value={choice}
          onChange={(event) => setChoice(String(event.target.value))}
          options={[
            ...(drafts ?? []).map((each) => ({
              value: each.id,
              label: t('draft.continue', { title: each.title, at: moment(each.changedAt) }),
            })),
            { value: NEW, label: t('draft.new') },
          ]}
        />
        {choice === NEW && (
          <Input
            aria-label={t('draft.title')}
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Modal>
    </>
  )
}
