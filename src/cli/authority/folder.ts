/**
 * The folder of a small certificate authority as the command line keeps it: root and issuing CA, what was issued and
 * revoked (authority.json), the current lists, and the development token issuer. Folder 0700, private keys 0600.
 * One command works in it at a time.
 */
import { webcrypto } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createCrl, type Reason } from '../../pki/crl.ts'
import { type Authority, createIntermediate, createRoot, type Issuing, readAuthority } from '../../pki/issue.ts'
import { RefusedError } from './refused.ts'

export interface IssuedLine {
  readonly name: string
  readonly institution: string | null
  readonly use: 'client' | 'server'
  /** hexadecimal */
  readonly serial: string
  /** lower-case hex */
  readonly sha256: string
  /** RFC 3339 */
  readonly notAfter: string
  /** file name inside the folder */
  readonly certificate: string
  readonly revoked: { readonly at: string; readonly reason: Reason } | null
}

export interface AuthorityIndex {
  readonly v: 1
  readonly crlNumber: number
  readonly issued: readonly IssuedLine[]
}

export const FILES = {
  index: 'authority.json',
  root: 'root.crt.pem',
  rootKey: 'root.key.pem',
  issuing: 'issuing.crt.pem',
  issuingKey: 'issuing.key.pem',
  bundle: 'ca.pem',
  rootCrl: 'root.crl.pem',
  issuingCrl: 'issuing.crl.pem',
  tokenKey: 'token-issuer.key.json',
  jwks: 'jwks.json',
} as const

const LOCK = '.lock'
const ROOT_DAYS = 3650
const ISSUING_DAYS = 1825

export const issuingNow = (): Issuing => ({ crypto: webcrypto as webcrypto.Crypto, now: new Date() })

/** Makes the folder with root, issuing CA and empty lists. Refused when it already holds an authority. */
export async function createAuthority(folder: string, name: string, crlDays: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  await locked(folder, async () => {
    if (await exists(join(folder, FILES.index))) throw new RefusedError('this folder already holds an authority')
    const issuing = issuingNow()
    const root = await createRoot(issuing, { name: `${name} root`, days: ROOT_DAYS })
    const intermediate = await createIntermediate(issuing, root, { name: `${name} issuing CA`, days: ISSUING_DAYS })
    await put(folder, FILES.rootKey, root.privateKey)
    await put(folder, FILES.issuingKey, intermediate.privateKey)
    await put(folder, FILES.root, root.certificate)
    await put(folder, FILES.issuing, intermediate.certificate)
    await put(folder, FILES.bundle, root.certificate + intermediate.certificate)
    const index: AuthorityIndex = { v: 1, crlNumber: 1, issued: [] }
    await writeLists(folder, { root, intermediate }, index, crlDays)
    await writeIndex(folder, index)
  })
}

export interface OpenAuthority {
  readonly root: Authority
  readonly intermediate: Authority
}

export async function openAuthority(folder: string): Promise<OpenAuthority> {
  const read = async (certificate: string, key: string): Promise<Authority> =>
    readAuthority(webcrypto as webcrypto.Crypto, {
      certificate: await readFile(join(folder, certificate), 'utf8'),
      privateKey: await readFile(join(folder, key), 'utf8'),
    })
  try {
    return {
      root: await read(FILES.root, FILES.rootKey),
      intermediate: await read(FILES.issuing, FILES.issuingKey),
    }
  } catch {
    throw new RefusedError('no authority in this folder; make one with: veilgate certs init DIR')
  }
}

export async function readIndex(folder: string): Promise<AuthorityIndex> {
  try {
    const index = JSON.parse(await readFile(join(folder, FILES.index), 'utf8')) as AuthorityIndex
    if (index.v === 1 && Array.isArray(index.issued)) return index
  } catch {
    // told below: a missing and a broken index need the same step from the reader
  }
  throw new RefusedError('no authority in this folder; make one with: veilgate certs init DIR')
}

/** Replaces the index whole: a reader never sees half of it. */
export async function writeIndex(folder: string, index: AuthorityIndex): Promise<void> {
  await put(folder, FILES.index, `${JSON.stringify(index, null, 2)}\n`)
}

/** Signs both lists anew. The root's is empty: it signed only the issuing CA, whose loss means a new authority. */
export async function writeLists(
  folder: string,
  authority: OpenAuthority,
  index: AuthorityIndex,
  days: number,
): Promise<void> {
  const issuing = issuingNow()
  const revoked = index.issued.flatMap((line) =>
    line.revoked === null ? [] : [{ serial: line.serial, at: new Date(line.revoked.at), reason: line.revoked.reason }],
  )
  const list = { days, number: index.crlNumber }
  await put(folder, FILES.rootCrl, await createCrl(issuing, authority.root, { ...list, revoked: [] }))
  await put(folder, FILES.issuingCrl, await createCrl(issuing, authority.intermediate, { ...list, revoked }))
}

/** Writes a file 0600 in one step; `fresh` refuses to replace one. */
export async function put(folder: string, name: string, content: string | Uint8Array, fresh = false): Promise<string> {
  const path = join(folder, name)
  if (fresh) {
    const handle = await open(path, 'wx', 0o600).catch(() => {
      throw new RefusedError(`${name} exists already`)
    })
    await handle.writeFile(content).finally(() => handle.close())
    return path
  }
  const next = `${path}.next`
  await writeFile(next, content, { mode: 0o600 })
  await rename(next, path)
  return path
}

/** Runs while no other command works in the folder. */
export async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, LOCK)
  const lock = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new RefusedError(
      error.code === 'EEXIST'
        ? `another command works in this folder; remove ${LOCK} if none does`
        : 'the folder is missing or cannot be written',
    )
  })
  try {
    return await work()
  } finally {
    await lock.close()
    await rm(path, { force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    () => false,
  )
}
