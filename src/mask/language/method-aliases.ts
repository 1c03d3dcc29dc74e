/**
 * Names operators know from elsewhere: ShardingSphere's mask algorithms (5.x) and the usual words of de-identification.
 * They are read as our methods with our parameters; what would leak there (short values, bare digests, random digits
 * that are somebody's number) does not here.
 */
import type { Say } from '../../base/fields.ts'
import type { YamlEntry, YamlMap } from '../../base/yaml.ts'

export interface MethodAlias {
  readonly method: string
  /** their parameter -> ours; `+1`: they count from 0, we from 1 */
  readonly rename?: Readonly<Record<string, string>>
  readonly fromZero?: boolean
  /** parameters that make it do what the name says */
  readonly set?: Readonly<Record<string, string>>
}

const SPAN = { 'first-n': 'first', 'last-m': 'last', n: 'first', m: 'last', 'replace-char': 'char' }
const RANGE = { 'from-x': 'from', 'to-y': 'to', 'replace-char': 'char' }
const MARK = { 'special-chars': 'mark', 'replace-char': 'char' }

const ALIASES: Readonly<Record<string, MethodAlias>> = {
  'keep-first-n-last-m': { method: 'mask', rename: SPAN, set: { length: 'same' } },
  'keep-first-last': { method: 'mask', rename: SPAN, set: { length: 'same' } },
  'keep-from-x-to-y': { method: 'keep-range', rename: RANGE, fromZero: true },
  'mask-from-x-to-y': { method: 'mask-range', rename: RANGE, fromZero: true },
  'mask-first-n-last-m': { method: 'mask-ends', rename: SPAN },
  'mask-before-special-chars': { method: 'mask-before', rename: MARK },
  'mask-after-special-chars': { method: 'mask-after', rename: MARK },
  'truncate-address': { method: 'truncate', rename: { level: 'keep' } },
  'id-to-birth': { method: 'birth' },
  'id-to-age-band': { method: 'age-band' },
  'id-to-region': { method: 'region' },
  'date-to-year': { method: 'year' },
  'date-to-month': { method: 'month' },
  perturb: { method: 'noise' },
  dict: { method: 'substitute' },
}

const DIGEST: Say = {
  zh: '摘要（带密钥）：无密钥的摘要可被穷举还原',
  en: 'hash (keyed): a digest without a key is undone by trying every number',
}
const RANDOM_DIGITS: Say = {
  zh: '掩码或假名：随机数字可能是他人的号码',
  en: 'mask or pseudonym: random digits may be somebody else’s number',
}

/** Names we know and do not follow, with what to write instead. */
const REFUSED: Readonly<Record<string, Say>> = {
  md5: DIGEST,
  sha256: DIGEST,
  'sha-256': DIGEST,
  'telephone-random-replace': RANDOM_DIGITS,
  'landline-number-random-replace': RANDOM_DIGITS,
  'personal-identity-number-random-replace': RANDOM_DIGITS,
  'military-identity-number-random-replace': RANDOM_DIGITS,
  'unified-credit-code-random-replace': RANDOM_DIGITS,
  'generic-table-random-replace': RANDOM_DIGITS,
  'id-to-age': { zh: '年龄段', en: 'age-band' },
}

/** Every foreign name that is followed, with the method it is read as, for the papers. */
export const FOREIGN_NAMES: readonly (readonly [string, string])[] = Object.entries(ALIASES).map(
  ([name, { method }]) => [name.toUpperCase().replaceAll('-', '_'), method] as const,
)

const plain = (written: string): string => written.normalize('NFKC').trim().toLowerCase().replaceAll('_', '-')

/** The method a foreign name stands for; undefined where it is none of them. */
export function aliasOf(written: string): MethodAlias | undefined {
  const name = plain(written)
  return Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined
}

/** What to write instead of a foreign name that is not followed. */
export function insteadOf(written: string): Say | undefined {
  const name = plain(written)
  return Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined
}

/** The same parameters under our names; places stay those of what was written. */
export function translate(params: YamlMap, alias: MethodAlias): YamlMap {
  const entries = new Map<string, YamlEntry>()
  for (const [name, value] of Object.entries(alias.set ?? {}))
    entries.set(name, {
      key: name,
      at: params.at,
      span: [0, 0],
      value: { type: 'scalar', at: params.at, value, source: value, span: [0, 0] },
    })
  for (const entry of params.entries.values()) {
    const key = alias.rename?.[plain(entry.key)] ?? entry.key
    const { value } = entry
    const counted =
      alias.fromZero === true && key !== entry.key && value.type === 'scalar' && typeof value.value === 'number'
        ? { ...value, value: value.value + 1 }
        : value
    entries.set(key, { ...entry, key, value: counted })
  }
  return { ...params, entries }
}
