/** A page that failed says so and offers a way on; a blank screen would leave its reader guessing. */
import { Alert, Button } from 'antd'
import { Component, type ReactNode } from 'react'
import { useLanguage } from '../i18n/language.tsx'

export class Broken extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    return this.state.failed ? <Apology /> : this.props.children
  }
}

function Apology() {
  const { t } = useLanguage()
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('broken.title')}
      description={t('broken.about')}
      action={<Button onClick={() => window.location.reload()}>{t('broken.reload')}</Button>}
    />
  )
}
