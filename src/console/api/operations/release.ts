/** Proposals, statements to sign, signatures, activation, history, nodes: the release desk for people in a browser. */
import type { Attestation } from '../../../ports/bundle-store.ts'
import type { BundleView, ReleaseDesk, ReleaseState, StatementRequest, Verdict } from '../../../ports/release.ts'
import { approverOf } from '../../../release/approvers.ts'
import { RELEASE_CODES } from '../../../release/codes.ts'
import { ACTS, type Entry } from '../../../release/model.ts'
import { bodyOf, type Call, type Handlers, signedOf } from '../call.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'

type Operations =
  | 'listProposals'
  | 'getProposal'
  | 'activate'
  | 'withdrawProposal'
  | 'refuseProposal'
  | 'prepareStatement'
  | 'approve'
  | 'getHistory'
  | 'getNodes'

interface StatementBody {
  readonly act: 'release' | 'rollback' | 'review' | 'refuse' | 'shadow' | 'enrol' | 'remove'
  readonly id?: string
  readonly subject?: string
  readonly share?: number
  readonly minutes?: number
  readonly reason: string
}

const HISTORY = 100

export function releaseOperations({ desk, workshop, log }: ConsoleOptions): Pick<Handlers, Operations> {
  return {
    async listProposals() {
      const [bundles, state] = await Promise.all([desk.bundles(), desk.state()])
      const alarm = state.alarm === null ? null : releaseView(state.alarm, state)
      return { json: { proposals: bundles.map(proposalView), alarm } }
    },
    async getProposal(call) {
      const bundle = await desk.bundle((call.about.object = call.params['proposalId']!))
      if (bundle === null) throw new Refusal('NOT_FOUND')
      return { json: proposalView(bundle) }
    },
    async activate(call) {
      const id = (call.about.object = call.params['proposalId']!)
      const { reason } = bodyOf<{ reason: string }>(call)
      const verdict = await desk.activate(id, signedOf(call).account.name, reason)
      const json = verdictView(verdict)
      log.warn('console.activated', { bundle: id })
      return { json }
    },
    withdrawProposal: (call) => dropped(call, desk, 'withdrawn'),
    refuseProposal: (call) => dropped(call, desk, 'refused'),
    async prepareStatement(call) {
      const request = bodyOf<StatementBody>(call)
      call.about.object = request.id ?? request.subject ?? null
      call.about.note = { act: request.act }
      const { payload, typ, needs, claims } = await desk.prepare(await statementOf(request, desk, workshop))
      return { json: { payload, typ, needs, claims } }
    },
    approve: (call) => approved(call, desk, workshop),
    async getHistory(call) {
      const { limit, before } = call.query
      const entries = await desk.history(Number(limit ?? HISTORY), before === undefined ? undefined : Number(before))
      // afterwards: what is said of an entry was read with it or later
      const state = await desk.state()
      return { json: { releases: entries.map((entry) => releaseView(entry, state)) } }
    },
    async getNodes() {
      const [{ active }, nodes] = await Promise.all([desk.state(), desk.attestations()])
      const hash = active?.hash ?? null
      return { json: { approved: hash, nodes: nodes.map((node) => nodeView(node, hash)) } }
    },
  }
}

/** Withdrawn by who submitted it; refused without a signature only where nobody signs. */
async function dropped(call: Call, desk: ReleaseDesk, how: 'refused' | 'withdrawn') {
  const id = (call.about.object = call.params['proposalId']!)
  const { reason } = bodyOf<{ reason: string }>(call)
  return { json: verdictView(await desk.drop(id, how, signedOf(call).account.name, reason)) }
}

async function statementOf(
  { act, id, subject, share, minutes, reason }: StatementBody,
  desk: ReleaseDesk,
  workshop: ConsoleOptions['workshop'],
): Promise<StatementRequest> {
  if (act === 'enrol') {
    const key = workshop.proposedKeys().find((k) => k.name === subject)
    if (key === undefined) throw new Refusal('NOT_FOUND')
    return { act, approver: { id: key.name, x: key.x, y: key.y }, why: reason }
  }
  if (act === 'remove') {
    const { roster } = await desk.state()
    if (!roster.some((a) => a.id === subject)) throw new Refusal('NOT_FOUND')
    return { act, subject: subject!, why: reason }
  }
  if (id === undefined) throw new Refusal('BAD_BODY')
  const run = {
    ...(share === undefined ? {} : { share }),
    ...(minutes === undefined ? {} : { lifetime: minutes * 60 }),
  }
  return { act, id, why: reason, ...(act === 'shadow' ? run : {}) }
}

/** A signature counts for the person who is signed in: nobody hands in another's. */
async function approved(call: Call, desk: ReleaseDesk, workshop: ConsoleOptions['workshop']) {
  const { jws } = bodyOf<{ jws: string }>(call)
  const { roster } = await desk.state()
  const kid = kidOf(jws)
  if (approverOf(roster, kid)?.id !== signedOf(call).account.name) throw new Refusal('KEY_NOT_YOURS')
  call.about.object = kid
  const said = saidIn(jws)
  call.about.note = { act: said.act }
  const verdict = await desk.approve(jws)
  const json = verdictView(verdict)
  // signed and good: until then it is whatever somebody sent
  call.about.note['subject'] = said.subject
  if (verdict.released && said.act === 'enrol') workshop.deleteProposedKey(said.subject)
  return { json }
}

function kidOf(jws: string): string {
  const { kid } = partOf(jws, 0)
  return typeof kid === 'string' ? kid : ''
}

/** For the audit event and for tidying up; what it means is the desk's to judge. */
function saidIn(jws: string): { act: string; subject: string } {
  const { act, subject } = partOf(jws, 1)
  const known = ACTS.find((each) => each === act) ?? ''
  return { act: known, subject: typeof subject === 'string' ? subject.slice(0, 80) : '' }
}

function partOf(jws: string, part: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(jws.split('.')[part] ?? '', 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** A good signature that is not enough says why; what is not good at all is a refusal with the code of the release. */
function verdictView({ released, refused, signed, needs }: Verdict) {
  if (refused !== null && signed.length === 0) throw new Refusal(refused)
  return { released, signed, needs, waiting: refused }
}

function proposalView({ id, hash, submission, state, closed, class: change, needs, signed, toReview }: BundleView) {
  const { author, why, at, parent, tests } = submission
  const { passed, failed } = tests
  return {
    id,
    hash,
    parent,
    state,
    // of what was in force: what it did when it came, not what going back to it would be
    class: change === null || state === 'past' ? submission.class : change,
    needs,
    signed,
    toReview,
    closed: closed === null ? null : { by: closed.by, at: closed.at, reason: closed.why },
    author,
    reason: why,
    at,
    tests: { passed, failed },
  }
}

function releaseView(
  { seq, at, who, kind, why, bundle, parent, class: change, statements, alarm }: Entry,
  { roster, unproved }: Pick<ReleaseState, 'roster' | 'unproved'>,
) {
  const refused = unproved.get(seq) ?? null
  // nobody signed for what an entry only claims
  const signers = refused === null ? statements.map((jws) => approverOf(roster, kidOf(jws))?.id ?? kidOf(jws)) : []
  const { id = null, hash = null } = bundle ?? {}
  const said = refused === null ? null : { code: refused, ...RELEASE_CODES[refused] }
  return { seq, at, who, kind, reason: why, bundle: id, hash, parent, class: change, signers, alarm, unproved: said }
}

function nodeView({ node, hash, since, seen, notes, shadow }: Attestation, active: string | null) {
  return { node, hash, since, seen, current: hash !== null && hash === active, notes, shadow }
}
