/**
 * Token issuers' public keys from files: a JWK set, a single JWK, or PEM public keys (SubjectPublicKeyInfo or
 * certificate). All issuers are read together; if one file is bad, none of the reading counts.
 */
import { createHash, createPublicKey, type webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { EMPTY_KEY_SET, importKeySet, type KeySet, KeySetError } from '../../access/keys.ts'
import type { KeySource } from '../../ports/key-source.ts'

export interface IssuerFile {
  readonly issuer: string
  readonly file: string
}

/** `problem` is a word, never content: unreadable, not-keys, or why a key was refused. */
export type OnKeyProblem = (file: string, problem: string) => void

export class FileKeySource implements KeySource {
  readonly #files: readonly IssuerFile[]
  readonly #crypto: webcrypto.Crypto
  readonly #onProblem: OnKeyProblem
  #set: KeySet = EMPTY_KEY_SET

  constructor(files: readonly IssuerFile[], crypto: webcrypto.Crypto, onProblem: OnKeyProblem) {
    this.#files = files
    this.#crypto = crypto
    this.#onProblem = onProblem
  }

  current(): KeySet {
    return this.#set
  }

  async reload(): Promise<boolean> {
    const issuers: { issuer: string; jwks: webcrypto.JsonWebKey[] }[] = []
    for (const { issuer, file } of this.#files) {
      const jwks = await this.#read(file)
      if (jwks === null) return false
      issuers.push({ issuer, jwks })
    }
    try {
      const set = await importKeySet(issuers, this.#crypto)
      if (set.version === this.#set.version) return false
      this.#set = set
      return true
    } catch (error) {
      if (!(error instanceof KeySetError)) throw error
      this.#onProblem(this.#files[error.issuer]?.file ?? '', error.problem)
      return false
    }
  }

  async #read(file: string): Promise<webcrypto.JsonWebKey[] | null> {
    let text: string
    try {
      text = await readFile(file, 'utf8')
    } catch {
      this.#onProblem(file, 'unreadable')
      return null
    }
    const keys = parseKeys(text)
    if (keys === null) this.#onProblem(file, 'not-keys')
    return keys
  }
}

/** JWKs of a file's text; null when it is none of the forms. Exported for the command line. */
export function parseKeys(text: string): webcrypto.JsonWebKey[] | null {
  try {
    if (!text.includes('-----BEGIN')) {
      const parsed: unknown = JSON.parse(text)
      if (typeof parsed !== 'object' || parsed === null) return null
      const keys = (parsed as { keys?: unknown }).keys ?? [parsed]
      return Array.isArray(keys) && keys.length > 0 ? (keys as webcrypto.JsonWebKey[]) : null
    }
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return null
    const blocks = text.match(/-----BEGIN (PUBLIC KEY|CERTIFICATE)-----[\s\S]+?-----END \1-----/g) ?? []
    return blocks.length === 0 ? null : blocks.map(jwkOf)
  } catch {
    return null
  }
}

/** A PEM key has no id of its own: its RFC 7638 thumbprint stands for it. */
function jwkOf(pem: string): webcrypto.JsonWebKey {
  const jwk = createPublicKey(pem).export({ format: 'jwk' }) as webcrypto.JsonWebKey
  const members = Object.fromEntries(
    (['crv', 'e', 'kty', 'n', 'x', 'y'] as const).filter((m) => jwk[m] !== undefined).map((m) => [m, jwk[m]]),
  )
  const kid = createHash('sha256').update(JSON.stringify(members)).digest('base64url')
  return { ...jwk, kid } as webcrypto.JsonWebKey
}
