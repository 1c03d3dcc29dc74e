import { bindSettled } from './marks.ts'
import { HASH_ALGORITHMS, keyedOf, type Method, type PseudonymScope } from './transform.ts'

const LEFT: Readonly<Record<string, number>> = { recipient: 0.26, pair: 0.24, dataset: 0.22 }

/** Always keyed: a bare digest of an ID number or a phone is found by trying them all. */
export const hash: Method = {
  name: 'hash',
  zh: '摘要',
  summary: {
    zh: '带密钥的摘要（HMAC，64 位十六进制），同一范围内同一值得同一摘要；不提供无密钥摘要',
    en: 'a keyed digest (HMAC, 64 hex digits); the same value has the same one within a scope; never a bare digest',
  },
  kinds: ['name', 'identifier', 'phone', 'email', 'address', 'date', 'code', 'text', 'number'],
  params: {
    type: 'object',
    properties: {
      scope: {
        type: 'string',
        enum: ['recipient', 'pair', 'dataset'],
        description: 'within which digests are the same; without it pair for what a provider issues, else recipient',
      },
      algorithm: { type: 'string', enum: [...HASH_ALGORITHMS], default: 'sha256', description: 'sha256 or sm3' },
    },
    additionalProperties: false,
  },
  idempotent: true,
  references: false,
  leaves: (level, params) => level * (LEFT[String(params['scope'])] ?? 0.26),
  prepare: (params, _element, effects) => {
    const keyed = keyedOf(effects)
    const algorithm = params['algorithm'] === 'sm3' ? 'sm3' : 'sha256'
    const scope = params['scope'] as PseudonymScope | undefined
    return bindSettled(hash, params, effects, (value, place) =>
      keyed.isOwnHash(value) ? value : keyed.hash(algorithm, place.element, place.namespace, value, scope),
    )
  },
}
