/** What `mask` and `explain` share: which rules, which plan, which bytes. */
import { randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { datasetMap } from '../../adapters/dataset-map/index.ts'
import { readRuleFolder } from '../../adapters/rule-files.ts'
import { readKeyring, readSecret, SecretError } from '../../adapters/secret/files.ts'
import { GatewayError } from '../../base/errors.ts'
import { createRing, type Keyring, KeyringError } from '../../base/keyring.ts'
import { formatProblem } from '../../base/problem.ts'
import { parseSize } from '../../base/scalars.ts'
import { FORMATS } from '../../mask/formats/index.ts'
import { compilePlan, type FormatName, type Plan, type PlanRequest, Pseudonyms } from '../../mask/index.ts'
import { RefusedError } from '../authority/refused.ts'
import { type Io, UsageError } from '../command.ts'
import { compileFolder } from '../rules/compile-folder.ts'
import { guessFormat } from './guess-format.ts'
import { openPayload, type Payload } from './payload.ts'

export const SELECTION_OPTIONS = {
  role: { type: 'string' },
  scenario: { type: 'string' },
  institution: { type: 'string', default: 'local' },
  interface: { type: 'string' },
  format: { type: 'string' },
  rules: { type: 'string' },
  keys: { type: 'string' },
  'secret-file': { type: 'string' },
  'secret-env': { type: 'string' },
  max: { type: 'string', default: '64MiB' },
  at: { type: 'string' },
  project: { type: 'string' },
  datasets: { type: 'string' },
} as const

export const SELECTION_USAGE = `  --role R            the caller's role (required)
  --scenario S        treatment, consultation, research ...
  --institution I     who receives the bytes: pseudonyms and policies depend on it (default: local)
  --interface ID      an entry of the interface directory: its format, rows, provider and own bindings
  --format F          json | fhir | ndjson | hl7v2; without it the entry's, else what the first bytes look like
  --rules DIR         rules folder (default: the shipped one)
  --keys FILE         keyring, with --secret-file FILE or --secret-env NAME; without it keys of this run only
  --project P         the project of the caller's token: datasets of pseudonyms and random ids
  --datasets FILE     the map of random ids (a node's is datasets.sqlite in its state folder); without it of this run only
  --max SIZE          largest payload (default 64MiB)
  --at YYYY-MM-DD     the day ages are counted at (default: today in Asia/Shanghai)
`

export interface Selected {
  readonly [name: string]: string | boolean | undefined
  readonly role?: string | undefined
  readonly scenario?: string | undefined
  readonly institution: string
  readonly interface?: string | undefined
  readonly format?: string | undefined
  readonly rules?: string | undefined
  readonly keys?: string | undefined
  readonly max: string
  readonly at?: string | undefined
  readonly project?: string | undefined
  readonly datasets?: string | undefined
}

export interface Selection {
  readonly plan: Plan
  readonly payload: Payload
  readonly limits: { readonly maxDepth: number; readonly maxBytes: number }
  readonly charset: string | null
}

const MAX_DEPTH = 512
const shippedRules = fileURLToPath(new URL('../../../rules', import.meta.url))

/** Reads rules, keys and the payload's head and compiles the plan. Throws UsageError, RefusedError, GatewayError ROLE_DENIED. */
export async function select(values: Selected, file: string | undefined, io: Io): Promise<Selection> {
  if (values.role === undefined) throw new UsageError('--role is required')
  const maxBytes = parseSize(values.max)
  if (maxBytes === null) throw new UsageError('--max takes a size such as 8MiB')
  const folder = await compiledFolder(
    values.rules === undefined ? await packagedRules() : resolve(io.cwd, values.rules),
    io,
  )
  const entry = values.interface === undefined ? undefined : folder.directory?.entries.get(values.interface)
  if (values.interface !== undefined && entry === undefined)
    throw new RefusedError('no interface of this id in the rules folder')
  const payload = await openPayload(file, maxBytes, io)
  const format = formatOf(values.format ?? entry?.format, await payload.head())
  const request: PlanRequest = {
    role: values.role,
    scenario: values.scenario ?? null,
    recipient: values.institution,
    institution: values.institution,
    provider: entry?.provider ?? 'local',
    purpose: null,
    project: values.project ?? null,
    interfaceId: entry?.id ?? 'none',
    format,
    direction: 'response',
    policy: null,
    rows: entry?.rows ?? null,
  }
  const day = values.at ?? new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) throw new UsageError('--at takes a day, YYYY-MM-DD')
  const ring = await keyring(values, io)
  const pseudonyms = new Pseudonyms(ring)
  const plan = compilePlan(folder.rules, request, {
    pseudonyms,
    today: () => day,
    random: randomBytes,
    randomIds: datasetMap(values.datasets === undefined ? null : resolve(io.cwd, values.datasets), ring, pseudonyms),
  })
  if (plan === null) throw new GatewayError('ROLE_DENIED')
  return { plan, payload, limits: { maxDepth: MAX_DEPTH, maxBytes }, charset: entry?.charset ?? null }
}

/** The shipped rules stand beside src/ in the repository and beside dist/ in the package. */
async function packagedRules(): Promise<string> {
  for (const folder of [shippedRules, fileURLToPath(new URL('../../../../rules', import.meta.url))]) {
    const handle = await open(`${folder}/elements.yaml`).catch(() => null)
    if (handle === null) continue
    await handle.close()
    return folder
  }
  throw new RefusedError('the shipped rules are not there; name a folder with --rules')
}

async function compiledFolder(path: string, io: Io) {
  const folder = await readRuleFolder(path).catch(() => {
    throw new RefusedError('the rules folder cannot be read')
  })
  const { compiled, problems } = compileFolder(folder.files, folder.problems)
  if (compiled !== null) return compiled
  for (const p of problems.filter((x) => x.severity === 'error').slice(0, 20)) io.err(`${formatProblem(p)}\n`)
  throw new RefusedError('the rules have errors; nothing was read (veilgate rules check shows them all)')
}

async function keyring(values: Selected, io: Io): Promise<Keyring> {
  if (values.keys === undefined) {
    io.err('veilgate: no --keys: pseudonyms hold for this run only\n')
    return createRing(randomBytes(32), new Date().toISOString())
  }
  const file = values['secret-file'] as string | undefined
  const env = values['secret-env'] as string | undefined
  if ((file === undefined) === (env === undefined))
    throw new UsageError('--keys needs one of --secret-file and --secret-env')
  try {
    const secret = await readSecret(file === undefined ? { env: env! } : { file }, io.env, (path) =>
      resolve(io.cwd, path),
    )
    return await readKeyring(resolve(io.cwd, values.keys), secret)
  } catch (error) {
    if (error instanceof SecretError) throw new RefusedError(error.message)
    if (error instanceof KeyringError) throw new RefusedError(`the keyring cannot be opened (${error.code})`)
    throw error
  }
}

function formatOf(named: string | undefined, bytes: Buffer): FormatName {
  if (named !== undefined) {
    if (!FORMATS.has(named as FormatName)) throw new UsageError(`--format is one of ${[...FORMATS.keys()].join(', ')}`)
    return named as FormatName
  }
  const guessed = guessFormat(bytes)
  if (guessed !== null) return guessed
  throw new UsageError('the payload looks like none of the formats; name it with --format')
}
