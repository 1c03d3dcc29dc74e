/** A draft whose ground has changed: what others released meanwhile is carried into it, or where both changed is told. */
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { Refusal } from './refusal.tsx'

export function Stale({ draft }: { draft: Schemas['Draft'] }) {
  const { t } = useLanguage()
  const { may } = useSession()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const carry = async () => {
    try {
      await call('POST /api/drafts/{draftId}/rebase', { path: { draftId: draft.id } })
      window.location.reload()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  return (
    <>
      <Alert
        type="warning"
        showIcon
        data-testid="stale"
        title={t('draft.stale')}
        action={
          draft.mine && may('rebaseDraft') ? (
            <Button size="small" onClick={() => void carry()}>
              {t('draft.carry')}
            </Button>
          ) : undefined
        }
      />
      <Refusal problem={problem} />
    </>
  )
}
