/** X41, X43 to X46, X64: HL7 v2 messages of any shape under policies that treat everything. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import iconv from 'iconv-lite'
import { chance } from '../fixtures.ts'
import { maskBytes, planFor, policy, rulesWith } from './fixture.ts'
import { MARK } from './random-documents.ts'

type Pick = (n: number) => number
interface Sort {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly escape: string
  readonly subcomponent: string
  readonly end: string
  readonly gbk: boolean
}

const SEGMENTS =
  'PID PD1 NK1 GT1 IN1 IN2 PV1 PV2 OBR OBX NTE DG1 PR1 AL1 FT1 ORC RXE RXA MRG EVN ZPI ZXX QPD QRD MSA ERR TXA SCH ROL STF PRT SPM ACC XXX'.split(
    ' ',
  )
const TYPES = ['ST', 'NM', 'CE', 'CWE', 'XPN', 'CX', 'ED', 'TX', 'DT', 'TS', '', 'XX', 'SN', 'RP']
const DELIMITERS = ['|^~\\&', '|^~\\&', '|^~\\&', '|~^\\&', '#@%$!', '#!@%*']

function sortOf(pick: Pick): Sort {
  const [field, component, repetition, mark, subcomponent] = DELIMITERS[pick(DELIMITERS.length)]!
  return {
    field: field!,
    component: component!,
    repetition: repetition!,
    escape: mark!,
    subcomponent: subcomponent!,
    end: ['\r', '\n', '\r\n'][pick(3)]!,
    gbk: pick(3) === 0,
  }
}

class Messages {
  readonly #pick: Pick
  #count = 0

  constructor(pick: Pick) {
    this.#pick = pick
  }

  /** A message whose every value is a secret off the shape of use codes and structure; some are continued on a new line. */
  make(s: Sort, continued: boolean): string {
    const pick = this.#pick
    const many = (n: number, one: () => string, by: string): string => Array.from({ length: n }, one).join(by)
    const component = (): string => many(pick(5) === 0 ? 3 : 1, () => this.#value(s, continued), s.subcomponent)
    const repetition = (): string => many(pick(3) === 0 ? 1 + pick(10) : 1, component, s.component)
    const field = (): string => many(pick(6) === 0 ? 1 + pick(3) : 1, repetition, s.repetition)
    const segment = (): string => {
      const name = SEGMENTS[pick(SEGMENTS.length)]!
      const head =
        name === 'OBX' ? `1${s.field}${TYPES[pick(TYPES.length)]!}${s.field}${repetition()}${s.field}${s.field}` : ''
      return `${name}${s.field}${head}${many(1 + pick(25), field, s.field)}`
    }
    const charset = s.gbk ? `${s.field.repeat(6)}GBK` : ''
    const msh = ['HIS', 'H1', 'LIS', 'H2', '20260101', '', `ADT${s.component}A01`, 'M1', 'P', '2.5'].join(s.field)
    const header = `MSH${s.field}${s.component}${s.repetition}${s.escape}${s.subcomponent}${s.field}${msh}${charset}`
    return `${[header, ...Array.from({ length: 1 + pick(5) }, segment)].join(s.end)}${s.end}`
  }

  #value(s: Sort, continued: boolean): string {
    const secret = `${MARK.repeat(22)}${this.#count++}${['', '瑋', '億葉', '張'][this.#pick(4)]}`
    switch (this.#pick(12)) {
      case 0:
        return ''
      case 1:
        return '""'
      case 2:
        return `${s.escape}T${s.escape}${secret}`
      case 3:
        return `${s.escape}.br${s.escape}${secret}`
      case 4:
        return secret + s.escape
      case 5:
        return continued ? `${secret} x${s.end} ${MARK}` : secret
      case 6:
        return ` ${secret} `
      case 7:
        return s.gbk ? secret : `${s.escape}X${Buffer.from(secret).toString('hex')}${s.escape}`
      default:
        return secret
    }
  }
}

/** Names and field counts of the segments. */
const shapeOf = (text: string, { field, end }: Sort): string[] =>
  text.split(end).map((line) => `${line.slice(0, 3)} ${line.split(field).length}`)

const SORTS = [
  ['redact', 'redact'],
  ['redact', 'drop'],
  ['drop', 'redact'],
  ['drop', 'drop'],
] as const
const rules = rulesWith(SORTS.map(([undecided, unknown]) => policy(`${undecided}-${unknown}`, [], undecided, unknown)))

describe('HL7 v2, everything treated', () => {
  for (const [undecided, unknown] of SORTS)
    it(`undecided ${undecided}, unknown ${unknown}`, () => {
      const plan = planFor(`${undecided}-${unknown}`, 'hl7v2', { rules })
      const pick = chance(41)
      const messages = new Messages(pick)
      for (let n = 0; n < 400; n++) {
        const sort = sortOf(pick)
        const continued = n % 4 === 0
        const text = messages.make(sort, continued)
        const read = (bytes: Buffer): string => (sort.gbk ? iconv.decode(bytes, 'gbk') : bytes.toString())
        const { body } = maskBytes(plan, sort.gbk ? iconv.encode(text, 'gbk') : Buffer.from(text))
        const out = read(body)
        const hex = Buffer.from(MARK).toString('hex')
        assert.ok(!out.includes(MARK) && !out.includes(hex), `${text}\n${out}`)
        if (!continued) assert.deepEqual(shapeOf(out, sort), shapeOf(text, sort), text)
        assert.ok(out.split('""').length <= text.split('""').length, `"" written\n${text}\n${out}`)
        assert.equal(read(maskBytes(plan, body).body), out, text)
      }
    })
})
