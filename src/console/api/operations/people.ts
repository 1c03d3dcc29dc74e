/** Accounts, and the public keys of approvers. */
import { createPublicKey, verify } from 'node:crypto'
import { type Account, type Role, waitOf } from '../../../accounts/index.ts'
import type { ProposedKey } from '../../../ports/workshop.ts'
import { keyId, readApprover } from '../../../release/approvers.ts'
import { type Change, failureKey, People } from '../../accounts/people.ts'
import { bodyOf, type Call, type Handlers, NO_CONTENT, signedOf } from '../call.ts'
import { Refusal } from '../failure.ts'
import type { ConsoleOptions } from '../options.ts'

type Operations =
  | 'listUsers'
  | 'addUser'
  | 'changeUser'
  | 'resetUser'
  | 'listApprovers'
  | 'proposeApprover'
  | 'withdrawApprover'

const KEY_TYPE = 'veilgate-key'

export function peopleOperations(options: ConsoleOptions): Pick<Handlers, Operations> {
  const people = new People(options)
  const view = (account: Account) => userView(account, options)
  return {
    listUsers: () => ({ json: { users: options.accounts.accounts().map(view) } }),
    async addUser(call) {
      const { name, displayName, roles } = bodyOf<{ name: string; displayName: string; roles: Role[] }>(call)
      const { account, password } = await people.add(name, displayName, roles)
      call.about.object = account.id
      call.about.note = { roles: account.roles.join(' ') }
      return { status: 201, json: { user: view(account), firstPassword: password } }
    },
    changeUser(call) {
      const id = (call.about.object = call.params['userId']!)
      const change = bodyOf<Change>(call)
      if (change.roles !== undefined) call.about.note['roles'] = change.roles.join(' ')
      if (change.disabled !== undefined) call.about.note['disabled'] = change.disabled
      return { json: view(people.change(id, change, signedOf(call).account.id)) }
    },
    async resetUser(call) {
      const id = (call.about.object = call.params['userId']!)
      const { account, password } = await people.reset(id, signedOf(call).account.id)
      return { json: { user: view(account), firstPassword: password } }
    },
    ...keyOperations(options),
  }
}

function keyOperations({ accounts, workshop, desk, now }: ConsoleOptions) {
  return {
    async listApprovers() {
      const { roster } = await desk.state()
      // a key without an account still signs, on its holder's own machine
      const holds = (id: string): boolean => accounts.accountNamed(id)?.disabled === false
      const enrolled = roster.map(({ id, x, y }) => ({ name: id, id: keyId({ x, y }), x, y, account: holds(id) }))
      const known = new Set(roster.map(keyId))
      const proposed = workshop.proposedKeys().map((key) => ({ ...key, id: keyId(key) }))
      return { json: { enrolled, proposed: proposed.filter(({ id: own }) => !known.has(own)) } }
    },
    proposeApprover(call: Call) {
      const { x, y, label, proof } = bodyOf<{ x: string; y: string; label: string; proof: string }>(call)
      const { name } = signedOf(call).account
      readApprover({ id: name, x, y })
      if (!proves(proof, { name, x, y })) throw new Refusal('KEY_PROOF')
      const key: ProposedKey = { name, x, y, label, at: new Date(now()).toISOString() }
      workshop.putProposedKey(key)
      const id = (call.about.object = keyId(key))
      return { status: 201, json: { ...key, id } }
    },
    withdrawApprover(call: Call) {
      const name = call.params['name']!
      call.about.object = name
      if (name !== signedOf(call).account.name) throw new Refusal('NOT_YOURS')
      workshop.deleteProposedKey(name)
      return NO_CONTENT
    },
  }
}

/** Does the JWS show that who proposes the key holds its private half, for this account and no other? */
function proves(jws: string, { name, x, y }: { name: string; x: string; y: string }): boolean {
  const [head, payload, signature] = jws.split('.') as [string, string, string]
  const header = jsonOf(head)
  if (header?.['alg'] !== 'ES256' || header['typ'] !== KEY_TYPE || header['kid'] !== keyId({ x, y })) return false
  const said = jsonOf(payload)
  if (said?.['account'] !== name || said['x'] !== x || said['y'] !== y) return false
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const bytes = Buffer.from(signature, 'base64url')
  return verify('sha256', Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, bytes)
}

function jsonOf(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function userView(account: Account, { accounts, now }: ConsoleOptions) {
  const { id, name, displayName, roles, disabled, createdAt, lastSignIn } = account
  const failures = accounts.failures(failureKey(name))
  const lockedUntil = waitOf(failures, now()) > 0 ? new Date(failures!.until).toISOString() : null
  return { id, name, displayName, roles, disabled, enrolled: account.totp !== null, lockedUntil, createdAt, lastSignIn }
}
