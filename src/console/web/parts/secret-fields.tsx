/** The fields every form that sets or proves a secret has: one rule for each, said in one way. */
import { Form, Input } from 'antd'
import { useLanguage } from '../i18n/language.tsx'

/** The six digits of the second factor. */
export function TotpField() {
  const { t } = useLanguage()
  return (
    <Form.Item
      name="totp"
      label={t('signIn.totp')}
      rules={[{ required: true, pattern: /^\d{6}$/, message: t('signIn.sixDigits') }]}
    >
      <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
    </Form.Item>
  )
}

/** A password that is being chosen; the server holds the same bound. */
export function NewPasswordField({ name }: { name: string }) {
  const { t } = useLanguage()
  return (
    <Form.Item
      name={name}
      label={t('account.next')}
      extra={t('account.rule')}
      rules={[{ required: true, min: 12, message: t('account.short') }]}
    >
      <Input.Password autoComplete="new-password" />
    </Form.Item>
  )
}
