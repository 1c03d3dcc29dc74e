/**
 * What identities are judged by: the port's certificate and authorities, revocation lists, issuers' keys. Each is read
 * again when its file is replaced; a bad file leaves what is in force and is said in the log and /readyz.
 */
import { webcrypto } from 'node:crypto'
import { isCurrent } from '../../access/identify.ts'
import { TokenJudge } from '../../access/token.ts'
import { FileKeySource } from '../../adapters/key-source/files.ts'
import { FileRevocationSource } from '../../adapters/revocation/files.ts'
import { SecretError } from '../../adapters/secret/files.ts'
import { watchFiles } from '../../adapters/watched-files.ts'
import type { Config } from '../../config.ts'
import type { Listener } from '../../gateway/listener.ts'
import type { Trust } from '../../gateway/road.ts'
import type { Log } from '../../ports/log.ts'
import { type Identity, IdentityError, readIdentity } from './identity.ts'

export interface CredentialOptions {
  readonly config: Config
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Log
  readonly admitDemo?: boolean
}

export interface Credentials {
  readonly identity: () => Identity
  readonly trust: () => Trust
  readonly tokens: TokenJudge
  /** the listener that is told of a new certificate */
  renewed(listener: Listener): void
  /** codes for /readyz; none is a reason to stop */
  notes(): string[]
  close(): void
}

/** Throws IdentityError or SecretError when the port's own certificate cannot be used. */
export async function startCredentials(
  { config, env, log, admitDemo = false }: CredentialOptions,
  locate: (path: string) => string,
): Promise<Credentials> {
  const { data, tokens } = config
  let identity = await readIdentity(data, locate, env, admitDemo)
  let listener: Listener | null = null
  const refused = new Set<string>()
  const problem = (event: string) => (file: string, reason: string) => {
    refused.add(event)
    log.error(event, { file, problem: reason })
  }
  const keys = new FileKeySource(
    tokens.issuers.map(({ issuer, keys: file }) => ({ issuer, file: locate(file) })),
    webcrypto as webcrypto.Crypto,
    problem('keys.refused'),
  )
  const lists = new FileRevocationSource({
    files: data.crls.map(locate),
    authorities: () => identity.authorities,
    now: Date.now,
    onProblem: problem('revocation.refused'),
  })
  let trust: Trust = { authorities: identity.authorities, revocation: lists.current(), graceMs: data.crlGrace }
  const renew = () => void (trust = { authorities: identity.authorities, revocation: lists.current(), graceMs: data.crlGrace })
  const reloadLists = async () => {
    refused.delete('revocation.refused')
    if (await lists.reload()) log.info('revocation.active', { count: lists.current().size })
    renew()
  }
  const reloadKeys = async () => {
    refused.delete('keys.refused')
    if (await keys.reload()) log.info('keys.active', { count: keys.current().keys.length })
  }
  const reloadIdentity = async () => {
    refused.delete('certificate.refused')
    try {
      identity = await readIdentity(data, locate, env, admitDemo)
      listener?.renew(identity)
      log.info('certificate.active')
      // lists of an authority that came or went count from now on
      await reloadLists()
    } catch (error) {
      problem('certificate.refused')(data.cert, reasonOf(error))
    }
  }
  await Promise.all([reloadLists(), reloadKeys()])
  const key = 'file' in data.key ? [data.key.file] : []
  const watches = [
    watchFiles(() => [data.cert, data.clientCa, ...key].map(locate), () => void reloadIdentity()),
    watchFiles(() => data.crls.map(locate), () => void reloadLists()),
    watchFiles(() => tokens.issuers.map((i) => locate(i.keys)), () => void reloadKeys()),
  ]
  const settings = {
    audience: tokens.audience,
    toleranceSeconds: tokens.tolerance / 1000,
    maxLifetimeSeconds: tokens.lifetime / 1000,
    cacheSize: tokens.cache,
  }
  return {
    identity: () => identity,
    trust: () => trust,
    tokens: new TokenJudge(settings, () => keys.current()),
    renewed: (told) => void (listener = told),
    notes: () => [...NOTES.filter(([event]) => refused.has(event)).map(([, note]) => note), ...listNotes(trust, config)],
    close() {
      for (const watch of watches) watch.close()
    },
  }
}

const NOTES = [
  ['certificate.refused', 'CERTIFICATE_LAST_GOOD'],
  ['revocation.refused', 'CRL_LAST_GOOD'],
  ['keys.refused', 'KEYS_LAST_GOOD'],
] as const

const DAY = 86_400_000

/** X03: said a day before the lists run out, and when they have. */
function listNotes({ revocation, graceMs }: Trust, { tokens }: Config): string[] {
  const now = Date.now()
  const lists = [...revocation.values()]
  if (lists.length === 0 || lists.some((list) => !isCurrent(list, now, graceMs, tokens.tolerance))) return ['CRL_UNAVAILABLE']
  return lists.some((list) => list.nextUpdate < now + DAY) ? ['CRL_EXPIRES_SOON'] : []
}

const reasonOf = (error: unknown): string =>
  error instanceof SecretError ? error.problem : error instanceof IdentityError ? 'not-usable' : 'failed'
