/**
 * The approver's key: an ECDSA P-256 pair made by WebCrypto in this browser, its private half not extractable, kept in
 * IndexedDB. Nobody can copy it out, the server least of all; it is sent the public half only. A browser whose storage
 * is cleared loses the key, and the approver enrols a new one, which is itself a change by two.
 */

export interface ApproverKey {
  readonly user: string
  readonly pair: CryptoKeyPair
  readonly jwk: JsonWebKey
  /** RFC 7638 thumbprint of the public half */
  readonly thumbprint: string
}

const DATABASE = 'veilgate-approver'
const STORE = 'keys'
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** The key of a user in this browser, or none. */
export async function findKey(user: string): Promise<ApproverKey | undefined> {
  const pair = await inStore<CryptoKeyPair | undefined>('readonly', (store) => store.get(user))
  return pair === undefined ? undefined : describe(user, pair)
}

/** Makes and keeps a new key for a user; one that stood there before is gone. */
export async function makeKey(user: string): Promise<ApproverKey> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  await inStore('readwrite', (store) => store.put(pair, user))
  // asks the browser not to evict it when the disk runs low; a refusal changes nothing else
  await navigator.storage?.persist?.()
  return describe(user, pair)
}

async function describe(user: string, pair: CryptoKeyPair): Promise<ApproverKey> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const members = new TextEncoder().encode(JSON.stringify({ crv, kty, x, y }))
  const digest = await crypto.subtle.digest('SHA-256', members)
  return { user, pair, jwk: { kty, crv, x, y }, thumbprint: base64url(new Uint8Array(digest)) }
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** JWS compact serialisation (RFC 7515) with ES256; WebCrypto's signature is r||s, as RFC 7518 section 3.4 wants it. */
export async function signJws(key: ApproverKey, header: Record<string, unknown>, payload: string): Promise<string> {
  const encode = (text: string) => base64url(new TextEncoder().encode(text))
  const input = `${encode(JSON.stringify(header))}.${encode(payload)}`
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(algorithm, key.pair.privateKey, new TextEncoder().encode(input))
  return `${input}.${base64url(new Uint8Array(signature))}`
}

function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const database = opening.result
      const transaction = database.transaction(STORE, mode)
      const request = act(transaction.objectStore(STORE))
      transaction.oncomplete = () => {
        database.close()
        resolve(request.result as T)
      }
      transaction.onerror = () => reject(transaction.error)
    }
  })
}
