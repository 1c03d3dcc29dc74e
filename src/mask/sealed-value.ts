/**
 * Reversible encryption of one value: AES-256-GCM (NIST SP 800-38D), or SM4-CTR (GB/T 32907, GB/T 17964) then HMAC-SM3
 * (GB/T 32905, GB/T 15852.2) over key id, nonce, address and ciphertext with two derived keys, since the runtime has no
 * SM4-GCM. The address is the element: a ciphertext moved to another element does not open. The length is padded to 16
 * bytes (ISO/IEC 7816-4), so that it does not tell 张三 from 欧阳娜娜.
 *
 * Text: `E1.e3.` (AES) or `E2.e3.` (SM4), the epoch, and base64url of nonce, ciphertext and tag; it passes JSON, HL7
 * and XML without escapes.
 */
import { createCipheriv, createDecipheriv, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Cipher } from './transforms/transform.ts'

export interface SealOptions {
  readonly cipher: Cipher
  /** a derived key of 32 bytes by label */
  readonly keys: (part: 'gcm' | 'sm4' | 'hmac-sm3') => KeyObject
  readonly epoch: string
  readonly element: string
}

const BLOCK = 16
const TAG = { 'aes-256-gcm': 16, sm4: 32 } as const
const NONCE = { 'aes-256-gcm': 12, sm4: 16 } as const
const MARKS: Readonly<Record<Cipher, string>> = { 'aes-256-gcm': 'E1', sm4: 'E2' }
const SEALED = /^(E[12])\.(e[1-9]\d{0,5})\.([A-Za-z0-9_-]{40,})$/

/** @param random that many fresh random bytes; at most 2^32 values are sealed under one AES key (SP 800-38D 8.3) */
export function sealValue(options: SealOptions, plain: string, random: (bytes: number) => Buffer): string {
  const { cipher, epoch } = options
  const nonce = random(NONCE[cipher])
  const body = padded(Buffer.from(plain, 'utf8'))
  const sealed = cipher === 'sm4' ? sealSm4(options, nonce, body) : sealGcm(options, nonce, body)
  body.fill(0)
  return `${MARKS[cipher]}.${epoch}.${Buffer.concat([nonce, sealed]).toString('base64url')}`
}

/** Cipher and epoch of a sealed text; null when it is none. */
export function sealedParts(text: string): { readonly cipher: Cipher; readonly epoch: string } | null {
  const m = SEALED.exec(text)
  return m === null ? null : { cipher: m[1] === 'E2' ? 'sm4' : 'aes-256-gcm', epoch: m[2]! }
}

/** The value, or null when key, element or text are not the ones it was sealed with. */
export function openValue(options: SealOptions, text: string): string | null {
  const m = SEALED.exec(text)
  if (m === null || m[1] !== MARKS[options.cipher] || m[2] !== options.epoch) return null
  const bytes = Buffer.from(m[3]!, 'base64url')
  const size = NONCE[options.cipher]
  if (bytes.length < size + BLOCK + TAG[options.cipher]) return null
  const nonce = bytes.subarray(0, size)
  const sealed = bytes.subarray(size, -TAG[options.cipher])
  const tag = bytes.subarray(-TAG[options.cipher])
  const body = options.cipher === 'sm4' ? openSm4(options, nonce, sealed, tag) : openGcm(options, nonce, sealed, tag)
  const end = body?.lastIndexOf(0x80) ?? -1
  return body === null || end < 0 ? null : body.toString('utf8', 0, end)
}

function padded(plain: Buffer): Buffer {
  const body = Buffer.alloc(Math.ceil((plain.length + 1) / BLOCK) * BLOCK)
  plain.copy(body)
  body[plain.length] = 0x80
  plain.fill(0)
  return body
}

function sealGcm({ keys, epoch, element }: SealOptions, nonce: Buffer, body: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', keys('gcm'), nonce)
  cipher.setAAD(Buffer.from(`${epoch}\0${element}`))
  return Buffer.concat([cipher.update(body), cipher.final(), cipher.getAuthTag()])
}

function openGcm({ keys, epoch, element }: SealOptions, nonce: Buffer, sealed: Buffer, tag: Buffer): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', keys('gcm'), nonce, { authTagLength: TAG['aes-256-gcm'] })
  decipher.setAAD(Buffer.from(`${epoch}\0${element}`))
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch {
    return null
  }
}

/** SM4 has keys of 128 bits: the first half of the derived ones. */
const sm4Key = (keys: SealOptions['keys']): Buffer => keys('sm4').export().subarray(0, 16)

function sm3({ keys, epoch, element }: SealOptions, nonce: Buffer, sealed: Buffer): Buffer {
  // Lengths before the parts of varying length: no two sets of parts make one message.
  const head = `${epoch.length}:${epoch}${element.length}:${element}`
  return createHmac('sm3', keys('hmac-sm3')).update(head).update(nonce).update(sealed).digest()
}

function sealSm4(options: SealOptions, nonce: Buffer, body: Buffer): Buffer {
  const cipher = createCipheriv('sm4-ctr', sm4Key(options.keys), nonce)
  const sealed = Buffer.concat([cipher.update(body), cipher.final()])
  return Buffer.concat([sealed, sm3(options, nonce, sealed)])
}

function openSm4(options: SealOptions, nonce: Buffer, sealed: Buffer, tag: Buffer): Buffer | null {
  if (!timingSafeEqual(sm3(options, nonce, sealed), tag)) return null
  const decipher = createDecipheriv('sm4-ctr', sm4Key(options.keys), nonce)
  return Buffer.concat([decipher.update(sealed), decipher.final()])
}
