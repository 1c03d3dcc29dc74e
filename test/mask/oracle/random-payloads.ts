/** Payloads of any making in three formats, values like real ones, each but once. */
import { isPrimitive, isResource, propertiesOf, RESOURCES } from '../../../src/mask/formats/fhir-types.ts'
import { SHIPPED } from '../attacks/fixture.ts'
import type { Pick } from './random-policies.ts'

const one = <T>(pick: Pick, from: readonly T[]): T => from[pick(from.length)]!
const HAN = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜']
const GIVEN = [...'宸璟翊珩奕琛禹骁晟昱祺煜霖睿瑾熠皓宥朔焱']

/** Each value is given once; long ones are kept in mind so that sentences can repeat them. */
export class Values {
  readonly #pick: Pick
  #n = 0
  readonly said: string[] = []

  constructor(pick: Pick) {
    this.#pick = pick
  }

  #next(): number {
    return this.#n++
  }

  name(): string {
    const n = this.#next()
    const [a, b] = [GIVEN[n % GIVEN.length]!, GIVEN[Math.floor(n / GIVEN.length) % GIVEN.length]!]
    return this.#keep(`${one(this.#pick, HAN)}${a}${b}${GIVEN[Math.floor(n / 400) % GIVEN.length]!}`)
  }

  mobile(): string {
    return this.#keep(
      `1${one(this.#pick, [3, 5, 7, 8, 9])}${String(100_000_000 + ((this.#next() * 7919 + 13) % 899_999_999))}`,
    )
  }

  id(): string {
    const body = `500103${1930 + this.#pick(80)}${String(1 + this.#pick(12)).padStart(2, '0')}${String(1 + this.#pick(28)).padStart(2, '0')}${String(this.#next() % 1000).padStart(3, '0')}`
    const sum = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((s, w, i) => s + w * Number(body[i]), 0)
    return this.#keep(body + '10X98765432'[sum % 11]!)
  }

  number(): string {
    return this.#keep(`ZY${20_260_000 + this.#next()}`)
  }

  email(): string {
    return this.#keep(`user${this.#next()}q@example${this.#pick(9)}.com`)
  }

  address(): string {
    return `${one(this.#pick, ['重庆市渝中区', '江苏省苏州市昆山市', '四川省成都市', ''])}示例大道${1000 + this.#next()}号`
  }

  date(): string {
    const n = this.#next()
    return `${1931 + (n % 80)}-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (Math.floor(n / 12) % 28)).padStart(2, '0')}`
  }

  word(): string {
    return `word${this.#next()}q`
  }

  amount(): string {
    return `${this.#next()}.${this.#pick(10)}0`
  }

  /** a sentence that repeats values said before, with terms, escapes and signs of every carrier */
  sentence(): string {
    const said = (): string => (this.said.length === 0 ? this.word() : one(this.#pick, this.said))
    return one(this.#pick, [
      () => `患者${this.name()}，电话${this.mobile()}，否认糖尿病`,
      () => `家属${said()} ${said()} 已签字`,
      () => `免疫性血小板减少症 血红蛋白 132 g/L；${said()}`,
      () => `甲状腺癌症状明显，住院号${said()}`,
      () => `"quoted" \\ back / ${this.word()} <b>${said()}</b>\n下一行`,
      () => `${this.word()} 😀 ${this.word()} 思密达 3g`,
    ])()
  }

  any(): string {
    return one(this.#pick, [
      () => this.name(),
      () => this.mobile(),
      () => this.id(),
      () => this.number(),
      () => this.email(),
      () => this.address(),
      () => this.date(),
      () => this.word(),
      () => this.amount(),
      () => this.sentence(),
      () => '癌症',
      () => 'C73.x00',
    ])()
  }

  #keep(value: string): string {
    this.said.push(value)
    return value
  }
}

/** Values that come more than once: codes, terms, times. */
export const COMMON: ReadonlySet<string> = new Set([
  'final',
  'active',
  'male',
  'home',
  'phone',
  'email',
  'true',
  '癌症',
  'C73.x00',
  '10:00:00',
  'ombCategory',
  '100.00',
])

const KNOWN = [...new Set(SHIPPED.bindings.flatMap((b) => (b.format === 'json' && b.key !== null ? [b.key] : [])))]
const LABELS = [...new Set(SHIPPED.bindings.flatMap((b) => (b.format === 'json' && b.pair !== null ? [b.pair] : [])))]

const escaped = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`

/** HIS JSON: aliases and strangers as keys, rows, pairs, tables, documents in strings, odd white space. */
export function hisText(pick: Pick, v: Values): string {
  const blank = (): string => one(pick, ['', '', ' ', '\n  ', '\t'])
  const string = (text: string): string => (pick(8) === 0 ? escaped(text) : JSON.stringify(text))
  const scalar = (): string => {
    const sort = pick(12)
    if (sort === 0) return v.amount()
    if (sort === 1) return v.mobile()
    if (sort === 2) return one(pick, ['null', 'true', '""', '-0', '1E-2', '100.00'])
    return string(v.any())
  }
  const key = (): string => {
    const known = one(pick, KNOWN)
    return one(pick, [known, known, known.toUpperCase(), [...known].join('_'), v.word(), v.word()])
  }
  const object = (depth: number): string => {
    const members = new Map<string, string>()
    for (let n = pick(6); n > 0; n--) members.set(key(), value(depth + 1))
    return `{${[...members].map(([k, val]) => `${blank()}${JSON.stringify(k)}${blank()}:${blank()}${val}${blank()}`).join(',')}}`
  }
  const table = (): string => {
    const columns = Array.from({ length: 1 + pick(3) }, () => one(pick, KNOWN))
    const row = (): string => `[${columns.map(() => string(v.any())).join(',')}]`
    return `{"columns":${JSON.stringify([...new Set(columns)])},"rows":[${Array.from({ length: 1 + pick(2) }, row).join()}]}`
  }
  const value = (depth: number): string => {
    const sort = pick(11)
    if (depth > 4 || sort < 4) return scalar()
    if (sort < 6)
      return `[${blank()}${Array.from({ length: pick(4) }, () => value(depth + 1)).join(`${blank()},${blank()}`)}${blank()}]`
    if (sort === 6) return `{"name":${JSON.stringify(one(pick, LABELS))},"value":${scalar()}}`
    if (sort === 7) return string(object(depth + 2))
    if (sort === 8 && pick(3) === 0) return table()
    return object(depth + 1)
  }
  return object(0)
}

const URLS = [
  'http://hl7.org/fhir/StructureDefinition/patient-birthPlace',
  'http://hl7.org/fhir/StructureDefinition/patient-religion',
  'http://example.org/anything',
  'ombCategory',
]

/** A resource or bundle of any type, built from the definitions. */
export function fhirText(pick: Pick, v: Values): string {
  const string = (text: string): string => (pick(10) === 0 ? escaped(text) : JSON.stringify(text))
  const primitive = (type: string): string => {
    if (type === 'boolean') return 'true'
    if (type === 'decimal') return v.amount()
    if (/[iI]nt/.test(type)) return String(1 + pick(900))
    if (type === 'date') return JSON.stringify(v.date())
    if (type === 'dateTime' || type === 'instant') return JSON.stringify(`${v.date()}T10:00:00+08:00`)
    if (type === 'time') return '"10:00:00"'
    if (type === 'code') return JSON.stringify(one(pick, ['final', 'active', 'male', 'home', 'phone', 'email']))
    if (type === 'id') return JSON.stringify(v.number())
    if (/uri|url|canonical|oid|uuid/.test(type)) return JSON.stringify(`http://example.org/${v.word()}`)
    return string(v.any())
  }
  const build = (type: string, depth: number): string | null => {
    if (isPrimitive(type)) return primitive(type)
    if (type === 'Element') return null
    if (type === 'Resource') return build(one(pick, RESOURCES), depth)
    if (type === 'Extension') return extension(depth)
    const members = new Map<string, string>()
    if (isResource(type)) members.set('resourceType', JSON.stringify(type))
    // Links of a bundle go by where they lead (test/mask/paging.test.ts).
    const properties = [...propertiesOf(type)].filter(([k]) => k !== 'resourceType' && k !== 'link')
    for (let n = depth > 2 ? 2 : 2 + pick(6); n > 0; n--) {
      const [k, property] = one(pick, properties)
      if (/xtension$/.test(k) && pick(6) !== 0) continue
      const inner = one(pick, property.types).type
      if (members.has(k) || (depth > 4 && !isPrimitive(inner))) continue
      const all = Array.from({ length: property.list ? 1 + pick(3) : 1 }, () => build(inner, depth + 1))
      if (all.includes(null)) continue
      members.set(k, property.list ? `[${all.join(one(pick, [',', ', ', ' ,\n']))}]` : all[0]!)
    }
    if (members.size === 0) return null
    return `{${[...members].map(([k, val]) => `${JSON.stringify(k)}${one(pick, [':', ': ', ' : '])}${val}`).join(one(pick, [',', ', ', ',\n']))}}`
  }
  const extension = (depth: number): string => {
    const url = JSON.stringify(one(pick, URLS))
    if (depth < 3 && pick(5) === 0) return `{"url": ${url}, "extension": [${extension(depth + 1)}]}`
    const type = one(pick, ['string', 'dateTime', 'code', 'boolean', 'CodeableConcept', 'Address', 'Quantity'])
    return `{"url": ${url}, "value${type[0]!.toUpperCase()}${type.slice(1)}":${build(type, depth + 2) ?? 'true'}}`
  }
  for (;;) {
    const made = build(
      pick(3) === 0 ? 'Bundle' : one(pick, [...RESOURCES, 'Patient', 'Patient', 'Observation', 'Condition']),
      0,
    )
    if (made !== null) return made
  }
}

const SEGMENTS =
  'PID PID PD1 NK1 GT1 IN1 IN2 PV1 PV2 MRG OBR OBX OBX NTE DG1 PR1 AL1 IAM ORC RXE RXO RXA RXD RXR TQ1 FT1 SCH AIP STF ROL TXA SPM ACC EVN ZPI ZXX'.split(
    ' ',
  )
const TYPES = ['NM', 'ST', 'TX', 'CE', 'CWE', 'XPN', 'CX', 'DT', 'TS', 'SN', 'XTN', 'XAD', '']
const DELIMITERS = ['|^~\\&', '|^~\\&', '|^~\\&', '#@%$!', '|~^\\&', '+:*?!']

/** A message, or a batch of some, with any delimiters, repetitions, escapes and ends of line. */
export function hl7Text(pick: Pick, v: Values): string {
  const [f, c, r, e, s] = one(pick, DELIMITERS)
  const end = one(pick, ['\r', '\r', '\n', '\r\n'])
  const clean = (text: string): string => {
    const out = text.replace(/[\r\n]/g, ' ')
    const codes: Readonly<Record<string, string>> = { [f!]: 'F', [c!]: 'S', [r!]: 'R', [e!]: 'E', [s!]: 'T' }
    return [...out].map((sign) => (codes[sign] === undefined ? sign : `${e}${codes[sign]}${e}`)).join('')
  }
  const leaf = (): string => {
    const sort = pick(14)
    if (sort === 0) return '""'
    if (sort < 5) return ''
    if (sort === 5) return `${e}H${e}${clean(v.word())}${e}N${e}`
    if (sort === 6) return `${clean(v.word())}${e}.br${e}${clean(v.word())}`
    return clean(v.any())
  }
  const many = (n: number, make: () => string, by: string): string => Array.from({ length: n }, make).join(by)
  const component = (): string => many(pick(9) === 0 ? 2 : 1, leaf, s!)
  const repetition = (): string => many(pick(3) === 0 ? 1 + pick(8) : 1, component, c!)
  const field = (): string => many(pick(7) === 0 ? 2 : 1, repetition, r!)
  const segment = (): string => {
    const name = one(pick, SEGMENTS)
    const fields = Array.from({ length: 1 + pick(24) }, field)
    if (name === 'OBX') fields[1] = one(pick, TYPES)
    return [name, ...fields].join(f)
  }
  const message = (): string[] => {
    const head = ['HIS', 'H1', 'LIS', 'H2', '20260101', '', `ADT${c}A01`, `M${pick(999)}`, 'P', '2.5']
    return [`MSH${f}${c}${r}${e}${s}${f}${head.join(f)}`, ...Array.from({ length: 1 + pick(6) }, segment)]
  }
  const lines = Array.from({ length: pick(6) === 0 ? 2 : 1 }, message).flat()
  return lines.map((line) => line + end).join('')
}
