/** An address that names no page, or one that is not open to this account. */
import { useLanguage } from '../i18n/language.tsx'
import { Page } from '../parts/page.tsx'
import { hrefOf } from '../router.ts'

export default function Missing() {
  const { t } = useLanguage()
  return (
    <Page title={t('missing.title')} about={t('missing.about')}>
      <a href={hrefOf('home')}>{t('missing.home')}</a>
    </Page>
  )
}
