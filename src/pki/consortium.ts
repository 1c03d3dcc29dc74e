/**
 * A whole consortium minted in memory: root, intermediate, the gateway's server certificate, one client certificate
 * per institution, revocation lists of both authorities and a token issuer's ES256 key. For the demo and for tests;
 * nothing here is kept or reused.
 */
import { createHash, type webcrypto, X509Certificate } from 'node:crypto'
import { createCrl } from './crl.ts'
import { type Authority, createIntermediate, createRoot, EC, type Issued, type Issuing, issueLeaf } from './issue.ts'

export interface Member extends Issued {
  readonly id: string
  /** certificate followed by the intermediate's, as a TLS peer presents it */
  readonly chain: string
  readonly der: Buffer
  /** lower-case hex, as institutions.yaml registers it */
  readonly sha256: string
  /** base64url, the `cnf.x5t#S256` of its tokens */
  readonly thumbprint: string
  readonly serial: string
}

export interface TokenIssuer {
  readonly issuer: string
  readonly kid: string
  readonly privateKey: webcrypto.CryptoKey
  /** JWK set of the public key, as a key source reads it */
  readonly jwks: { readonly keys: readonly webcrypto.JsonWebKey[] }
}

export interface Consortium {
  readonly root: Authority
  readonly intermediate: Authority
  /** root and intermediate: what a TLS peer trusts */
  readonly ca: string
  readonly server: Member
  readonly clients: ReadonlyMap<string, Member>
  readonly issuer: TokenIssuer
  /** PEM lists, root's first; `revoked` names members by id */
  crls(options?: CrlOptions): Promise<readonly [root: string, intermediate: string]>
}

export interface CrlOptions {
  readonly revoked?: readonly string[]
  readonly number?: number
  readonly days?: number
  /** when the lists are made; default: when the consortium was */
  readonly now?: Date
}

export interface ConsortiumRequest {
  /** what its authorities and certificates are called; default the demo's, which `serve` refuses */
  readonly name?: string
  readonly institutions: readonly string[]
  readonly issuer?: string
  readonly dns?: readonly string[]
  readonly ips?: readonly string[]
  readonly days?: number
}

export async function mintConsortium(issuing: Issuing, request: ConsortiumRequest): Promise<Consortium> {
  const days = request.days ?? 2
  const name = request.name ?? 'Veilgate demo'
  const root = await createRoot(issuing, { name: `${name} root`, days: days + 2 })
  const intermediate = await createIntermediate(issuing, root, { name: `${name} issuing CA`, days: days + 1 })
  const names = { dns: request.dns ?? ['localhost'], ips: request.ips ?? ['127.0.0.1', '::1'] }
  const leaf = async (id: string, use: 'client' | 'server'): Promise<Member> => {
    const own = use === 'server' ? names : {}
    const issued = await issueLeaf(issuing, intermediate, {
      name: id,
      organization: name,
      use,
      days,
      ...own,
    })
    return member(id, issued, intermediate)
  }
  const clients = new Map<string, Member>()
  for (const id of request.institutions) clients.set(id, await leaf(id, 'client'))
  return {
    root,
    intermediate,
    ca: root.certificate + intermediate.certificate,
    server: await leaf('veilgate', 'server'),
    clients,
    issuer: await tokenIssuer(issuing.crypto, request.issuer ?? 'https://issuer.demo.invalid'),
    crls: async (options = {}) => {
      const now = options.now ?? issuing.now
      const list = { days: options.days ?? 1, number: options.number ?? 1 }
      const revoked = (options.revoked ?? []).map((id) => {
        const found = clients.get(id)
        if (found === undefined) throw new RangeError('no member of this name')
        return { serial: found.serial, at: now, reason: 'cessationOfOperation' as const }
      })
      const at = { crypto: issuing.crypto, now }
      return [
        await createCrl(at, root, { ...list, revoked: [] }),
        await createCrl(at, intermediate, { ...list, revoked }),
      ]
    },
  }
}

/** An issued leaf with everything the gateway's configuration and its tokens say about it. */
export function member(id: string, issued: Issued, issuer: Issued): Member {
  const parsed = new X509Certificate(issued.certificate)
  const digest = createHash('sha256').update(parsed.raw).digest()
  return {
    ...issued,
    id,
    chain: issued.certificate + issuer.certificate,
    der: parsed.raw,
    sha256: digest.toString('hex'),
    thumbprint: digest.toString('base64url'),
    serial: parsed.serialNumber,
  }
}

/** A fresh ES256 key; `kid` is its RFC 7638 thumbprint. */
export async function tokenIssuer(crypto: webcrypto.Crypto, issuer: string): Promise<TokenIssuer> {
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify'])
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey)
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
  const jwk = { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } as webcrypto.JsonWebKey
  return { issuer, kid, privateKey: keys.privateKey, jwks: { keys: [jwk] } }
}
