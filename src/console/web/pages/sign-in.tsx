/** Name, password and the six digits. One message whatever was wrong: the server tells nobody which part it was. */
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Languages } from '../parts/frame.tsx'
import { Refusal } from '../parts/refusal.tsx'

export default function SignIn() {
  const { t } = useLanguage()
  const { enter, expired } = useSession()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const send = async (values: { name: string; password: string; totp?: string }) => {
    setBusy(true)
    try {
      enter(await call('POST /api/session', { body: { ...values, totp: (values.totp ?? '').replace(/\s/g, '') } }))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Doorway title={t('signIn.title')}>
      {expired && problem === undefined && <Alert type="info" showIcon title={t('signIn.expired')} role="status" />}
      <Refusal problem={problem} />
      <Form layout="vertical" requiredMark={false} onFinish={send} disabled={busy}>
        <Form.Item name="name" label={t('signIn.name')} rules={[{ required: true, message: t('signIn.needName') }]}>
          <Input autoComplete="username" autoCapitalize="none" autoCorrect="off" autoFocus spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('signIn.needPassword') }]}
        >
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item
          name="totp"
          label={t('signIn.totp')}
          extra={t('signIn.totpFirst')}
          rules={[{ pattern: /^(\s*\d){6}\s*$|^$/, message: t('signIn.sixDigits') }]}
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={7} />
        </Form.Item>
        <Button type="primary" htmlType="submit" block loading={busy}>
          {t('signIn.go')}
        </Button>
      </Form>
    </Doorway>
  )
}

/** The card in front of the house, for signing in and for the first time. */
export function Doorway({ title, children }: { title: string; children: React.ReactNode }) {
  const { t } = useLanguage()
  return (
    <main className="doorway">
      <div className="card">
        <div className="brand">
          <img src="./mark.svg" alt="" width={32} height={32} />
          <span>{t('app.name')}</span>
          <span className="spring" />
          <Languages />
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  )
}
