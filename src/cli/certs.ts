/** `veilgate certs`: a small certificate authority in a folder. Consortia with their own PKI need only its CRL and CA files. */
import { join, resolve } from 'node:path'
import { REASONS, type Reason } from '../pki/crl.ts'
import {
  type AuthorityIndex,
  createAuthority,
  FILES,
  type IssuedLine,
  locked,
  openAuthority,
  readIndex,
  writeIndex,
  writeLists,
} from './authority/folder.ts'
import { issueInto } from './authority/issue.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'

const USAGE = `veilgate certs init DIR [--name TEXT] [--crl-days N]
veilgate certs issue --name NAME [--institution ID] [--server [--dns HOST]... [--ip ADDRESS]...] [--days N]
                     [--rsa | --csr FILE] [--pack [--password-file FILE]] [--dir DIR] [--json]
veilgate certs revoke NAME|SERIAL [--reason ${REASONS.join('|')}] [--crl-days N] [--dir DIR]
veilgate certs crl [--crl-days N] [--dir DIR]
veilgate certs list [--dir DIR] [--json]

A small authority in a folder (default: certs). Private keys are 0600. A pack is PKCS#12; its password is told once,
or written to --password-file (0600). Lists (CRLs) hold ${'--crl-days'} days, 7 unless said: sign them anew before.
`

export const command: Command = {
  name: 'certs',
  summary: 'issue, list and revoke certificates of a small authority',
  usage: USAGE,
  run: (args, io) => refusing('certs', io, () => dispatch(args, io)),
}

function dispatch([action, ...rest]: readonly string[], io: Io): Promise<number> {
  const actions: Readonly<Record<string, (args: readonly string[], io: Io) => Promise<number>>> = {
    init,
    issue,
    revoke,
    crl,
    list,
  }
  const chosen = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  if (chosen === undefined) throw new UsageError('one of init, issue, revoke, crl, list')
  return chosen(rest, io)
}

const dir = { dir: { type: 'string', default: 'certs' } } as const
const crlDays = { 'crl-days': { type: 'string', default: '7' } } as const

async function init(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, { name: { type: 'string', default: 'Veilgate' }, ...crlDays }, 'any')
  if (positionals.length !== 1) throw new UsageError('certs init takes one folder')
  const folder = resolve(io.cwd, positionals[0]!)
  await createAuthority(folder, word(values.name, '--name'), number(values['crl-days'], '--crl-days', 3650))
  io.out(`authority made\n  trust: ${join(folder, FILES.bundle)}\n`)
  for (const list of [FILES.rootCrl, FILES.issuingCrl]) io.out(`  revocation list: ${join(folder, list)}\n`)
  return EXIT.done
}

async function issue(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, {
    ...dir,
    name: { type: 'string' },
    institution: { type: 'string' },
    server: { type: 'boolean', default: false },
    dns: { type: 'string', multiple: true },
    ip: { type: 'string', multiple: true },
    days: { type: 'string', default: '365' },
    rsa: { type: 'boolean', default: false },
    csr: { type: 'string' },
    pack: { type: 'boolean', default: false },
    'password-file': { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  if (values.name === undefined || !FILE_NAME.test(values.name))
    throw new UsageError('--name: letters, digits, dots, hyphens and underscores')
  const names = { dns: values.dns ?? [], ips: values.ip ?? [] }
  if (values.server && names.dns.length + names.ips.length === 0)
    throw new UsageError('--server needs a --dns or --ip name')
  if (!values.server && names.dns.length + names.ips.length > 0) throw new UsageError('--dns and --ip go with --server')
  const organization = values.institution === undefined ? {} : { organization: values.institution }
  const result = await issueInto(resolve(io.cwd, values.dir), {
    leaf: {
      name: values.name,
      use: values.server ? 'server' : 'client',
      days: number(values.days, '--days', 3650),
      ...names,
      ...organization,
    },
    institution: values.institution ?? null,
    rsa: values.rsa,
    csr: values.csr === undefined ? null : resolve(io.cwd, values.csr),
    pack: values.pack,
    passwordFile: values['password-file'] === undefined ? null : resolve(io.cwd, values['password-file']),
  })
  if (values.json) {
    io.out(`${JSON.stringify({ ...result.line, files: result.files, password: result.password })}\n`)
    return EXIT.done
  }
  for (const file of result.files) io.out(`${file}\n`)
  if (result.line.use === 'client') io.out(`institutions.yaml: certificates: [{ sha256: ${result.line.sha256} }]\n`)
  if (result.password !== null) io.out(`password of the pack (told once): ${result.password}\n`)
  return EXIT.done
}

async function revoke(args: readonly string[], io: Io): Promise<number> {
  const options = { ...dir, ...crlDays, reason: { type: 'string', default: 'cessationOfOperation' } } as const
  const { values, positionals } = readArgs(args, options, 'any')
  if (positionals.length !== 1) throw new UsageError('certs revoke takes one name or serial')
  const reason = REASONS.find((r) => r === values.reason)
  if (reason === undefined) throw new UsageError(`--reason: one of ${REASONS.join(', ')}`)
  const days = number(values['crl-days'], '--crl-days', 3650)
  const count = await relist(resolve(io.cwd, values.dir), days, (index) => mark(index, positionals[0]!, reason))
  io.out(`revoked: ${count}; the lists are signed anew\n`)
  return EXIT.done
}

async function crl(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, { ...dir, ...crlDays })
  const folder = resolve(io.cwd, values.dir)
  await relist(folder, number(values['crl-days'], '--crl-days', 3650), (index) => ({ index, count: 0 }))
  for (const list of [FILES.rootCrl, FILES.issuingCrl]) io.out(`${join(folder, list)}\n`)
  return EXIT.done
}

async function list(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, { ...dir, json: { type: 'boolean', default: false } })
  const { issued } = await readIndex(resolve(io.cwd, values.dir))
  if (values.json) {
    io.out(`${JSON.stringify(issued)}\n`)
    return EXIT.done
  }
  for (const line of issued) io.out(`${describe(line, new Date())}\n`)
  if (issued.length === 0) io.out('nothing issued yet\n')
  return EXIT.done
}

function describe(line: IssuedLine, now: Date): string {
  const state = line.revoked !== null ? 'revoked' : new Date(line.notAfter) < now ? 'expired' : 'valid'
  const until = line.notAfter.slice(0, 10)
  return `${state.padEnd(8)} ${line.use.padEnd(6)} ${line.name.padEnd(24)} ${until}  serial ${line.serial}  sha256 ${line.sha256}`
}

type Change = { readonly index: AuthorityIndex; readonly count: number }

/** The index is written before the lists: a crash in between is mended by `certs crl`, never the other way round. */
async function relist(folder: string, days: number, change: (index: AuthorityIndex) => Change): Promise<number> {
  return locked(folder, async () => {
    const authority = await openAuthority(folder)
    const { index, count } = change(await readIndex(folder))
    const next = { ...index, crlNumber: index.crlNumber + 1 }
    await writeIndex(folder, next)
    await writeLists(folder, authority, next, days)
    return count
  })
}

/** A name stands for every certificate issued under it. */
function mark(index: AuthorityIndex, which: string, reason: Reason): Change {
  const at = new Date().toISOString()
  let count = 0
  const issued = index.issued.map((line) => {
    if (line.name !== which && line.serial.toLowerCase() !== which.toLowerCase()) return line
    if (line.revoked !== null) return line
    count++
    return { ...line, revoked: { at, reason } }
  })
  if (count === 0) throw new RefusedError('no certificate in force has this name or serial')
  return { index: { ...index, issued }, count }
}

const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/

function word(value: string, option: string): string {
  if (value.trim() === '' || value.length > 60) throw new UsageError(`${option}: 1 to 60 characters`)
  return value
}

function number(value: string, option: string, max: number): number {
  const n = /^[1-9]\d{0,5}$/.test(value) ? Number(value) : Number.NaN
  if (!(n <= max)) throw new UsageError(`${option}: a number of days from 1 to ${max}`)
  return n
}
