/** Whether what was typed is safe on the server. */
import { useLanguage } from '../i18n/language.tsx'
import type { Keeping } from './use-draft-file.ts'

export function KeepingNote({ state }: { state: Keeping }) {
  const { t } = useLanguage()
  return (
    <span className={`keeping keeping-${state}`} role="status" data-testid="keeping" data-state={state}>
      {t(`keeping.${state}`)}
    </span>
  )
}
