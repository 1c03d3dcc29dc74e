/**
 * One signature: the act and what it brings about, a reason, then the exact text comes from the server, is signed by the
 * key of this browser and goes back.
 */
import { Alert, Button, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { hrefOf } from '../router.ts'
import { Refusal } from './refusal.tsx'
import { useSigner } from './use-signer.ts'

type Request = Schemas['StatementRequest']

interface SignActProps {
  readonly act: Request['act']
  readonly id?: string
  readonly subject?: string
  readonly label: string
  /** of the dialog; the label if left out */
  readonly title?: string
  /** what happens then, said before the button */
  readonly about: ReactNode
  readonly reason?: string
  /** members of the statement besides what it is about */
  readonly more?: Pick<Request, 'share' | 'minutes'>
  readonly danger?: boolean
  /** a comparison stands in the dialog */
  readonly wide?: boolean
  readonly small?: boolean
  readonly children?: ReactNode
  readonly done: (verdict: Schemas['Verdict'], reason: string) => Promise<void> | void
}

export function SignAct(props: SignActProps) {
  const [open, setOpen] = useState(false)
  const { label, danger, small } = props
  return (
    <>
      <Button
        type={danger === true ? 'default' : 'primary'}
        danger={danger === true}
        size={small === true ? 'small' : 'middle'}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      {open && <Signing {...props} close={() => setOpen(false)} />}
    </>
  )
}

function Signing({
  act,
  id,
  subject,
  label,
  title,
  about,
  reason,
  danger,
  wide,
  more,
  children,
  done,
  close,
}: SignActProps & { close: () => void }) {
  const { t } = useLanguage()
  const signer = useSigner()
  const [text, setText] = useState(reason ?? '')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const run = async () => {
    setBusy(true)
    try {
      const named = { ...(id === undefined ? {} : { id }), ...(subject === undefined ? {} : { subject }) }
      const body = { act, reason: text.trim(), ...named, ...more }
      const statement = await call('POST /api/statements', { body })
      const jws = await signer.sign(statement.payload, statement.typ)
      const verdict = await call('POST /api/approvals', { body: { jws } })
      await done(verdict, text.trim())
      close()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      width={wide === true ? 900 : 520}
      title={title ?? label}
      okText={t('sign.now')}
      okButtonProps={{ danger: danger === true, loading: busy, disabled: signer.key == null || text.trim() === '' }}
      onOk={() => void run()}
      onCancel={close}
    >
      <Alert type={danger === true ? 'warning' : 'info'} showIcon title={about} />
      <Refusal problem={problem} />
      {signer.key === null && (
        <Alert
          type="error"
          showIcon
          title={t('sign.noKey')}
          action={<a href={hrefOf('approvers')}>{t('sign.makeKey')}</a>}
        />
      )}
      {children}
      <p className="field-label">{t('sign.reasonNeeded')}</p>
      <Input.TextArea
        aria-label={t('sign.reason')}
        rows={2}
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Modal>
  )
}
