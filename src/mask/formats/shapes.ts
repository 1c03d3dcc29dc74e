/** Shapes of structural values: what data/fhir-structure.json and data/his-structure.json name. All are anchored and bounded. */
import { detectsAnything } from '../detectors/index.ts'
import type { Shape } from '../site.ts'
import { isType } from './fhir-types.ts'

/** code of FHIR R4 (datatypes.html#code) as the value sets of the standard write it; blanks stand in media types only */
const CODE = /^[!-~]+(?:; [!-~]+)*$/
/** date and dateTime of FHIR R4 */
const DATE = /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?$/
const URI = /^(?:https?:\/\/|urn:)[A-Za-z0-9./:_~%#|()-]+$/
/** units: UCUM letters and signs, or the Chinese units in use; never a name */
const UNIT =
  /^(?:[A-Za-zµμΩ°%‰℃/*^.·×²³㎡_:[\]{}()（）' 0-9-]|比值|滴度|拷贝|菌落|视野|高倍|低倍|倍|次|片|粒|支|瓶|袋|盒|包|丸|枚|滴|贴|剂|个|岁|月龄|天|日|周|月|年|小时|时|分钟|分|秒|毫|微|升|克|千|单位|国际|万|摩尔|当量)+$/

const TESTS: Readonly<Record<string, (text: string) => boolean>> = {
  typeName: (t) => t.length <= 64 && isType(t),
  code: (t) => t.length <= 64 && CODE.test(t),
  boolean: (t) => t === 'true' || t === 'false',
  uri: (t) => t.length <= 255 && URI.test(t),
  version: (t) =>
    t.length <= 20 && /^[A-Za-z0-9._+-]+$/.test(t) && !/\d{6}/.test(t.replace(/20\d\d(?:0\d|1[0-2])/, '')),
  shortCode: (t) => /^[A-Za-z][A-Za-z-]{0,23}$/.test(t),
  unit: (t) => t.length <= 24 && UNIT.test(t) && !/\d{4}|(?:\d.*){6}|^[A-Z][A-Za-z]* [A-Z]/.test(t),
  date: (t) => DATE.test(t),
  country: (t) => /^(?:[A-Z]{2,3}|China|中国|中华人民共和国)$/.test(t),
  count: (t) => /^\d{1,9}$/.test(t),
  status: (t) => /^[1-5]\d\d(?: [A-Za-z ]{1,40})?$/.test(t),
  resultCode: (t) => /^(?:-?\d{1,9}|[A-Za-z0-9]{1,8})$/.test(t),
}

export function shapeOf(name: string, reason: string): Shape {
  const test = TESTS[name]
  if (test === undefined) throw new RangeError(`no shape ${name}`)
  return { reason, test: remembered((text) => test(text) && !detectsAnything(text)), otherwise: 'unknown' }
}

/** One of a fixed list. */
export function constantShape(values: readonly string[], reason: string): Shape {
  const allowed: ReadonlySet<string> = new Set(values)
  return { reason, test: (text) => allowed.has(text), otherwise: 'unknown' }
}

const MAX_REMEMBERED = 512

/** Structural values are few and repeat; a hostile payload's are not kept beyond a bound. */
function remembered(test: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>()
  return (text) => {
    let answer = known.get(text)
    if (answer === undefined) {
      answer = test(text)
      if (known.size < MAX_REMEMBERED) known.set(text, answer)
    }
    return answer
  }
}
