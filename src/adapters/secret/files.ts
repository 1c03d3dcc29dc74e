/**
 * Secrets and the keyring from files and environment. A file that anyone but its owner may read is refused: a secret
 * others could copy is no secret. Nothing of a secret is ever in an error.
 */
import { type FileHandle, open } from 'node:fs/promises'
import type { SecretRef } from '../../access/model.ts'
import { type Keyring, KeyringError, open as openRing } from '../../base/keyring.ts'

export type SecretProblem = 'missing' | 'unreadable' | 'readable-by-others' | 'empty' | 'too-long'

export class SecretError extends Error {
  override readonly name = 'SecretError'
  readonly problem: SecretProblem
  /** the path or variable named in the configuration */
  readonly source: string
  constructor(problem: SecretProblem, source: string) {
    super(`${source}: ${SENTENCES[problem].replace('FILE', source)}`)
    this.problem = problem
    this.source = source
  }
}

const SENTENCES: Readonly<Record<SecretProblem, string>> = {
  missing: 'this environment variable is not set; export it before the command',
  unreadable: 'cannot be read: there is no such file, or this user may not read it',
  'readable-by-others': 'is readable by group or others; make it 0600: chmod 600 FILE',
  empty: 'is empty; it must hold the secret, such as the output of openssl rand -base64 32',
  'too-long': 'is longer than any secret',
}

const MAX_BYTES = 1 << 20

/** Bytes of a file that only its owner can read. Mode and content are taken from one open file. Throws SecretError. */
export async function readPrivateFile(path: string): Promise<Buffer> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch {
    throw new SecretError('unreadable', path)
  }
  try {
    const { mode, size } = await handle.stat()
    // Windows has no such bits: its files answer 0o666 whatever their access list says
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new SecretError('readable-by-others', path)
    if (size > MAX_BYTES) throw new SecretError('too-long', path)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/** A secret's text without the line break at its end. Throws SecretError. */
export async function readSecret(
  ref: SecretRef,
  env: Readonly<Record<string, string | undefined>>,
  locate: (path: string) => string = (path) => path,
): Promise<string> {
  const source = 'env' in ref ? ref.env : ref.file
  const text = 'env' in ref ? env[ref.env] : (await readPrivateFile(locate(ref.file))).toString('utf8')
  if (text === undefined) throw new SecretError('missing', source)
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '') throw new SecretError('empty', source)
  return secret
}

/** Opens a sealed keyring file. Throws SecretError or KeyringError. */
export async function readKeyring(path: string, secret: string): Promise<Keyring> {
  const text = (await readPrivateFile(path)).toString('utf8')
  if (text.trim() === '') throw new KeyringError('KEYRING_SYNTAX')
  return openRing(text, Buffer.from(secret, 'utf8'))
}
