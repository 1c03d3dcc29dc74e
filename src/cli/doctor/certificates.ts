/** Certificates, revocation lists and issuers' keys: readable, belonging together, and how long they still hold. */
import type { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { parseKeys } from '../../adapters/key-source/files.ts'
import { SecretError } from '../../adapters/secret/files.ts'
import type { Config } from '../../config.ts'
import { readCertificates } from '../../pki/peer.ts'
import { CrlError, readCrl } from '../../pki/read-crl.ts'
import { IdentityError, readIdentity } from '../serve/identity.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import type { Ward } from './ward.ts'

const DAY = 86_400_000
/** An authority takes about a month to be asked, a list is made by a nightly job. */
const CERTIFICATE_AHEAD = 30 * DAY
const LIST_AHEAD = 2 * DAY

export async function examineCertificates({ data, control }: Config, ward: Ward): Promise<Finding[]> {
  const { locate, env, now } = ward
  try {
    const { cert, authorities } = await readIdentity(data, locate, env, true)
    const own = readCertificates(cert)[0]!
    return [
      lasting('CERTIFICATE', data.cert, own, now),
      ...authorities.map((authority) => lasting('AUTHORITY', data.clientCa, authority, now)),
      ...(await examineConsole(control, ward)),
      ...(await examineLists(data.crls, authorities, ward)),
    ]
  } catch (error) {
    if (!(error instanceof IdentityError) && !(error instanceof SecretError)) throw error
    return [fail('CERTIFICATE_UNUSABLE', data.cert, error.message)]
  }
}

async function examineConsole(control: Config['control'], { locate, now }: Ward): Promise<Finding[]> {
  if (control === null || control.cert === null) return []
  const text = await readFile(locate(control.cert), 'utf8').catch(() => '')
  try {
    return [lasting('CERTIFICATE', control.cert, readCertificates(text)[0]!, now)]
  } catch {
    return [fail('CERTIFICATE_UNUSABLE', control.cert, 'no certificate can be read')]
  }
}

function lasting(code: string, about: string, { validFromDate, validToDate }: X509Certificate, now: number): Finding {
  const left = validToDate.getTime() - now
  const last = validToDate.toISOString().slice(0, 10)
  if (validFromDate.getTime() > now)
    return fail(`${code}_NOT_YET_VALID`, about, `holds from ${validFromDate.toISOString()}`)
  if (left < 0) return fail(`${code}_EXPIRED`, about, `ended on ${last}: veilgate certs renew, or ask its authority`)
  if (left < CERTIFICATE_AHEAD)
    return warn(`${code}_ENDS_SOON`, about, `ends on ${last}, in ${Math.floor(left / DAY)} days: renew it now`)
  return ok(code, about, `holds until ${last}`)
}

async function examineLists(
  files: readonly string[],
  authorities: readonly X509Certificate[],
  { locate, now }: Ward,
): Promise<Finding[]> {
  const found: Finding[] = []
  const covered = new Set<string>()
  for (const file of files) {
    try {
      const { authority, nextUpdate } = readCrl(await readFile(locate(file)), authorities)
      covered.add(authority)
      const due = new Date(nextUpdate).toISOString()
      if (nextUpdate < now) found.push(fail('CRL_STALE', file, `was due again at ${due}: its certificates are refused`))
      else if (nextUpdate - now < LIST_AHEAD)
        found.push(warn('CRL_DUE', file, `is due again at ${due}: veilgate certs crl`))
      else found.push(ok('CRL', file, `current until ${due}`))
    } catch (error) {
      found.push(fail('CRL_UNUSABLE', file, error instanceof CrlError ? error.reason : 'cannot be read'))
    }
  }
  if (covered.size < authorities.length)
    found.push(warn('CRL_MISSING', 'data.crls', `${covered.size} of ${authorities.length} authorities have a list`))
  return found
}

export async function examineIssuers({ tokens }: Config, { locate }: Ward): Promise<Finding[]> {
  return await Promise.all(
    tokens.issuers.map(async ({ keys }) => {
      const text = await readFile(locate(keys), 'utf8').catch(() => null)
      if (text === null) return fail('ISSUER_KEYS_UNREADABLE', keys, 'cannot be read')
      const count = parseKeys(text)?.length ?? 0
      if (count === 0)
        return fail('ISSUER_KEYS_UNUSABLE', keys, 'holds no public key: every token of its issuer is refused')
      return ok('ISSUER_KEYS', keys, `${count} keys`)
    }),
  )
}
