/** Documents of random shape whose every string and long number is a secret: what leaves of them is judged by the tests. */
import { isPrimitive, isResource, propertiesOf, RESOURCES } from '../../../src/mask/formats/fhir-types.ts'
import type { RuleSet } from '../../../src/mask/index.ts'

type Pick = (n: number) => number

/** every secret holds it, and no rule or structure does */
export const MARK = '秘'

/** Secrets are off the shape of every structural place: long, Han, with signs that need escaping. */
export class Secrets {
  readonly #pick: Pick
  #count = 0

  constructor(pick: Pick) {
    this.#pick = pick
  }

  text(): string {
    return `${MARK.repeat(22)}${this.#count++}${['', '张三', ' 138', '"\\', '\n'][this.#pick(5)]}`
  }

  /** ten digits and more: no count, rank or page */
  number(): number {
    return 1_234_567_890 + this.#count++ + (this.#pick(2) === 0 ? 0.5 : 0)
  }

  value(): string | number {
    return this.#pick(6) === 0 ? this.number() : this.text()
  }
}

/** Members in order: duplicates may stand in it. */
type Json = string | number | boolean | null | Json[] | { readonly members: readonly (readonly [string, Json])[] }

export function write(value: Json, pick: Pick): string {
  if (Array.isArray(value)) return `[${value.map((v) => write(v, pick)).join(pick(4) ? ',' : ' , ')}]`
  if (value !== null && typeof value === 'object') {
    const members = value.members.map(([key, v]) => `${JSON.stringify(key)}${pick(3) ? ':' : ' :\n'}${write(v, pick)}`)
    return `{${members.join(pick(4) ? ',' : ' , ')}}`
  }
  return typeof value === 'string' && pick(5) === 0 ? escaped(value) : JSON.stringify(value)
}

const escaped = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`

const DEEPEST = 4

/** A resource of any type, built from the definitions, with a few members they do not know. */
export function fhirDocument(pick: Pick, secrets: Secrets): Json {
  const primitive = (type: string): Json =>
    type === 'boolean' ? pick(2) === 0 : /decimal|[iI]nt/.test(type) ? secrets.number() : secrets.text()
  const build = (type: string, depth: number): Json => {
    if (isPrimitive(type) || type === 'Element') return primitive(type)
    if (type === 'Resource') return build(RESOURCES[pick(RESOURCES.length)]!, depth)
    const members: [string, Json][] = isResource(type) ? [['resourceType', type]] : []
    const properties = [...propertiesOf(type)].filter(([key]) => key !== 'resourceType')
    for (let n = depth > 2 ? 1 : 1 + pick(4); n > 0; n--) {
      const [key, property] = properties[pick(properties.length)]!
      const inner = property.types[pick(property.types.length)]!.type
      if (depth >= DEEPEST && !isPrimitive(inner)) continue
      const one = (): Json => (property.list && pick(12) === 0 ? null : build(inner, depth + 1))
      members.push([key, property.list ? Array.from({ length: 1 + pick(3) }, one) : one()])
      if (isPrimitive(inner) && pick(4) === 0) members.push([`_${key}`, companion(property.list)])
    }
    if (pick(8) === 0) members.push(['unheardOf', secrets.text()])
    return { members: pick(3) === 0 ? members.toReversed() : members }
  }
  const companion = (list: boolean): Json => {
    const own: Json = {
      members: [
        ['id', secrets.text()],
        ['extension', [build('Extension', DEEPEST)]],
      ],
    }
    return list ? [null, own] : own
  }
  return build(pick(3) === 0 ? 'Bundle' : RESOURCES[pick(RESOURCES.length)]!, 0)
}

const ENVELOPE = [
  'name',
  'value',
  'label',
  'val',
  'key',
  'item',
  'data',
  'list',
  'rows',
  'total',
  'code',
  'msg',
  'success',
  'page',
  'size',
]
const RUNTIME = ['__proto__', 'constructor', 'toString']

/** Rows, pairs, envelopes and nests under known, disguised and unknown keys; `plainKeys` leaves out keys that are payload. */
export function hisDocument(pick: Pick, secrets: Secrets, rules: RuleSet, plainKeys = false): Json {
  const known = [
    ...new Set(rules.bindings.flatMap((b) => (b.format === 'json' ? [b.key, b.within, b.pair] : []))),
  ].filter((k) => k !== null)
  const key = (): string => {
    const one = known[pick(known.length)]!
    const disguised = [one.toUpperCase(), one.split('').join('_'), ` ${one}`, `${one}\u200b`][pick(plainKeys ? 2 : 4)]!
    return [
      one,
      one,
      disguised,
      ENVELOPE[pick(ENVELOPE.length)]!,
      plainKeys ? 'xq' : secrets.text(),
      RUNTIME[pick(3)]!,
    ][pick(6)]!
  }
  const pair = (depth: number): Json => ({
    members: [
      [['name', 'label', 'key', 'item'][pick(4)]!, known[pick(known.length)]!],
      [['value', 'val'][pick(2)]!, build(depth + 1)],
    ],
  })
  const build = (depth: number): Json => {
    const sort = pick(10)
    if (depth > 5 || sort < 3) return secrets.value()
    if (sort === 3) return [null, '', true, [], { members: [] }][pick(5)]!
    if (sort < 6) return Array.from({ length: pick(4) }, () => build(depth + 1))
    if (sort === 6) return pair(depth)
    return { members: Array.from({ length: pick(6) }, (): [string, Json] => [key(), build(depth + 1)]) }
  }
  return build(0)
}

/** First place in a parsed value that still holds a secret; null = none. */
export function leakIn(value: unknown, path = '$'): string | null {
  if (typeof value === 'string') return value.includes(MARK) || /\d{10}/.test(value) ? path : null
  if (typeof value === 'number') return value >= 1e9 ? path : null
  if (value === null || typeof value !== 'object') return null
  for (const [key, inner] of Object.entries(value)) {
    if (key.includes(MARK)) return `${path} (a key)`
    const found = leakIn(inner, `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}
