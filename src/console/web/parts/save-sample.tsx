/** Keeps a pasted text as a sample: only without detector hits, or on the person's word that all of it is invented. */
import { Alert, Button, Checkbox, Input, Modal, Tag } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Refusal } from './refusal.tsx'

interface SaveSampleProps {
  readonly text: string
  readonly format: string
  readonly onSaved: (id: string) => Promise<void>
}

export function SaveSample({ text, format, onSaved }: SaveSampleProps) {
  const { t, word } = useLanguage()
  const [open, setOpen] = useState(false)
  const [title, setTitle] = useState('')
  const [synthetic, setSynthetic] = useState(false)
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const save = async () => {
    try {
      const sample = await call('POST /api/samples', { body: { title: title.trim(), format, text, synthetic } })
      setOpen(false)
      await onSaved(sample.id)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('sample.save')}</Button>
      <Modal
        open={open}
        title={t('sample.save')}
        okText={t('sample.keep')}
        okButtonProps={{ disabled: title.trim() === '' }}
        onOk={() => void save()}
        onCancel={() => setOpen(false)}
      >
        <p>{t('sample.about')}</p>
        <Refusal problem={problem} />
        {problem?.hits !== undefined && (
          <p>
            {t('sample.found')}{' '}
            {problem.hits.map((hit) => (
              <Tag key={hit.detector}>
                {word(`detector.${hit.detector}`) ?? hit.detector} × {hit.count}
              </Tag>
            ))}
          </p>
        )}
        <p className="field-label">{t('sample.title')}</p>
        <Input
          aria-label={t('sample.title')}
          value={title}
          maxLength={64}
          onChange={(event) => setTitle(event.target.value)}
        />
        <Checkbox checked={synthetic} onChange={(event) => setSynthetic(event.target.checked)}>
          {t('sample.word')}
        </Checkbox>
        {synthetic && <Alert type="warning" showIcon title={t('sample.audited')} />}
      </Modal>
    </>
  )
}
