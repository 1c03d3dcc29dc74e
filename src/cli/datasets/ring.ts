/** The keyring a command was given: a file and the secret that opens it. */
import { resolve } from 'node:path'
import { readKeyring, readSecret, SecretError } from '../../adapters/secret/files.ts'
import { type Keyring, KeyringError } from '../../base/keyring.ts'
import { RefusedError } from '../authority/refused.ts'
import { type Io, UsageError } from '../command.ts'

export const RING_OPTIONS = {
  keys: { type: 'string', default: 'keys/ring.json' },
  'secret-file': { type: 'string' },
  'secret-env': { type: 'string' },
} as const

export interface RingValues {
  readonly keys: string
  readonly 'secret-file'?: string | undefined
  readonly 'secret-env'?: string | undefined
}

/** Throws UsageError without a secret, RefusedError when the ring cannot be opened. */
export async function openRing(values: RingValues, io: Io): Promise<Keyring> {
  const { 'secret-file': file, 'secret-env': env } = values
  if ((file === undefined) === (env === undefined)) throw new UsageError('one of --secret-file and --secret-env')
  const locate = (path: string): string => resolve(io.cwd, path)
  try {
    const secret = await readSecret(file === undefined ? { env: env! } : { file }, io.env, locate)
    return await readKeyring(locate(values.keys), secret)
  } catch (error) {
    if (error instanceof SecretError) throw new RefusedError(error.message)
    if (error instanceof KeyringError) throw new RefusedError(`the keyring cannot be opened (${error.code})`)
    throw error
  }
}
