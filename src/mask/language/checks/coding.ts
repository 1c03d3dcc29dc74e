/**
 * A code and its text say the same: bound to two elements of which a policy shows one and treats the other, the treated
 * one is open to anybody with a code table (domain.md 3.4: consistency between code and text).
 */
import { choose } from '../../choose.ts'
import { childTypes } from '../../formats/fhir-path.ts'
import type { TypeRef } from '../../formats/fhir-types.ts'
import { fieldType } from '../../formats/hl7v2-datatypes.ts'
import type { Binding, Element, Policy } from '../../model.ts'
import { AMBIGUOUS_KEYS, normalKey } from '../../normal-key.ts'
import { type Checks, line, nameOf } from './checks.ts'

/** Code and text of one thing in HIS keys: zdbm and zdmc, itemcode and itemname, 诊断编码 and 诊断名称; a bare ryzd is text. */
const CODE_KEY = /^(.*?)(?:bm|dm|icd10|icd|code|编码|代码|码)$/
const TEXT_KEY = /^(.*?)(?:mc|ms|name|text|display|名称|描述)$/
const CODE_LEAF = /\.(?:coding\.)?code$/
const TEXT_LEAF = /\.(?:coding\.)?(?:display|text)$/
/** CE, CWE and CNE of HL7 v2: .1 and .4 are codes, .2 and .5 their texts */
const HL7_LEAF = /^([A-Z][A-Z0-9]{2})-(\d+)(?:\[[^\]]*\])?\.([1245])$/
const HL7_FIELD = /^([A-Z][A-Z0-9]{2})-(\d+)(?:\[[^\]]*\])?$/
const CODED = new Set(['CE', 'CWE', 'CNE', 'CF'])
/** a narrower line for some repetitions is of the same coding */
const CONDITION = /\.where\([^)]*\)/g
/** `$.data.list[*].zddm`: the object, and the key in it */
const JSON_LEAF = /^(\$.*?)(?:\.([\p{L}_][\p{L}\p{N}_-]*)|\['([^'\]]+)'\])$/u

/** A staff number beside a staff name is no coding: both name the same person. */
const isCoding = ({ kind }: Element): boolean => kind === 'code' || kind === 'text'

interface Half {
  /** what both halves share: a path, or the beginning of a HIS key */
  readonly stem: string
  /** key of HIS JSON, and the object it stands in; null: anywhere. Undefined: a path of another standard */
  readonly key?: string
  readonly inside?: string | null
  readonly code: boolean
  /**
   * whole: it binds code and text at once, and counts for the half no narrower line binds. some: one half where a condition
   * holds. What is whole pairs with either, never with its like. Absent: one half
   */
  readonly reach?: 'whole' | 'some'
  readonly binding: Binding
}

export function checkCoding(checks: Checks): void {
  const all = checks.rules.bindings.filter((b) => isCoding(b.element)).flatMap(halfOf)
  const narrow = new Set(all.flatMap((h) => (h.reach === undefined ? [sideOf(h)] : [])))
  const halves = all.filter((h) => h.reach !== 'whole' || !narrow.has(sideOf(h)))
  const codes = halves.filter((h) => h.code)
  const coded = new Set(codes.map(thingOf))
  // most lines name what no line has a code for
  const paired = halves.filter((h) => h.code || coded.has(thingOf(h)))
  const texts = new Texts(paired.filter((h) => !h.code))
  const own = new Set(paired.map((h) => ownKey(h.binding.interfaceId, h.key)))
  const told = new Set<string>()
  for (const code of codes)
    for (const text of texts.beside(code)) {
      const id = `${code.binding.element.id} ${text.binding.element.id}`
      if (code.binding.element === text.binding.element || told.has(id) || !isPair(code, text, own)) continue
      told.add(id)
      for (const policy of checks.rules.policies) checkPair(checks, policy, code.binding, text.binding)
    }
}

/** Texts by what they may be the text of, then by interface: a consortium has hundreds of thousands of lines. */
class Texts {
  readonly #byThing = new Map<string, { readonly all: Half[]; readonly of: Map<string | null, Half[]> }>()

  constructor(texts: readonly Half[]) {
    for (const text of texts) {
      const thing = thingOf(text)
      let found = this.#byThing.get(thing)
      if (found === undefined) this.#byThing.set(thing, (found = { all: [], of: new Map() }))
      found.all.push(text)
      const { interfaceId } = text.binding
      const list = found.of.get(interfaceId)
      if (list === undefined) found.of.set(interfaceId, [text])
      else list.push(text)
    }
  }

  /** Those whose lines may hold where the code's does. */
  beside(code: Half): readonly Half[] {
    const found = this.#byThing.get(thingOf(code))
    if (found === undefined) return []
    const { interfaceId } = code.binding
    return interfaceId === null ? found.all : [...(found.of.get(null) ?? []), ...(found.of.get(interfaceId) ?? [])]
  }
}

/** Halves of one pair have one thing; the converse need not be. */
const thingOf = ({ key, stem }: Half): string =>
  key === undefined ? `path ${stem}` : DIAGNOSIS.test(stem) ? 'diagnosis' : `key ${stem}`

const sideOf = ({ stem, code, binding }: Half): string => `${binding.format} ${stem} ${code}`

const ownKey = (interfaceId: string | null, key: string | undefined): string => `${interfaceId ?? ''}\n${key ?? ''}`

function halfOf(binding: Binding): Half[] {
  const { key, path, within } = binding
  if (key !== null) return [keyHalf(binding, key, within)]
  if (path === null) return []
  const json = JSON_LEAF.exec(path)
  if (json !== null) return [keyHalf(binding, normalKey(json[2] ?? json[3]!), json[1]!)]
  return binding.format === 'hl7v2' ? hl7Halves(binding, path) : fhirHalves(binding, path)
}

function hl7Halves(binding: Binding, path: string): Half[] {
  const [, segment, field, part] = HL7_LEAF.exec(path) ?? HL7_FIELD.exec(path) ?? []
  if (segment === undefined || !CODED.has(fieldType(segment, Number(field)).type)) return []
  const stem = `${segment}-${field}`
  return part === undefined ? bothHalves(binding, stem) : [{ stem, code: part === '1' || part === '4', binding }]
}

/** `Condition.code` is the whole of what `Condition.code.coding.code` is the code of. */
function fhirHalves(binding: Binding, path: string): Half[] {
  const anywhere = path.replace(CONDITION, '')
  const whole = path === anywhere && isCoded(path) ? bothHalves(binding, path.replace(/\.coding$/, '')) : []
  const code = CODE_LEAF.test(path)
  if (!code && !TEXT_LEAF.test(path)) return whole
  const leaf = code ? CODE_LEAF : TEXT_LEAF
  const half: Half = { stem: path.replace(leaf, ''), code, binding }
  return path === anywhere ? [...whole, half] : [half, { ...half, stem: anywhere.replace(leaf, ''), reach: 'some' }]
}

function isCoded(path: string): boolean {
  const [root = '', ...names] = path.split('.')
  const types = names.reduce<readonly TypeRef[]>(childTypes, [{ type: root, targets: null }])
  return types.some(({ type }) => type === 'CodeableConcept' || type === 'Coding')
}

const bothHalves = (binding: Binding, stem: string): Half[] =>
  [true, false].map((code) => ({ stem, code, reach: 'whole', binding }))

function keyHalf(binding: Binding, key: string, inside: string | null): Half {
  const code = CODE_KEY.exec(key)
  const stem = code?.[1] ?? TEXT_KEY.exec(key)?.[1] ?? (AMBIGUOUS_KEYS.has(key) ? `${key} alone` : key)
  return { stem, key, inside, code: code !== null, binding }
}

/** Can both stand in one object and mean one thing? */
function isPair(code: Half, text: Half, own: ReadonlySet<string>): boolean {
  if (!meet(code.binding, text.binding)) return false
  if (code.key === undefined || text.key === undefined)
    return code.key === text.key && code.stem === text.stem && canPair(code.reach, text.reach)
  // prose about a diagnosis is no name of its code
  if (text.binding.element.group === 'free-text') return false
  if (isHidden(code, text, own) || isHidden(text, code, own)) return false
  const together = code.inside === text.inside || code.inside === null || text.inside === null
  // `code` and `name` alone are a pair only where both say in which object
  if (code.stem === '' || text.stem === '') return code.stem === text.stem && code.inside === text.inside
  return together && sameThing(code.stem, text.stem)
}

const canPair = (a: Half['reach'], b: Half['reach']): boolean =>
  (a === 'some' ? b === 'whole' : b !== 'some' || a === 'whole') && !(a === 'whole' && b === 'whole')

/** zd and ryzd (入院诊断), jb and gbjb: what stands before it says which diagnosis; both are of the same patient. */
const sameThing = (a: string, b: string): boolean => a === b || (DIAGNOSIS.test(a) && DIAGNOSIS.test(b))
const DIAGNOSIS = /(?:zd|jb|^icd|icd10|diag|diagnosis|disease|诊断|疾病)$/

/** A format's lines hold for its interfaces too. */
const meet = (a: Binding, b: Binding): boolean =>
  a.interfaceId === b.interfaceId
    ? a.format === b.format
    : (a.interfaceId === null || b.interfaceId === null) && (a.format ?? b.format) === 'json'

/** The interface's own line for the same key decides there, not the format's. */
function isHidden(half: Half, beside: Half, own: ReadonlySet<string>): boolean {
  const { interfaceId } = beside.binding
  return half.binding.interfaceId === null && interfaceId !== null && own.has(ownKey(interfaceId, half.key))
}

const NOWHERE = { interfaceId: '', institution: '', purpose: null }

function checkPair(checks: Checks, policy: Policy, code: Binding, text: Binding): void {
  if (policy.undecided === null) return
  const [a, b] = [treatment(checks, policy, code.element), treatment(checks, policy, text.element)]
  if (a.keeps === b.keeps) return
  const [shown, hidden] = a.keeps ? [code, text] : [text, code]
  const [open, closed] = a.keeps ? [a, b] : [b, a]
  checks.error(
    closed.at ?? policy.at,
    'code-text',
    {
      zh: `${nameOf(hidden.element).zh}（${line(hidden.at)}）被处理，而同一事物的${a.keeps ? '编码' : '文字'}归于${nameOf(shown.element).zh}（${line(shown.at)}），由 ${open.at === null ? '' : line(open.at)} 保留`,
      en: `${nameOf(hidden.element).en} (${line(hidden.at)}) is treated, while the ${a.keeps ? 'code' : 'text'} of the same thing is ${nameOf(shown.element).en} (${line(shown.at)}), kept at ${open.at === null ? '' : line(open.at)}`,
    },
    {
      zh: `两者归同一数据元，或 ${shown.element.zh} 与 ${hidden.element.zh} 同样处理`,
      en: `both bound to one element, or the same treatment of ${shown.element.id} and ${hidden.element.id}`,
    },
  )
}

function treatment(checks: Checks, policy: Policy, element: Element) {
  const { method, why } = choose(element, 0, [policy], NOWHERE, checks.methods)
  return { keeps: method === 'keep', at: why.at }
}
