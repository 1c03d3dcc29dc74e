/** The data port's own certificate and the authorities it trusts, read from files and read again when they change. */
import { createPrivateKey, type X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readSecret } from '../../adapters/secret/files.ts'
import type { Config } from '../../config.ts'
import type { ServerIdentity } from '../../gateway/listener.ts'
import { type OwnNames, ownNames } from '../../gateway/own-names.ts'
import { readCertificates } from '../../pki/peer.ts'

export class IdentityError extends Error {
  override readonly name = 'IdentityError'
}

export interface Identity extends ServerIdentity {
  readonly authorities: readonly X509Certificate[]
  readonly names: OwnNames
}

/** Throws IdentityError with a sentence that names a file, or SecretError. */
export async function readIdentity(
  data: Config['data'],
  locate: (path: string) => string,
  env: Readonly<Record<string, string | undefined>>,
  admitDemo: boolean,
): Promise<Identity> {
  const [cert, ca] = await Promise.all([text(locate(data.cert)), text(locate(data.clientCa))])
  const key = await readSecret(data.key, env, locate)
  const authorities = certificates(ca, data.clientCa)
  const leaf = certificates(cert, data.cert)[0]!
  if (!admitDemo && [leaf, ...authorities].some(isDemo))
    throw new IdentityError(`${data.clientCa}: a throw-away authority of the demo is not admitted here`)
  if (!leaf.checkPrivateKey(createPrivateKey(key)))
    throw new IdentityError(`${data.cert}: the private key is another certificate's`)
  const base = data.publicBase === null ? [] : [new URL(data.publicBase).hostname]
  return { cert, key, ca, authorities, names: ownNames(leaf, [...data.hosts, ...base]) }
}

/** Keys of the demo lie in a temporary folder for a moment; nothing real may hang on them. */
const isDemo = (certificate: X509Certificate): boolean =>
  /Veilgate demo/i.test(certificate.subject) || /Veilgate demo/i.test(certificate.issuer)

function certificates(pem: string, path: string): X509Certificate[] {
  try {
    return readCertificates(pem)
  } catch {
    throw new IdentityError(`${path}: no certificate can be read`)
  }
}

async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new IdentityError(`${path}: cannot be read`)
  }
}
