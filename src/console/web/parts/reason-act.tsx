/** An act that nobody signs and that needs a reason: what it brings about, the reason, then it is done. */
import { Alert, Button, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Refusal } from './refusal.tsx'

interface ReasonActProps {
  readonly label: string
  /** of the dialog; the label if left out */
  readonly title?: string
  readonly small?: boolean
  /** a comparison stands in the dialog */
  readonly wide?: boolean
  readonly children?: ReactNode
  /** what happens then, said before the button */
  readonly about: ReactNode
  /** the dialog closes when it is done; a refusal is shown in it */
  readonly run: (reason: string) => Promise<unknown>
}

export function ReasonAct({ label, title, small, wide, about, children, run }: ReasonActProps) {
  const { t } = useLanguage()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const go = async () => {
    setBusy(true)
    try {
      await run(text.trim())
      setOpen(false)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button danger size={small === true ? 'small' : 'middle'} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal
        open={open}
        width={wide === true ? 900 : 520}
        title={title ?? label}
        okText={label}
        okButtonProps={{ danger: true, loading: busy, disabled: text.trim() === '' }}
        onOk={() => void go()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Alert type="warning" showIcon title={about} />
        <Refusal problem={problem} />
        {open && children}
        <p className="field-label">{t('sign.reasonNeeded')}</p>
        <Input.TextArea
          aria-label={t('sign.reason')}
          rows={2}
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Modal>
    </>
  )
}
