/** institutions.yaml -> institutions: who may connect, with which certificates, from which networks (domain.md 4.1). */
import type { Fields, Reading } from '../base/fields.ts'
import { namedEntries, openMap } from '../base/fields.ts'
import type { YamlEntry, YamlNode } from '../base/yaml.ts'
import type { Institution } from './model.ts'
import { parseCidr } from './networks.ts'

export function readInstitutions(root: YamlNode, reading: Reading): Institution[] {
  const file = openMap(root, 'institutions-file', reading)
  return namedEntries(file.need('institutions'), reading).map((entry) => readInstitution(entry, reading))
}

const REGION = /^\d{6}$/

function readInstitution(entry: YamlEntry, reading: Reading): Institution {
  const fields = openMap(entry.value, 'institution', reading)
  const contract = fields.map('contract', 'contract')
  const [from, to] = [contract?.date('from', null) ?? null, contract?.date('to', null) ?? null]
  if (contract !== null && from !== null && to !== null && from > to)
    reading.error(contract.valueAt('to'), 'contract-order', {
      zh: '协议止期早于起期',
      en: 'the contract ends before it begins',
    })
  return {
    id: entry.key,
    zh: fields.text('zh'),
    region: fields.text('region', null, {
      pattern: REGION,
      expected: { zh: '六位行政区划代码，如 "500230"', en: 'a six-digit GB/T 2260 code such as "500230"' },
    }),
    status: fields.oneOf('status', 'institution-status', ['active', 'suspended'], 'active'),
    contract: { from, to },
    certificates: readCertificates(fields, reading),
    cidrs: readCidrs(fields, reading),
    scenarios: fields.texts('scenarios', null),
    at: entry.at,
  }
}

const SHA256 = /^(?:[0-9a-fA-F]{64}|(?:[0-9a-fA-F]{2}:){31}[0-9a-fA-F]{2})$/

/** Fingerprints as OpenSSL prints them (upper case, colons) are taken too and kept as plain lower-case hex. */
function readCertificates(fields: Fields<'institution'>, reading: Reading): string[] {
  if (fields.need('certificates') === undefined) return []
  return fields.items('certificates').map((item) => {
    const certificate = openMap(item, 'certificate', reading)
    const sha256 = certificate.textLike('sha256', {
      pattern: SHA256,
      expected: {
        zh: '证书的 SHA-256 指纹（64 位十六进制）',
        en: "the certificate's SHA-256 fingerprint (64 hex digits)",
      },
    })
    return sha256.replaceAll(':', '').toLowerCase()
  })
}

function readCidrs(fields: Fields<'institution'>, reading: Reading): readonly string[] {
  const cidrs = fields.texts('cidrs')
  const node = fields.node('cidrs')
  for (const [i, cidr] of cidrs.entries()) {
    const parsed = parseCidr(cidr)
    if (typeof parsed !== 'string') continue
    const at = (node?.type === 'list' ? node.items[i]?.at : undefined) ?? fields.valueAt('cidrs')
    if (parsed === 'host-bits')
      reading.error(
        at,
        'cidr-host-bits',
        { zh: `网段“${cidr}”在前缀之后还有非零位`, en: `"${cidr}" has bits set behind its prefix` },
        {
          zh: '网络地址，如 10.1.0.0/16；单个地址写 /32 或 /128',
          en: 'a network address such as 10.1.0.0/16; /32 or /128 for one host',
        },
      )
    else
      reading.error(
        at,
        'cidr-syntax',
        { zh: `“${cidr}”不是网段`, en: `"${cidr}" is not a network` },
        {
          zh: '如 10.1.0.0/16（IPv4 前缀 0 到 32）或 2001:db8::/32（IPv6 前缀 0 到 128）',
          en: '10.1.0.0/16 (IPv4: prefix 0 to 32) or 2001:db8::/32 (IPv6: prefix 0 to 128)',
        },
      )
  }
  return cidrs
}
