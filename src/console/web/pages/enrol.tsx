/** The first time: put the secret into an authenticator, prove it with a code, choose a password of one's own. */
import { Button, Form, QRCode, Steps } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { NewPasswordFields, TotpField } from '../parts/secret-fields.tsx'
import { Doorway } from './sign-in.tsx'

interface Values {
  readonly totp: string
  readonly password: string
}

export default function Enrol() {
  const { t } = useLanguage()
  const { enter, leave } = useSession()
  const [secret, setSecret] = useState<Schemas['TotpSecret'] | undefined>(undefined)
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const asked = useRef(false)
  const attempt = async (act: () => Promise<void>) => {
    try {
      await act()
      setProblem(undefined)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; asking again makes another secret
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    void attempt(async () => setSecret(await call('POST /api/session/totp', {})))
  }, [])
  const send = (values: Values) =>
    attempt(async () =>
      enter(
        await call('POST /api/session/totp/confirm', { body: { totp: values.totp.trim(), password: values.password } }),
      ),
    )
  return (
    <Doorway title={t('enrol.title')}>
      <p className="about">{t('enrol.about')}</p>
      <Refusal problem={problem} />
      <Steps
        orientation="vertical"
        size="small"
        items={[
          // neither is done before both are
          { title: t('enrol.app'), status: 'process', content: secret && <Secret secret={secret} /> },
          { title: t('enrol.prove'), status: 'process', content: <Proof send={send} /> },
        ]}
      />
      <Button type="link" onClick={() => void leave()}>
        {t('app.signOut')}
      </Button>
    </Doorway>
  )
}

function Secret({ secret }: { secret: Schemas['TotpSecret'] }) {
  const { t } = useLanguage()
  return (
    <div className="secret">
      <QRCode value={secret.uri} type="svg" size={168} aria-label={t('enrol.code')} />
      <p>{t('enrol.byHand')}</p>
      <code data-testid="totp-secret">{secret.secret}</code>
    </div>
  )
}

function Proof({ send }: { send: (values: Values) => Promise<void> }) {
  const { t } = useLanguage()
  return (
    <Form layout="vertical" requiredMark={false} onFinish={send}>
      <TotpField />
      <NewPasswordFields name="password" />
      <Button type="primary" htmlType="submit" block>
        {t('enrol.done')}
      </Button>
    </Form>
  )
}
