/** One's own account: what it may do, and a new password. */
import { App, Button, Form, Input, Tag } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Page, Section } from '../parts/page.tsx'
import { Refusal } from '../parts/refusal.tsx'
import { NewPasswordFields, TotpField } from '../parts/secret-fields.tsx'

export default function Account() {
  const { t, moment } = useLanguage()
  const { enter } = useSession()
  const { message } = App.useApp()
  const { account, endsAt } = useSignedIn()
  const [form] = Form.useForm<Schemas['PasswordChange']>()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const send = async ({ current, next, totp }: Schemas['PasswordChange']) => {
    try {
      enter(await call('POST /api/session/password', { body: { current, next, totp } }))
      setProblem(undefined)
      form.resetFields()
      void message.success(t('account.changed'))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  return (
    <Page title={account.displayName} about={t('account.about', { name: account.name, until: moment(endsAt) })}>
      <p>
        {account.roles.map((role) => (
          <Tag key={role} color="blue">
            {t(`role.${role}`)}
          </Tag>
        ))}
      </p>
      <Section title={t('account.password')}>
        <Refusal problem={problem} />
        <Form form={form} className="narrow" layout="vertical" requiredMark={false} onFinish={send}>
          <Form.Item
            name="current"
            label={t('account.current')}
            rules={[{ required: true, message: t('signIn.needPassword') }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <NewPasswordFields name="next" />
          <TotpField />
          <Button type="primary" htmlType="submit">
            {t('account.change')}
          </Button>
        </Form>
      </Section>
    </Page>
  )
}
