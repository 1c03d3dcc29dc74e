/** What a plan is asked for on a call: who gets the bytes, who holds them, and under which entry. */
import type { Entry, Permit } from '../access/model.ts'
import type { Paging, PlanRequest } from '../mask/plan.ts'
import type { AuthenticatedCall } from './call.ts'

export const planRequest = (
  { institution, principal }: Pick<AuthenticatedCall, 'institution' | 'principal'>,
  { entry, role, scenario }: Permit,
  direction: PlanRequest['direction'],
  policy: string | null,
): PlanRequest => ({
  role,
  scenario,
  recipient: direction === 'response' ? institution.id : entry.provider,
  institution: institution.id,
  provider: entry.provider,
  purpose: principal.purpose,
  project: principal.project,
  interfaceId: entry.id,
  format: entry.format,
  direction,
  policy,
  rows: entry.rows,
  paging: direction === 'response' ? pagingOf(entry) : null,
})

/** the same for every call of an entry, and reading the base's URL costs more than the rest of the question */
const pagings = new WeakMap<Entry, { readonly paging: Paging | null }>()

function pagingOf(entry: Entry): Paging | null {
  const known = pagings.get(entry)
  if (known !== undefined) return known.paging
  const paging = readPaging(entry)
  pagings.set(entry, { paging })
  return paging
}

/** A search of FHIR at a path without parameters; anything else has no pages a link could lead to. */
function readPaging(entry: Entry): Paging | null {
  if (entry.format !== 'fhir' || entry.to.includes('{') || entry.path.includes('{')) return null
  const base = new URL(entry.upstream.base).pathname.replace(/\/+$/, '')
  return {
    from: `${base}${entry.to}`,
    to: entry.path,
    parameters: new Map(entry.query.map(({ name, element }) => [name, element])),
  }
}
