/**
 * TOTP secrets at rest: AES-256-GCM under a key of the keyring, bound to the account. The nonce is made from what is
 * sealed (in the manner of RFC 8452), so that the same secret has one text and may be compared without being opened.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'

const NONCE = 12
const TAG = 16
export const SECRET_KEY_BYTES = 32

export function sealSecret(key: Uint8Array, account: string, secret: string): string {
  const nonce = createHmac('sha256', key).update(`${account}\0${secret}`).digest().subarray(0, NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(account))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
}

/** Null for a text that was altered, moved from another account, or sealed under another key. */
export function openSecret(key: Uint8Array, account: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length <= NONCE + TAG || bytes.toString('base64url') !== sealed) return null
  const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE)).setAAD(Buffer.from(account))
  opener.setAuthTag(bytes.subarray(-TAG))
  try {
    return Buffer.concat([opener.update(bytes.subarray(NONCE, -TAG)), opener.final()]).toString('utf8')
  } catch {
    return null
  }
}
