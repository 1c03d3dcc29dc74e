/** What both maps share: keys of a dataset, sealed rows, and the chain of certificates. */
import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto'
import type { DatasetName } from '../../mask/keyed.ts'
import type { DatasetCertificate, DatasetMapKeys } from '../../ports/dataset-map.ts'

const NONCE = 12
const TAG = 16

/** AES-256-GCM: nonce, ciphertext, tag. */
export function seal(key: Buffer, plain: Buffer, address: string, random: (bytes: number) => Buffer): Buffer {
  const nonce = random(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(address))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws when key, address or bytes are not the ones that were sealed. */
export function open(key: Buffer, sealed: Buffer, address: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(Buffer.from(address))
  decipher.setAuthTag(sealed.subarray(-TAG))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()])
}

/** No name of a dataset is part of another's address. */
export const addressOf = ({ recipient, name }: DatasetName): string => `${recipient.length}:${recipient}:${name}`

/** Keys of one dataset: its own random key, and what is derived from it. */
export interface DatasetKeys {
  readonly rows: Buffer
  /** the row of a value, told by nobody who has not the key */
  readonly place: (slot: string, canonical: string) => string
  /** the row of an id */
  readonly idPlace: (id: string) => string
}

export function keysOf(own: Buffer): DatasetKeys {
  const part = (label: string): Buffer => createHmac('sha256', own).update(label).digest()
  const places = part('places')
  const ids = part('ids')
  const mac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  return {
    rows: part('rows'),
    place: (slot, canonical) => mac(places, `${slot.length}:${slot}${canonical}`),
    idPlace: (id) => mac(ids, id),
  }
}

/** A fresh key for a dataset, and the same key wrapped. */
export function newDatasetKey(
  { wrapping, epoch, random }: DatasetMapKeys,
  dataset: DatasetName,
): { readonly own: Buffer; readonly wrapped: Buffer } {
  const own = random(32)
  const address = addressOf(dataset)
  return { own, wrapped: seal(wrapping(address, epoch), own, address, random) }
}

export const FIRST = '0'.repeat(64)

export const lineOf = (certificate: DatasetCertificate): string => JSON.stringify(certificate)
export const hashOf = (line: string): string => createHash('sha256').update(line).digest('hex')
