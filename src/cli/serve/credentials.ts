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
import { type FileWatch, watchFiles } from '../../adapters/watched-files.ts'
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

/** Throws IdentityError or SecretError when the port's own certificate cannot be used. */
export async function startCredentials(
  options: CredentialOptions,
  locate: (path: string) => string,
): Promise<Credentials> {
  const { config, env, admitDemo = false } = options
  const read = () => readIdentity(config.data, locate, env, admitDemo)
  const credentials = new Credentials(options, locate, read, await read())
  await credentials.start()
  return credentials
}

export class Credentials {
  readonly tokens: TokenJudge
  readonly #config: Config
  readonly #log: Log
  readonly #locate: (path: string) => string
  readonly #read: () => Promise<Identity>
  readonly #keys: FileKeySource
  readonly #lists: FileRevocationSource
  readonly #refused = new Set<string>()
  readonly #watches: FileWatch[] = []
  #identity: Identity
  #listener: Listener | null = null
  #trust: Trust

  constructor(
    { config, log }: CredentialOptions,
    locate: (path: string) => string,
    read: () => Promise<Identity>,
    identity: Identity,
  ) {
    this.#config = config
    this.#log = log
    this.#locate = locate
    this.#read = read
    this.#identity = identity
    const { data, tokens } = config
    this.#keys = new FileKeySource(
      tokens.issuers.map(({ issuer, keys }) => ({ issuer, file: locate(keys) })),
      webcrypto as webcrypto.Crypto,
      (file, reason) => this.#refuse('keys.refused', file, reason),
    )
    this.#lists = new FileRevocationSource({
      files: data.crls.map(locate),
      authorities: () => this.#identity.authorities,
      now: Date.now,
      onProblem: (file, reason) => this.#refuse('revocation.refused', file, reason),
    })
    this.#trust = this.#trusted()
    const settings = {
      audience: tokens.audience,
      toleranceSeconds: tokens.tolerance / 1000,
      maxLifetimeSeconds: tokens.lifetime / 1000,
      cacheSize: tokens.cache,
    }
    this.tokens = new TokenJudge(settings, () => this.#keys.current())
  }

  get identity(): Identity {
    return this.#identity
  }

  get trust(): Trust {
    return this.#trust
  }

  async start(): Promise<void> {
    await Promise.all([this.#reloadLists(), this.#reloadKeys()])
    const { data, tokens } = this.#config
    const own = [data.cert, data.clientCa, ...('file' in data.key ? [data.key.file] : [])]
    this.#watch(own, () => this.#reloadIdentity())
    this.#watch(data.crls, () => this.#reloadLists())
    this.#watch(
      tokens.issuers.map((i) => i.keys),
      () => this.#reloadKeys(),
    )
  }

  /** The listener that is told of a new certificate. */
  renews(listener: Listener): void {
    this.#listener = listener
  }

  /** Codes for /readyz; none is a reason to stop. */
  notes(): string[] {
    const refused = NOTES.filter(([event]) => this.#refused.has(event)).map(([, note]) => note)
    return [...refused, ...listNotes(this.#trust, this.#config)]
  }

  close(): void {
    for (const watch of this.#watches) watch.close()
  }

  #watch(paths: readonly string[], changed: () => Promise<void>): void {
    const located = paths.map(this.#locate)
    this.#watches.push(
      watchFiles(
        () => located,
        () => void changed(),
      ),
    )
  }

  #trusted(): Trust {
    const { authorities, names } = this.#identity
    return { authorities, names, revocation: this.#lists.current(), graceMs: this.#config.data.crlGrace }
  }

  async #reloadLists(): Promise<void> {
    this.#refused.delete('revocation.refused')
    if (await this.#lists.reload()) this.#log.info('revocation.active', { count: this.#lists.current().size })
    this.#trust = this.#trusted()
  }

  async #reloadKeys(): Promise<void> {
    this.#refused.delete('keys.refused')
    if (await this.#keys.reload()) this.#log.info('keys.active', { count: this.#keys.current().keys.length })
  }

  async #reloadIdentity(): Promise<void> {
    this.#refused.delete('certificate.refused')
    try {
      this.#identity = await this.#read()
      this.#listener?.renew(this.#identity)
      this.#log.info('certificate.active')
      // lists of an authority that came or went count from now on
      await this.#reloadLists()
    } catch (error) {
      this.#refuse('certificate.refused', this.#config.data.cert, reasonOf(error))
    }
  }

  #refuse(event: string, file: string, reason: string): void {
    this.#refused.add(event)
    this.#log.error(event, { file, problem: reason })
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
  if (lists.length === 0 || lists.some((list) => !isCurrent(list, now, graceMs, tokens.tolerance)))
    return ['CRL_UNAVAILABLE']
  return lists.some((list) => list.nextUpdate < now + DAY) ? ['CRL_EXPIRES_SOON'] : []
}

const reasonOf = (error: unknown): string =>
  error instanceof SecretError ? error.problem : error instanceof IdentityError ? 'not-usable' : 'failed'
