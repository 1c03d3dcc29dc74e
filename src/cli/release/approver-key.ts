/** An approver's own private key, on that person's own machine: P-256 in PKCS#8, sealed by a passphrase where one is given. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, webcrypto } from 'node:crypto'
import { open } from 'node:fs/promises'
import { readPrivateFile } from '../../adapters/secret/files.ts'
import { readApprover } from '../../release/approvers.ts'
import { signStatement } from '../../release/jws.ts'
import type { Approver, Claims } from '../../release/model.ts'
import { RefusedError } from '../authority/refused.ts'

export interface Signer {
  readonly approver: Approver
  sign(claims: Claims): Promise<string>
}

/** Makes a key, writes it readable by its owner only, and returns the public half. Replaces no file. */
export async function makeApproverKey(path: string, id: string, passphrase: string | null): Promise<Approver> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const approver = publicHalf(id, privateKey)
  const sealed = passphrase === null ? {} : { cipher: 'aes-256-cbc', passphrase }
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', ...sealed })
  const handle = await open(path, 'wx', 0o600).catch(() => {
    throw new RefusedError('the key file exists already or cannot be written; nothing was changed')
  })
  try {
    await handle.writeFile(pem)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return approver
}

/** Throws SecretError when the file is readable by others, RefusedError when it is no such key. */
export async function readSigner(path: string, id: string, passphrase: string | null): Promise<Signer> {
  const pem = await readPrivateFile(path)
  let key: KeyObject
  let jwk: webcrypto.JsonWebKey
  try {
    key = createPrivateKey({ key: pem, ...(passphrase !== null && { passphrase }) })
    jwk = key.export({ format: 'jwk' }) as webcrypto.JsonWebKey
  } catch {
    throw new RefusedError(`${path}: no private key, or another passphrase`)
  }
  if (jwk.crv !== 'P-256') throw new RefusedError(`${path}: an approver's key is P-256`)
  const approver = publicHalf(id, key)
  const usable = await webcrypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  return { approver, sign: (claims) => signStatement(claims, approver, usable) }
}

function publicHalf(id: string, key: KeyObject): Approver {
  const { x, y } = key.export({ format: 'jwk' })
  try {
    return readApprover({ id, x, y })
  } catch {
    throw new RefusedError('an approver is named by 1 to 64 of a-z 0-9 . _ -')
  }
}
