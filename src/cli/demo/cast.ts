/** Who takes part: members with certificates, and people with roles whose tokens are bound to those certificates. */
import { randomUUID } from 'node:crypto'
import { mintToken } from '../../access/mint.ts'
import type { Consortium } from '../../pki/consortium.ts'
import { INTERFACES, type Institution } from './directory.ts'

export const AUDIENCE = 'urn:veilgate:demo'
/** A certificate the county hospital had and lost; its authority revoked it. */
export const LOST = 'county-lost'
export const MEMBERS: readonly string[] = ['teaching', 'county', 'research', LOST]

export interface Person {
  readonly zh: string
  readonly en: string
  readonly institution: Institution
  readonly role: string
  readonly scenario: string
  readonly scopes: readonly string[]
}

const CARE = [INTERFACES.record, INTERFACES.referral, INTERFACES.report]

export const PEOPLE = {
  doctor: person('会诊医生', 'doctor', 'county', 'treatment', CARE),
  nurse: person('护士', 'nurse', 'county', 'treatment', [INTERFACES.record]),
  billing: person('收费员', 'billing', 'county', 'insurance', [INTERFACES.record]),
  researcher: person('研究员', 'researcher', 'research', 'research', CARE),
  sender: person('教学医院医生', 'teaching-doctor', 'teaching', 'treatment', [INTERFACES.registry], 'doctor'),
  thirdParty: person('第三方', 'third-party', 'research', 'third-party', [INTERFACES.record]),
} as const

/** `en` names the person's token file too. */
function person(
  zh: string,
  en: string,
  institution: Institution,
  scenario: string,
  scopes: readonly string[],
  role = en,
): Person {
  return { zh, en, institution, role, scenario, scopes }
}

export interface TokenOptions {
  /** member whose certificate the token is bound to; default: the person's own institution */
  readonly bound?: string
  /** seconds from now at which it was issued; negative for old ones */
  readonly issued?: number
  readonly lifetime?: number
}

/** A token as the consortium's issuer would give it to this person. */
export function tokenFor(
  consortium: Consortium,
  who: Person,
  now: number,
  options: TokenOptions = {},
): Promise<string> {
  const { issuer, clients } = consortium
  return mintToken(issuer, {
    audience: AUDIENCE,
    subject: `${who.institution}-his`,
    institution: who.institution,
    thumbprint: clients.get(options.bound ?? who.institution)?.thumbprint ?? null,
    scopes: who.scopes,
    roles: [who.role],
    scenario: who.scenario,
    tokenId: randomUUID(),
    issuedAt: Math.floor(now / 1000) + (options.issued ?? 0),
    lifetimeSeconds: options.lifetime ?? 3600,
  })
}
