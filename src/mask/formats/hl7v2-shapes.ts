/**
 * Shapes of HL7 v2 values that say how data is meant and are none themselves: protocol fields, codes of tables, type
 * and authority components. A value off its shape is treated as data. All patterns are anchored and bounded.
 */
import { detectsAnything } from '../detectors/index.ts'
import type { Shape } from '../site.ts'
import { admitsOf, isDatatype, type Typed, tableValues } from './hl7v2-datatypes.ts'
import { shapeOf } from './shapes.ts'

/** DT, DTM (HL7 v2.7.1 chapter 2A): a prefix of YYYYMMDDHHMMSS.SSSS with an optional zone */
const DATE =
  /^(?:19|20)\d\d(?:(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-4])(?:[0-5]\d(?:[0-5]\d(?:\.\d{1,4})?)?)?)?)?)?(?:[+-]\d{4})?$/
const OID = /^[0-2](?:\.\d{1,12}){2,15}$/
const NAMESPACE = /^[^\s"'*<>](?:[^"'*<>]{0,18}[^\s"'*<>])?$/
const PROVINCE =
  /^\s*(?:中国|中华人民共和国)?\s*(?:(?:北京|天津|上海|重庆)市|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区)/

/** Names as data/hl7v2-structure.json and the composite tables use them. */
const TESTS: Readonly<Record<string, (text: string) => boolean>> = {
  datatype: (t) => isDatatype(t),
  date: (t) => DATE.test(t),
  'message-code': (t) => /^[A-Z]{3}$/.test(t),
  'trigger-event': (t) => /^[A-Z][A-Z0-9]{2}$/.test(t),
  'message-structure': (t) => /^[A-Z]{3}(?:_[A-Z][A-Z0-9]{2})?$/.test(t),
  version: (t) => /^2\.\d(?:\.\d)?$/.test(t),
  count: (t) => /^\d{1,6}$/.test(t),
  segment: (t) => /^[A-Z][A-Z0-9]{2}$/.test(t),
  country: (t) => /^[A-Z]{2,3}$/.test(t) || t === '中国',
  charset: (t) => /^[A-Za-z0-9][A-Za-z0-9/ -]{1,19}$/.test(t),
  'short-text': (t) => t.length <= 20 && !detectsAnything(t),
  'control-id': (t) => /^[!-~]{1,20}$/.test(t) && !detectsAnything(t),
  oid: (t) => OID.test(t),
  sign: (t) => /^(?:[<>]=?|=|<>|[-+./:])$/.test(t),
  currency: (t) => /^[A-Z]{3}$/.test(t),
  'calling-code': (t) => /^(?:\+|00)?[1-9]\d{0,2}$/.test(t),
  // Site codes of identifier types (domain.md E02) beside table 0203.
  'type-code': (t) => /^(?:[A-Za-z]{1,6}|\d{1,2})$/.test(t) || /^[\u4e00-\u9fff]{0,6}[证号卡码]$/.test(t),
  system: (t) =>
    (/^[A-Za-z0-9][A-Za-z0-9 ._:/+-]{0,19}$/.test(t) && !/\d{6}/.test(t) && !detectsAnything(t)) || OID.test(t),
  authority: (t) => OID.test(t) || (NAMESPACE.test(t) && !/\d{11}/.test(t) && !detectsAnything(t)),
  flag: (t) => tableValues(78)!.has(t) || /^[↑↓]{1,3}$/.test(t),
  code: (t) => /^[A-Za-z0-9]{1,4}$/.test(t),
  // XAD.1 that says its province holds the whole address. The suffix is needed: 北京路 is a street everywhere.
  province: (t) => PROVINCE.test(t),
}

const UNIT = shapeOf('unit', '')

const made = new Map<string, Shape>()

/** The shape of that name; `otherwise` says what becomes of a value off it. */
export function hl7Shape(name: string, reason: string, otherwise: Shape['otherwise'] = 'unknown'): Shape {
  const key = `${name} ${otherwise} ${reason}`
  let shape = made.get(key)
  if (shape === undefined) {
    const test = name === 'unit' ? UNIT.test : TESTS[name]
    if (test === undefined) throw new RangeError(`no shape ${name}`)
    made.set(key, (shape = { reason, test, otherwise }))
  }
  return shape
}

/** A code of the table its place names, or what a composite's row says. */
export function shapeOfUse(name: string, type: Typed): (text: string) => boolean {
  const values = tableValues(type.table)
  const test = TESTS[name]
  if (test === undefined) throw new RangeError(`no shape ${name}`)
  return values === undefined ? test : (text) => values.has(text) || test(text)
}

/** Fields typed ID hold a value of an HL7-defined table, SI a set id: structure wherever nothing is bound. */
export function typeShape(type: Typed): Shape | null {
  if (type.type === 'SI') return hl7Shape('count', 'set id')
  const values = type.type === 'ID' ? tableValues(type.table) : undefined
  if (values === undefined) return null
  const key = `table ${type.table}`
  let shape = made.get(key)
  if (shape === undefined)
    made.set(
      key,
      (shape = {
        reason: `a value of HL7 table ${String(type.table).padStart(4, '0')}`,
        test: (text) => values.has(text),
        otherwise: 'unknown',
      }),
    )
  return shape
}

/** HL7 spelling of a canonical date, what already is HL7 spelling as it is, else null. */
export function hl7Date(text: string): string | null {
  const iso = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text)
  const written = iso === null ? text : iso.slice(1).join('')
  return DATE.test(written) ? written : null
}

/** Does the value look like what its OBX-2 announces? A lying type is read as text. */
export function fitsType(type: string, text: string): boolean {
  const t = text.trim()
  if (type === 'NM' || type === 'SI') return /^[+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})$/.test(t)
  if (type === 'TM') return /^\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,4})?)?)?(?:[+-]\d{4})?$/.test(t)
  const admits = admitsOf(type === 'TS' ? 'DTM' : type)
  return admits === 'date' || admits === 'datetime' ? DATE.test(t) : true
}
