/**
 * A code and its text say the same: bound to two elements of which a policy shows one and treats the other, the treated
 * one is open to anybody with a code table (domain.md 3.4: consistency between code and text).
 */
import { choose } from '../../choose.ts'
import { fieldType } from '../../formats/hl7v2-datatypes.ts'
import type { Binding, Element, Policy } from '../../model.ts'
import { type Checks, line, nameOf } from './checks.ts'

/** Code and text of one thing in HIS keys: zdbm and zdmc, itemcode and itemname, 诊断编码 and 诊断名称. */
const CODE_KEY = /^(.+?)(?:bm|dm|code|编码|代码)$/
const TEXT_KEY = /^(.+?)(?:mc|name|名称)$/
const CODE_LEAF = /\.(?:coding\.)?code$/
const TEXT_LEAF = /\.(?:coding\.)?(?:display|text)$/
/** CE, CWE and CNE of HL7 v2: .1 and .4 are codes, .2 and .5 their texts */
const HL7_LEAF = /^([A-Z][A-Z0-9]{2})-(\d+)(?:\[[^\]]*\])?\.([1245])$/
const CODED = new Set(['CE', 'CWE', 'CNE', 'CF'])

/** A staff number beside a staff name is no coding: both name the same person. */
const isCoding = ({ kind }: Element): boolean => kind === 'code' || kind === 'text'

interface Half {
  readonly stem: string
  readonly code: boolean
  readonly binding: Binding
}

export function checkCoding(checks: Checks): void {
  const halves = checks.rules.bindings.flatMap(halfOf)
  const texts = Map.groupBy(
    halves.filter((h) => !h.code),
    (h) => h.stem,
  )
  for (const { stem, binding: code } of halves.filter((h) => h.code))
    for (const { binding: text } of texts.get(stem) ?? [])
      if (code.element !== text.element && isCoding(code.element) && isCoding(text.element))
        for (const policy of checks.rules.policies) checkPair(checks, policy, code, text)
}

function halfOf(binding: Binding): Half[] {
  const where = `${binding.interfaceId ?? binding.format} ${binding.within ?? ''}`
  const { key, path } = binding
  if (key !== null) {
    const code = CODE_KEY.exec(key)
    const text = code === null ? TEXT_KEY.exec(key) : null
    const stem = (code ?? text)?.[1]
    return stem === undefined ? [] : [{ stem: `${where} ${stem}`, code: code !== null, binding }]
  }
  if (path === null) return []
  const hl7 = HL7_LEAF.exec(path)
  if (hl7 !== null) {
    const [, segment, field, part] = hl7
    if (!CODED.has(fieldType(segment!, Number(field)).type)) return []
    return [{ stem: `${where} ${segment}-${field}`, code: part === '1' || part === '4', binding }]
  }
  const code = CODE_LEAF.test(path)
  if (!code && !TEXT_LEAF.test(path)) return []
  return [{ stem: `${where} ${path.replace(code ? CODE_LEAF : TEXT_LEAF, '')}`, code, binding }]
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
      zh: '编码与文字归同一数据元，或两者同样处理',
      en: 'one element for code and text, or the same treatment of both',
    },
  )
}

function treatment(checks: Checks, policy: Policy, element: Element) {
  const { method, why } = choose(element, 0, [policy], NOWHERE, checks.methods)
  return { keeps: method === 'keep', at: why.at }
}
