/** What a draft or a proposal changes, and what can be done about it: submit, sign, activate, reject. */

import { ReviewDraft } from '../parts/review-draft.tsx'
import { ReviewProposal } from '../parts/review-proposal.tsx'
import { usePlace } from '../router.ts'
import Missing from './missing.tsx'

export default function Review() {
  const { query } = usePlace()
  const draft = query.get('draft')
  const proposal = query.get('proposal')
  if (draft !== null) return <ReviewDraft key={draft} id={draft} />
  if (proposal !== null) return <ReviewProposal key={proposal} id={proposal} />
  return <Missing />
}
