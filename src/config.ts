/**
 * veilgate.yaml: what a deployment states. Pure: text in, configuration or problems out, each with its place; main.ts
 * reads the files it names. Secrets are files or environment variables, never values.
 */
import type { SecretRef } from './access/model.ts'
import { nearest } from './base/near.ts'
import { type Position, ProblemList } from './base/problem.ts'
import { parseDuration, parseSize } from './base/scalars.ts'
import { nodeAt, placeOf } from './base/schema.ts'
import { parseYaml, type YamlNode } from './base/yaml.ts'
import { checkConfig, LIMITS, type LimitName } from './config-schema.ts'
import { checkRoster } from './release/approvers.ts'
import type { Approver } from './release/model.ts'

/** Times in milliseconds, sizes in bytes, paths as written (relative to the file's folder). */
export interface Config {
  readonly node: string
  readonly zone: string
  readonly state: string
  /** folder of the rules; with a store, where drafts are edited */
  readonly rules: string
  readonly release: ReleaseConfig
  readonly keyring: { readonly file: string; readonly secret: SecretRef }
  readonly data: {
    readonly port: number
    readonly address: string
    readonly cert: string
    readonly key: SecretRef
    readonly clientCa: string
    readonly crls: readonly string[]
    readonly crlGrace: number
    readonly publicBase: string | null
    /** names and addresses callers use beside those of the certificate and `publicBase` */
    readonly hosts: readonly string[]
  }
  readonly limits: Readonly<Record<LimitName, number>>
  readonly tokens: {
    readonly audience: string
    readonly issuers: readonly { readonly issuer: string; readonly keys: string }[]
    readonly tolerance: number
    readonly lifetime: number
    readonly cache: number
  }
  readonly operations: { readonly port: number; readonly address: string }
  /** the console; null: none */
  readonly control: {
    readonly port: number
    readonly address: string
    /** null: those of the data port */
    readonly cert: string | null
    readonly key: SecretRef | null
    /** bearer secret of scripts on this machine; null: none */
    readonly secret: SecretRef | null
  } | null
  readonly journal: { readonly maxBytes: number; readonly maxAge: number }
  /** milliseconds a call stays in the call log */
  readonly callLog: { readonly keep: number }
  readonly kafka: KafkaConfig | null
  readonly log: {
    readonly file: string | null
    readonly maxBytes: number
    readonly maxFiles: number
    readonly level: LogLevel
  }
  readonly shutdown: { readonly announce: number; readonly finish: number }
}

export interface ReleaseConfig {
  /** folder: what lies in it, with signatures beside it. store: what was released */
  readonly source: 'folder' | 'store'
  /** off counts only with --unsafe-approval-off */
  readonly approval: 'required' | 'off'
  /** the first two approvers; none with approval: off */
  readonly approvers: readonly Approver[]
  readonly store: StoreConfig
}

export type StoreConfig =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'redis'
      readonly host: string
      readonly port: number
      readonly username: string | null
      readonly password: SecretRef | null
      /** null: no TLS, on loopback only */
      readonly ca: string | null
      readonly prefix: string
    }

export interface KafkaConfig {
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly tls: { readonly ca: string; readonly cert: string | null; readonly key: SecretRef | null } | null
}

export type LogLevel = 'info' | 'warn' | 'error'

export function parseConfig(
  file: string,
  source: string,
  problems: ProblemList = new ProblemList(),
): { readonly config: Config | null; readonly problems: ProblemList } {
  const root = parseYaml(file, source, problems)
  if (root === undefined) return { config: null, problems }
  const value = plain(root)
  for (const problem of checkConfig(value)) {
    const node = nodeAt(root, problem)
    const quoted = node.type === 'scalar' && typeof node.value === 'string' && /^\d+$/.test(node.value)
    const plainly = quoted && problem.expected.includes('integer') ? ', without quotes' : ''
    problems.error(placeOf(root, problem), 'config', problem.message, `${problem.expected}${plainly}`)
  }
  if (problems.failed) return { config: null, problems }
  const config = build(value as Raw)
  judgeRelease(config.release, (path) => placeOf(root, { path, property: null }), problems)
  judge(config, (path) => placeOf(root, { path, property: null }), problems)
  return { config: problems.failed ? null : config, problems }
}

/** What a schema cannot say. */
function judge(config: Config, place: (path: string) => Position, problems: ProblemList): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: config.zone })
  } catch {
    const near = nearest(config.zone, Intl.supportedValuesOf('timeZone'))
    const hint = near === null ? '' : `, did you mean "${near}"?`
    problems.error(
      place('/zone'),
      'config',
      `the time zone "${config.zone}" is not known${hint}`,
      'a name such as Asia/Shanghai',
    )
  }
  const ports = new Set<number>()
  for (const section of ['data', 'operations', 'control'] as const) {
    const port = config[section]?.port ?? 0
    if (port !== 0 && ports.has(port))
      problems.error(
        place(`/${section}/port`),
        'config',
        `two listeners share the port ${port}`,
        'a port of its own for each of data (8443), operations (9090) and control (9443)',
      )
    ports.add(port)
  }
  if (config.limits.buffered < 16 * 1024 * 1024)
    problems.error(place('/limits/buffered'), 'config', 'the budget of buffered bytes is too small', 'at least 16MiB')
  if (config.callLog.keep <= config.journal.maxAge)
    problems.error(
      place('/call-log/keep'),
      'config',
      'the call log must keep a call for longer than the journal: one that comes again would count twice',
      'more than max-age of the journal, at least 180d where the law asks for six months of logs',
    )
  if (!LOOPBACK.test(config.operations.address))
    problems.error(place('/operations/address'), 'config', 'this listener answers on loopback only', '127.0.0.1 or ::1')
  const { cert = null, key = null } = config.control ?? {}
  if ((cert === null) !== (key === null))
    problems.error(
      place('/control'),
      'config',
      'a certificate and its key go together',
      'both cert and key, or neither',
    )
}

function judgeRelease(
  { approval, approvers, store }: ReleaseConfig,
  place: (path: string) => Position,
  problems: ProblemList,
): void {
  if (approval === 'required' && approvers.length === 0)
    problems.error(
      place('/rules'),
      'config',
      'approvals are required, and nobody is named who may give them',
      'approvers: the first two, as veilgate keys approver prints them; or approval: off and --unsafe-approval-off',
    )
  try {
    if (approvers.length > 0) checkRoster(approvers)
  } catch {
    problems.error(
      place('/rules/approvers'),
      'config',
      'these are not two people with a P-256 key each',
      'id of a-z 0-9 . _ -, x and y as veilgate keys approver prints them',
    )
  }
  if (store.kind === 'redis' && store.ca === null && !LOOPBACK.test(store.host))
    problems.error(place('/rules/store/redis'), 'config', 'Redis on another machine needs TLS', 'ca: FILE')
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/

type Raw = Record<string, never>

function build(raw: Raw): Config {
  const at = <T>(section: string, key: string, fallback: T): T =>
    ((raw[section] as Record<string, T> | undefined)?.[key] ?? fallback) as T
  const ms = (section: string, key: string, fallback: string): number => parseDuration(at(section, key, fallback)) ?? 0
  const bytes = (section: string, key: string, fallback: string): number => parseSize(at(section, key, fallback)) ?? 0
  return {
    node: raw['node']!,
    zone: raw['zone'] ?? 'Asia/Shanghai',
    state: raw['state'] ?? 'state',
    rules: typeof raw['rules'] === 'string' ? raw['rules'] : at('rules', 'folder', 'rules'),
    release: releaseOf(raw['rules'], raw['state'] ?? 'state'),
    keyring: raw['keyring']!,
    data: {
      port: at('data', 'port', 8443),
      address: at('data', 'address', '::'),
      cert: at('data', 'cert', ''),
      key: at('data', 'key', { file: '' }),
      clientCa: at('data', 'client-ca', ''),
      crls: at('data', 'crls', []),
      crlGrace: ms('data', 'crl-grace', '0s'),
      publicBase: at('data', 'public-base', null),
      hosts: at('data', 'hosts', []),
    },
    limits: limitsOf(raw['limits'] as Record<string, string | number> | undefined),
    tokens: {
      audience: at('tokens', 'audience', ''),
      issuers: at('tokens', 'issuers', []),
      tolerance: ms('tokens', 'tolerance', '30s'),
      lifetime: ms('tokens', 'lifetime', '1h'),
      cache: at('tokens', 'cache', 10_000),
    },
    operations: {
      port: at('operations', 'port', 9090),
      address: at('operations', 'address', '127.0.0.1'),
    },
    control: controlOf(raw['control'] as Partial<NonNullable<Config['control']>> | undefined),
    journal: { maxBytes: bytes('journal', 'max-size', '1GiB'), maxAge: ms('journal', 'max-age', '14d') },
    callLog: { keep: ms('call-log', 'keep', '400d') },
    kafka: kafkaOf(raw['kafka'] as Record<string, unknown> | undefined, raw['node']!),
    log: {
      file: at('log', 'file', null),
      maxBytes: bytes('log', 'max-size', '50MiB'),
      maxFiles: at('log', 'max-files', 10),
      level: at('log', 'level', 'info'),
    },
    shutdown: { announce: ms('shutdown', 'announce', '5s'), finish: ms('shutdown', 'finish', '30s') },
  }
}

const controlOf = (raw: Partial<NonNullable<Config['control']>> | undefined): Config['control'] =>
  raw === undefined ? null : { port: 9443, address: '127.0.0.1', cert: null, key: null, secret: null, ...raw }

function releaseOf(rules: unknown, state: string): ReleaseConfig {
  const raw = (typeof rules === 'object' ? rules : {}) as {
    readonly source?: ReleaseConfig['source']
    readonly approval?: ReleaseConfig['approval']
    readonly approvers?: readonly Approver[]
    readonly store?: { readonly sqlite?: string; readonly redis?: Readonly<Record<string, unknown>> }
  }
  const { source = 'folder', approval = 'required', approvers = [], store } = raw
  const common = { source, approval, approvers }
  const { sqlite = `${state}/bundles.sqlite`, redis } = store ?? {}
  if (redis === undefined) return { ...common, store: { kind: 'sqlite', file: sqlite } }
  const given = { port: 6379, username: null, password: null, ca: null, prefix: 'rules', ...redis }
  return { ...common, store: { kind: 'redis', ...given } as StoreConfig }
}

function limitsOf(raw: Record<string, string | number> = {}): Config['limits'] {
  const number = (written: string | number): number =>
    typeof written === 'number' ? written : (parseDuration(written) ?? parseSize(written) ?? 0)
  const entries = (Object.keys(LIMITS) as LimitName[]).map((name) => [name, number(raw[name] ?? LIMITS[name])])
  return Object.fromEntries(entries) as Config['limits']
}

function kafkaOf(raw: Record<string, unknown> | undefined, node: string): KafkaConfig | null {
  if (raw === undefined) return null
  const tls = raw['tls'] as Record<string, unknown> | undefined
  return {
    brokers: raw['brokers'] as string[],
    clientId: (raw['client-id'] as string | undefined) ?? `veilgate-${node}`,
    tls:
      tls === undefined
        ? null
        : {
            ca: tls['ca'] as string,
            cert: (tls['cert'] as string | undefined) ?? null,
            key: (tls['key'] as SecretRef | undefined) ?? null,
          },
  }
}

/** The YAML's values without their places. */
function plain(node: YamlNode): unknown {
  if (node.type === 'scalar') return node.value
  if (node.type === 'list') return node.items.map(plain)
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.value)]))
}
