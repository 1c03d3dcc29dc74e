/** What the release commands share: the deployment's desk, the person who acts, and verdicts in words. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { readSecret, SecretError } from '../../adapters/secret/files.ts'
import { formatProblem } from '../../base/problem.ts'
import { type Config, parseConfig } from '../../config.ts'
import { zoneDay } from '../../gateway/zone-day.ts'
import { BundleStoreError } from '../../ports/bundle-store.ts'
import type { ReleaseDesk, StatementRequest, Verdict } from '../../ports/release.ts'
import { RELEASE_CODES, type ReleaseCode, ReleaseError } from '../../release/codes.ts'
import { RefusedError, refusing } from '../authority/refused.ts'
import { EXIT, type Io, UsageError } from '../command.ts'
import { locator } from '../serve/locate.ts'
import { readSigner, type Signer } from './approver-key.ts'
import { StoreDesk } from './desk.ts'
import { openStore } from './open-store.ts'

/** Options of every release command. */
export const DESK_OPTIONS = {
  config: { type: 'string', default: 'veilgate.yaml' },
  json: { type: 'boolean', default: false },
} as const

/** Options of commands that sign. */
export const SIGNER_OPTIONS = {
  key: { type: 'string' },
  as: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'passphrase-env': { type: 'string' },
  why: { type: 'string', default: '' },
} as const

export async function readConfig(path: string, io: Io): Promise<{ readonly config: Config; readonly base: string }> {
  const file = resolve(io.cwd, path)
  const text = await readFile(file, 'utf8').catch(() => {
    throw new RefusedError(`${path} cannot be read`)
  })
  const { config, problems } = parseConfig(path, text)
  for (const problem of problems.sorted()) io.err(`${formatProblem(problem)}\n`)
  if (config === null) throw new RefusedError(`${path} has problems`)
  return { config, base: dirname(file) }
}

/** Runs a command over the desk of the deployment, and closes it again. */
export function withDesk(
  name: string,
  config: string,
  io: Io,
  run: (desk: ReleaseDesk, config: Config) => Promise<number>,
): Promise<number> {
  return refusing(name, io, () =>
    tellingCodes(async () => {
      const read = await readConfig(config, io)
      if (read.config.release.source !== 'store')
        throw new RefusedError(
          'this deployment takes its rules from a folder: veilgate rules sign puts approvals beside them',
        )
      const desk = await openDesk(read.config, read.base, io.env)
      try {
        return await run(desk, read.config)
      } finally {
        await desk.close()
      }
    }),
  )
}

/** The desk of a deployment whose rules come from a store. Throws SecretError, BundleStoreError. */
export async function openDesk(
  config: Config,
  base: string,
  env: Readonly<Record<string, string | undefined>>,
  onRoad = false,
): Promise<ReleaseDesk> {
  const { approval, approvers, source, store: place } = config.release
  const store = await openStore(place, { locate: locator(base), env, onRoad })
  const day = zoneDay(config.zone)
  const today = () => day(Date.now())
  return new StoreDesk({ store, roster: approvers, approval, source, now: Date.now, today })
}

/** Codes of releases, stores and secrets as sentences; nothing else is caught. */
export async function tellingCodes<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof ReleaseError) throw new RefusedError(sentenceOf(error.code))
    if (error instanceof BundleStoreError) throw new RefusedError(`the bundle store cannot be used: ${error.code}`)
    if (error instanceof SecretError) throw new RefusedError(error.message)
    throw error
  }
}

export const sentenceOf = (code: ReleaseCode): string =>
  `${code}: ${RELEASE_CODES[code].zh} · ${RELEASE_CODES[code].en}`

type Signing = Readonly<Partial<Record<'key' | 'as' | 'passphrase-file' | 'passphrase-env', string>>>

/** The person who signs here and now. */
export async function signerOf(values: Signing, io: Io): Promise<Signer> {
  const { key, as } = values
  if (key === undefined || as === undefined) throw new UsageError('--key FILE and --as ID: whose key, and which file')
  const locate = (path: string): string => resolve(io.cwd, path)
  const { 'passphrase-file': file, 'passphrase-env': env } = values
  if (file !== undefined && env !== undefined) throw new UsageError('one of --passphrase-file and --passphrase-env')
  const ref = file !== undefined ? { file } : env !== undefined ? { env } : null
  return readSigner(locate(key), as, ref === null ? null : await readSecret(ref, io.env, locate))
}

/** Prepares a statement, signs it and gives it to the desk. */
export async function signAndGive(desk: ReleaseDesk, signer: Signer, request: StatementRequest): Promise<Verdict> {
  const { claims } = await desk.prepare(request)
  return desk.approve(await signer.sign(claims))
}

/** Prints a verdict; the exit code says whether it is done. `partial`: one of several signatures is a success, too. */
export function tellVerdict(verdict: Verdict, done: string, io: Io, json: boolean, partial = false): number {
  const waiting = verdict.refused !== null && WAITING.has(verdict.refused)
  const good = verdict.released || (partial && waiting)
  if (json) io.out(`${JSON.stringify(verdict)}\n`)
  else if (verdict.released) io.out(`${done}${verdict.signed.length > 0 ? ` (${verdict.signed.join(', ')})` : ''}\n`)
  else {
    const signed = verdict.signed.length === 0 ? '' : `; signed: ${verdict.signed.join(', ')} of ${verdict.needs}`
    ;(good ? io.out : io.err)(`${sentenceOf(verdict.refused!)}${signed}\n`)
  }
  return good ? EXIT.done : EXIT.refused
}

/** The signature was taken, and more are needed. */
const WAITING: ReadonlySet<ReleaseCode> = new Set(['APPROVAL_MISSING', 'APPROVAL_OWN'])
