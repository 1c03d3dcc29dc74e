/** How a proposal ends without a release: refused by an approver, withdrawn by its author; and the way on from there. */
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { call, Refused } from '../api/client.ts'
import { useSession, useSignedIn } from '../api/session.tsx'
import type { Schemas } from '../api/types.ts'
import { useLanguage } from '../i18n/language.tsx'
import { go } from '../router.ts'
import { ReasonAct } from './reason-act.tsx'
import { Refusal } from './refusal.tsx'
import { SignAct } from './sign-act.tsx'

interface ClosingProps {
  readonly proposal: Schemas['Proposal']
  readonly reload: () => Promise<void>
}

/** The two ways out of a proposal that waits. */
export function Closing({ proposal, reload }: ClosingProps) {
  const { t } = useLanguage()
  const { may } = useSession()
  const { account, deployment } = useSignedIn()
  const path = { proposalId: proposal.id }
  if (proposal.author === account.name)
    return may('withdrawProposal') ? (
      <ReasonAct
        label={t('close.withdraw')}
        about={t('close.withdrawAbout')}
        run={async (reason) => {
          await call('POST /api/proposals/{proposalId}/withdraw', { path, body: { reason } })
          await reload()
        }}
      />
    ) : null
  if (!may('refuseProposal')) return null
  if (deployment.approval === 'required')
    return (
      <SignAct
        danger
        act="refuse"
        id={proposal.id}
        label={t('close.refuse')}
        about={t('close.refuseAbout')}
        done={reload}
      />
    )
  return (
    <ReasonAct
      label={t('close.refuse')}
      about={t('close.refuseAbout')}
      run={async (reason) => {
        await call('POST /api/proposals/{proposalId}/refuse', { path, body: { reason } })
        await reload()
      }}
    />
  )
}

/** Who ended it and why; its author goes on in the same draft. */
export function Closed({ proposal }: Pick<ClosingProps, 'proposal'>) {
  const { t, moment } = useLanguage()
  const { may } = useSession()
  const { account } = useSignedIn()
  const [problem, setProblem] = useState<Schemas['Problem'] | undefined>(undefined)
  const { closed, state } = proposal
  if (closed === null) return null
  const resume = async () => {
    try {
      const { drafts } = await call('GET /api/drafts', {})
      const draft = drafts.find((each) => each.mine && each.proposal === proposal.id)
      if (draft === undefined) return go('drafts')
      await call('POST /api/drafts/{draftId}/reopen', { path: { draftId: draft.id } })
      go('edit', { draft: draft.id })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.problem)
    }
  }
  const who = { by: closed.by, at: moment(closed.at) }
  return (
    <>
      <Alert
        type={state === 'refused' ? 'error' : 'info'}
        showIcon
        data-testid="closed"
        title={state === 'refused' ? t('close.refusedBy', who) : t('close.withdrawnBy', who)}
        description={`${t('sign.reason')}: ${closed.reason}`}
        action={
          may('reopenDraft') && proposal.author === account.name ? (
            <Button type="primary" onClick={() => void resume()}>
              {t('close.resume')}
            </Button>
          ) : undefined
        }
      />
      <Refusal problem={problem} />
    </>
  )
}
