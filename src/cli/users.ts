/** `veilgate users`: accounts of the rule console. The first is made here; afterwards administrators do it in the browser. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Account, COST, ROLES, type Role } from '../accounts/index.ts'
import { openConsoleFile } from '../adapters/console/index.ts'
import { People, type PeopleCode, PeopleError } from '../console/accounts/people.ts'
import type { Accounts } from '../ports/accounts.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError, unknownAction } from './command.ts'
import { readConfig } from './release/open-desk.ts'
import { CONSOLE_FILE } from './serve/console-run.ts'
import { locator } from './serve/locate.ts'

const USAGE = `veilgate users add NAME --roles R[,R...] [--display-name TEXT] [--config veilgate.yaml]
veilgate users list [--json] [--config veilgate.yaml]
veilgate users disable NAME | enable NAME | reset NAME [--config veilgate.yaml]

add and reset print a first password once: it is good for setting a password and a TOTP code of one's own, nothing else.
Roles: editor, approver, ops (may be combined); auditor; admin. reset takes password and TOTP away and lifts a lock-out.
The accounts stand in the state folder; the console need not run.
`

export const command: Command = {
  name: 'users',
  summary: "make and manage the console's accounts",
  usage: USAGE,
  run: (args, io) => refusing('users', io, () => run(args, io)),
}

const OPTIONS = {
  config: { type: 'string', default: 'veilgate.yaml' },
  roles: { type: 'string' },
  'display-name': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

type Values = {
  readonly roles?: string | undefined
  readonly 'display-name'?: string | undefined
  readonly json: boolean
}

interface Task {
  readonly people: People
  readonly accounts: Accounts
  readonly values: Values
  readonly io: Io
}

const ACTIONS: Readonly<Record<string, (name: string, task: Task) => Promise<void> | void>> = {
  add,
  list: (_name, { accounts, values, io }) => list(accounts.accounts(), values.json, io),
  disable: (name, task) => change(name, true, task),
  enable: (name, task) => change(name, false, task),
  reset,
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const [action = '', ...rest] = args
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  if (act === undefined) throw new UsageError(unknownAction(action, Object.keys(ACTIONS)))
  const { values, positionals } = readArgs(rest, OPTIONS, 'any')
  if (positionals.length !== (action === 'list' ? 0 : 1)) throw new UsageError('one NAME')
  const { config, base } = await readConfig(values.config, io)
  const state = locator(base)(config.state)
  mkdirSync(state, { recursive: true, mode: 0o700 })
  const { accounts } = openFile(join(state, CONSOLE_FILE), action)
  try {
    const people = new People({ accounts, now: Date.now, random: (bytes) => randomBytes(bytes), cost: COST })
    await act(positionals[0] ?? '', { people, accounts, values, io })
    return EXIT.done
  } catch (error) {
    if (error instanceof PeopleError) throw new RefusedError(SENTENCES[error.code])
    throw error
  } finally {
    accounts.close()
  }
}

function openFile(path: string, action: string) {
  if (action !== 'add' && !existsSync(path)) throw new RefusedError('there are no accounts yet: veilgate users add')
  return openConsoleFile(path)
}

async function add(name: string, { people, accounts, values, io }: Task): Promise<void> {
  const roles = rolesIn(values.roles)
  const { account, password } = await people.add(name, values['display-name'] ?? name, roles)
  tell(accounts, 'users add', account)
  first(account, password, io)
}

async function reset(name: string, { people, accounts, io }: Task): Promise<void> {
  const { account, password } = await people.reset(known(accounts, name).id, null)
  tell(accounts, 'users reset', account)
  first(account, password, io)
}

function change(name: string, disabled: boolean, { people, accounts, io }: Task): void {
  const account = people.change(known(accounts, name).id, { disabled }, null)
  tell(accounts, disabled ? 'users disable' : 'users enable', account)
  io.out(`${account.name} ${disabled ? 'disabled' : 'enabled'}; its sessions are over\n`)
}

function rolesIn(text: string | undefined): Role[] {
  const roles = (text ?? '').split(',').map((role) => role.trim())
  if (!roles.every((role): role is Role => ROLES.includes(role as Role)))
    throw new UsageError(`--roles: of ${ROLES.join(', ')}`)
  return roles
}

function known(accounts: Accounts, name: string): Account {
  const account = accounts.accountNamed(name)
  if (account === null) throw new PeopleError('ACCOUNT_UNKNOWN')
  return account
}

function first({ name }: Account, password: string, io: Io): void {
  io.out(`${name}\nfirst password, shown once: ${password}\n`)
}

/** Whoever runs commands here is known to the machine by its account. */
function tell(accounts: Accounts, action: string, { id }: Account): void {
  const at = new Date().toISOString()
  const note = { system: userInfo().username }
  accounts.audit({ at, account: null, action, object: id, outcome: 'ok', address: null, note })
}

function list(all: readonly Account[], json: boolean, io: Io): void {
  const shown = all.map(({ name, displayName, roles, disabled, totp, lastSignIn }) => ({
    name,
    displayName,
    roles,
    disabled,
    enrolled: totp !== null,
    lastSignIn,
  }))
  if (json) {
    io.out(`${JSON.stringify(shown, null, 2)}\n`)
    return
  }
  for (const { name, roles, disabled, enrolled, lastSignIn } of shown) {
    const state = disabled ? 'disabled' : enrolled ? 'enrolled' : 'first password'
    io.out(`${name.padEnd(24)} ${roles.join(',').padEnd(24)} ${state.padEnd(16)} ${lastSignIn ?? '-'}\n`)
  }
}

const SENTENCES: Readonly<Record<PeopleCode, string>> = {
  NAME_INVALID: 'a name has 2 to 32 of a-z 0-9 . - and begins with a letter',
  NAME_TAKEN: 'an account of this name exists',
  ROLES_EXCLUDE: 'admin and auditor stand alone: who makes accounts or watches them takes no part in releases',
  ACCOUNT_UNKNOWN: 'there is no account of this name',
  OWN_ACCOUNT: "one's own account is changed by another administrator",
  LAST_ADMIN: 'the last administrator stays',
}
