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

/** A password that is being chosen, twice: a slip would shut its owner out. The server holds the same bound. */
export function NewPasswordFields({ name }: { name: string }) {
  const { t } = useLanguage()
  return (
    <>
      <Form.Item
        name={name}
        label={t('account.next')}
        extra={t('account.rule')}
        rules={[{ required: true, min: 12, message: t('account.short') }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('account.again')}
        dependencies={[name]}
        rules={[
          ({ getFieldValue }) => ({
            validator: async (_, value) => {
              if (value !== getFieldValue(name)) throw new Error(t('account.differs'))
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  )
}
