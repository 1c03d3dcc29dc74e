/** `veilgate certs issue`: one leaf, its files, its line in the index and the lines for institutions.yaml. */
import { createHash, randomBytes, randomInt, webcrypto, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { certifyKey, issueLeaf, type LeafRequest } from '../../pki/issue.ts'
import { createPack } from '../../pki/pkcs12.ts'
import { createRsaKey, readRsaRequest } from '../../pki/rsa.ts'
import {
  type IssuedLine,
  issuingNow,
  locked,
  type OpenAuthority,
  openAuthority,
  put,
  readIndex,
  writeIndex,
} from './folder.ts'
import { RefusedError } from './refused.ts'

export interface IssueOptions {
  readonly leaf: LeafRequest
  readonly institution: string | null
  /** RSA key for systems without elliptic curves */
  readonly rsa: boolean
  /** path of an RSA request (PKCS#10): then no key is made here */
  readonly csr: string | null
  readonly pack: boolean
  /** where the pack's password goes (0600); null = told once */
  readonly passwordFile: string | null
}

export interface IssueResult {
  readonly line: IssuedLine
  readonly files: readonly string[]
  /** told once, never stored; null without a pack or with a password file */
  readonly password: string | null
}

export async function issueInto(folder: string, options: IssueOptions): Promise<IssueResult> {
  if (options.csr !== null && (options.rsa || options.pack))
    throw new RefusedError('a request brings its own key: neither --rsa nor --pack goes with --csr')
  return locked(folder, async () => {
    const authority = await openAuthority(folder)
    const index = await readIndex(folder)
    const { certificate, privateKey } = await certify(authority, options)
    const parsed = new X509Certificate(certificate)
    const stem = `${options.leaf.name}-${parsed.serialNumber.slice(0, 8).toLowerCase()}`
    const chain = certificate + authority.intermediate.certificate
    const line: IssuedLine = {
      name: options.leaf.name,
      institution: options.institution,
      use: options.leaf.use,
      serial: parsed.serialNumber,
      sha256: createHash('sha256').update(parsed.raw).digest('hex'),
      notAfter: new Date(parsed.validTo).toISOString(),
      certificate: `${stem}.crt.pem`,
      revoked: null,
    }
    // the index first: a certificate that exists but is not listed could not be revoked by its name
    await writeIndex(folder, { ...index, issued: [...index.issued, line] })
    const files = [await put(folder, line.certificate, chain, true)]
    if (privateKey === null) return { line, files, password: null }
    files.push(await put(folder, `${stem}.key.pem`, privateKey, true))
    if (!options.pack) return { line, files, password: null }
    const password = newPassword()
    const certificates = [certificate, authority.intermediate.certificate, authority.root.certificate]
    const pack = createPack({ privateKey, certificates, name: options.leaf.name, password }, (n) => randomBytes(n))
    files.push(await put(folder, `${stem}.p12`, pack, true))
    if (options.passwordFile === null) return { line, files, password }
    const path = resolve(options.passwordFile)
    await writeFile(path, `${password}\n`, { mode: 0o600, flag: 'wx' }).catch(() => {
      throw new RefusedError('the password file exists already or cannot be written')
    })
    return { line, files: [...files, path], password: null }
  })
}

async function certify(
  { intermediate }: OpenAuthority,
  options: IssueOptions,
): Promise<{ readonly certificate: string; readonly privateKey: string | null }> {
  const issuing = issuingNow()
  if (options.csr !== null) {
    const text = await readFile(options.csr, 'utf8').catch(() => {
      throw new RefusedError('the request file cannot be read')
    })
    const key = readRsaRequest(text)
    if (key === null)
      throw new RefusedError('the request is no RSA request of 2048 bits or more, or its signature fails')
    return { certificate: await certifyKey(issuing, intermediate, key, options.leaf), privateKey: null }
  }
  if (!options.rsa) return issueLeaf(issuing, intermediate, options.leaf)
  const pair = await createRsaKey(2048, webcrypto as webcrypto.Crypto)
  return {
    certificate: await certifyKey(issuing, intermediate, pair.publicKey, options.leaf),
    privateKey: pair.privateKey,
  }
}

/** 24 characters without look-alikes: about 139 bits, easy to read over the telephone. */
function newPassword(): string {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
  return Array.from({ length: 24 }, () => alphabet[randomInt(alphabet.length)]).join('')
}
