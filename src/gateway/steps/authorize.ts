/** 4: principal, role, scenario and entry -> permit, with the plans it obliges to. */
import { authorize as decide } from '../../access/authorize.ts'
import type { Permit } from '../../access/model.ts'
import { GatewayError } from '../../base/errors.ts'
import type { AuthenticatedCall, PermittedCall, Plans } from '../call.ts'
import { accepts } from '../headers.ts'
import { planRequest } from '../plan-request.ts'
import { Refused } from '../refused.ts'
import type { Road } from '../road.ts'

/** Refuses with TOKEN_PERMISSION, INTERFACE_*, METHOD_NOT_ALLOWED, ROLE_DENIED, SCENARIO_DENIED, PARAMETER_SCHEMA, NOT_ACCEPTABLE. */
export function authorize(road: Road, call: AuthenticatedCall): PermittedCall {
  const { match, principal, institution, snapshot, incoming } = call
  const role = incoming.headers['veilgate-role']
  const decision = decide(snapshot.directory, {
    match,
    principal,
    institution,
    roleHeader: typeof role === 'string' ? role : null,
    today: road.day(call.start),
  })
  // a permit comes from an entry only; the second half says so to the compiler
  if (!decision.ok || match.kind !== 'entry') throw new Refused(decision.ok ? { code: 'INTERNAL' } : decision)
  const permit = decision.value
  if (!accepts(incoming.headers.accept, snapshot.wire(permit.entry).answers)) throw new GatewayError('NOT_ACCEPTABLE')
  return { ...call, match, permit, plans: plansOf(call, permit) }
}

/** What the permit obliges to. ROLE_DENIED when no policy covers the role: nothing is forwarded then. */
function plansOf(call: AuthenticatedCall, permit: Permit): Plans {
  const { entry } = permit
  const masked = entry.masking !== 'none'
  const response = masked ? planOf(call, permit, 'response', null) : null
  const policy = entry.request?.policy ?? null
  const request = policy === null ? null : planOf(call, permit, 'request', policy)
  const writeCheck = entry.request !== null && WRITES.has(entry.verb) && entry.maskedInput === null
  const toRead = writeCheck || (request !== null && !request.keepsAll) || entry.mode === 'observe'
  return { request, response, writeCheck, passes: !toRead && (response === null || response.keepsAll) }
}

const WRITES: ReadonlySet<string> = new Set(['create', 'update'])

function planOf(call: AuthenticatedCall, permit: Permit, direction: 'request' | 'response', policy: string | null) {
  const { entry, role, scenario } = permit
  const { purpose, project } = call.principal
  const asked = { entry, direction, institution: call.institution.id, role, scenario, purpose, project }
  const plan = call.snapshot.plan(asked, () => planRequest(call, permit, direction, policy))
  if (plan === null) throw new GatewayError('ROLE_DENIED')
  return plan
}
