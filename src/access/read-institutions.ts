/** institutions.yaml -> institutions: who may connect, with which certificates, from which networks (domain.md 4.1). */
import type { Fields, Reading, Say } from '../base/fields.ts'
import { namedEntries, openMap } from '../base/fields.ts'
import type { YamlEntry, YamlNode } from '../base/yaml.ts'
import type { Institution } from './model.ts'
import { networkOf, parseCidr } from './networks.ts'

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
    reading.error(
      contract.valueAt('to'),
      'contract-order',
      {
        zh: '协议止期早于起期',
        en: 'the contract ends before it begins',
      },
      { zh: `不早于 ${from} 的日期`, en: `a day not before ${from}` },
    )
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
        zh: '证书的 SHA-256 指纹，64 位十六进制：openssl x509 -in CERT.pem -noout -fingerprint -sha256',
        en: "the certificate's SHA-256 fingerprint, 64 hex digits: openssl x509 -in CERT.pem -noout -fingerprint -sha256",
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
          zh: `整个网段写 ${networkOf(cidr) ?? '10.1.0.0/16'}；只要这一个地址写 ${hostOf(cidr)}`,
          en: `${networkOf(cidr) ?? '10.1.0.0/16'} for the whole network, ${hostOf(cidr)} for this one host`,
        },
      )
    else
      reading.error(at, 'cidr-syntax', whyNoNetwork(cidr), {
        zh: '网段写成 10.1.0.0/16（IPv4 前缀 0 到 32）或 2001:db8::/32（IPv6 前缀 0 到 128）',
        en: 'a network written as 10.1.0.0/16 (IPv4: prefix 0 to 32) or 2001:db8::/32 (IPv6: prefix 0 to 128)',
      })
  }
  return cidrs
}

const hostOf = (cidr: string): string => `${cidr.split('/')[0]}${cidr.includes(':') ? '/128' : '/32'}`

/** Which half of it is wrong: the prefix, or what stands before it. */
function whyNoNetwork(cidr: string): Say {
  const [host = '', prefix] = cidr.split('/')
  const most = host.includes(':') ? 128 : 32
  const plain = typeof parseCidr(`${host}/${most}`) !== 'string'
  if (!plain) return { zh: `“${host}”不是 IP 地址`, en: `"${host}" is no IP address` }
  if (prefix === undefined)
    return { zh: `“${cidr}”缺少前缀长度`, en: `"${cidr}" has no prefix: one host is ${host}/${most}` }
  return {
    zh: `“${cidr}”的前缀长度“${prefix}”不在 0 到 ${most} 之间`,
    en: `the prefix "${prefix}" of "${cidr}" is not between 0 and ${most}`,
  }
}
