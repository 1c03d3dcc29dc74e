/**
 * The decision of one call: who asks, with which token, under which role and scenario, for which entry. The only place
 * that makes a Permit. What a caller without permission learns is the same whether the path exists or not (design 3.2).
 */
import { CALLABLE, type Directory } from './directory.ts'
import type { Denial, Institution, Match, Outcome, Permit, Principal } from './model.ts'
import { checkQuery } from './query.ts'

export interface AuthorizeRequest {
  readonly match: Match
  readonly principal: Principal
  /** institution of the client certificate, equal to the principal's */
  readonly institution: Institution
  /** value of the request header `veilgate-role`; null when absent */
  readonly roleHeader: string | null
  /** calendar day of the call in the configured zone, YYYY-MM-DD */
  readonly today: string
}

export function authorize(directory: Directory, request: AuthorizeRequest): Outcome<Permit> {
  const { match, principal, institution } = request
  if (match.kind === 'miss') return missed(directory, match, principal)
  const { entry } = match
  if (!principal.scopes.includes(entry.scope)) return deny('TOKEN_PERMISSION')
  if (entry.status === 'retired') return deny('INTERFACE_RETIRED')
  if (!CALLABLE.has(entry.status)) return deny('INTERFACE_SUSPENDED')
  // an exception from masking that has run out leaves nothing under which the entry could be called
  if (isExcepted(entry) && request.today > (entry.expires ?? '')) return deny('INTERFACE_SUSPENDED')
  const role = pickRole(principal.roles, request.roleHeader)
  if (role === null || !entry.roles.includes(role)) return deny('ROLE_DENIED')
  if (!admits(entry.scenarios, principal.scenario) || !admits(institution.scenarios, principal.scenario))
    return deny('SCENARIO_DENIED')
  const query = checkQuery(entry.query, match.query)
  if (!query.ok) return query
  return { ok: true, value: Object.freeze({ entry, principal, role, scenario: principal.scenario }) as Permit }
}

const deny = (code: Denial['code']): { readonly ok: false } & Denial => ({ ok: false, code })

/**
 * A path without an entry: its exact reason for callers who have some permission on that provider, the answer of a
 * refused permission for all others and for paths nobody owns. The record keeps the exact reason.
 */
function missed(
  directory: Directory,
  miss: Extract<Match, { kind: 'miss' }>,
  principal: Principal,
): { readonly ok: false } & Denial {
  const known = miss.provider === null ? undefined : directory.scopes.get(miss.provider)
  const permitted = known !== undefined && principal.scopes.some((scope) => known.has(scope))
  if (!permitted) return { ok: false, code: miss.code, shown: 'TOKEN_PERMISSION' }
  return miss.code === 'METHOD_NOT_ALLOWED'
    ? { ok: false, code: miss.code, hints: { allow: miss.allow } }
    : deny(miss.code)
}

/** A call is judged under one role: the token's only one, or the one named. Guessing among several is refused. */
function pickRole(roles: readonly string[], named: string | null): string | null {
  if (named !== null) return roles.includes(named) ? named : null
  return roles.length === 1 ? roles[0]! : null
}

/** A list of scenarios admits only a call that states one of them. */
const admits = (scenarios: readonly string[] | null, scenario: string | null): boolean =>
  scenarios === null || (scenario !== null && scenarios.includes(scenario))

const isExcepted = (entry: { readonly masking: string; readonly mode: string }): boolean =>
  entry.masking === 'none' || entry.mode === 'observe'
