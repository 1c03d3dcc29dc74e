/** That a candidate runs beside the rules in force, and which. */
import { Alert } from 'antd'
import { useLanguage } from '../i18n/language.tsx'
import { hrefOf } from '../router.ts'
import { shortHash } from './hash.tsx'
import { useShadow } from './use-shadow.ts'

export function ShadowNote() {
  const { t, moment } = useLanguage()
  const run = useShadow().data?.run
  if (run == null) return null
  return (
    <Alert
      type="info"
      showIcon
      title={t('shadow.other.on', { hash: shortHash(run.hash), until: moment(run.until) })}
      action={<a href={hrefOf('review', { proposal: run.bundle })}>{t('shadow.see')}</a>}
    />
  )
}
