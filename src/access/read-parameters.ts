/** `query:` of an entry, and the search parameters of a FHIR type: the only parameters that go upstream. */
import { type Fields, openMap, type Reading } from '../base/fields.ts'
import { isPattern, patternFault } from '../base/pattern.ts'
import type { YamlNode } from '../base/yaml.ts'
import type { QueryParameter } from './model.ts'
import { RESERVED_PARAMETERS } from './query.ts'

export const readParameters = (fields: Fields<'entry'>): QueryParameter[] =>
  readParameterList(fields.items('query'), fields.reading)

/** Items are maps; a bare word is a parameter without conditions. */
export function readParameterList(items: readonly YamlNode[], reading: Reading): QueryParameter[] {
  const seen = new Map<string, QueryParameter>()
  for (const item of items) {
    const parameter = item.type === 'scalar' ? bare(item, reading) : readParameter(item, reading)
    if (parameter === undefined) continue
    if (seen.has(parameter.name))
      reading.error(
        item.at,
        'repeated-item',
        {
          zh: `参数“${parameter.name}”重复`,
          en: `the parameter "${parameter.name}" stands here a second time`,
        },
        { zh: '每个参数一次', en: 'each parameter once' },
      )
    if (RESERVED_PARAMETERS.includes(parameter.name))
      reading.error(
        item.at,
        'parameter-reserved',
        {
          zh: `参数“${parameter.name}”不允许登记`,
          en: `the parameter "${parameter.name}" cannot be declared`,
        },
        {
          zh: '别的参数；令牌放在请求头 Authorization，方法写在“调用”',
          en: 'another parameter: a token goes into the header Authorization, a method into `call:`',
        },
      )
    seen.set(parameter.name, parameter)
  }
  return [...seen.values()]
}

const NAME = /^[\p{L}_][\p{L}\p{N}_.:-]{0,63}$/u

function bare(item: YamlNode & { type: 'scalar' }, reading: Reading): QueryParameter | undefined {
  if (typeof item.value === 'string' && NAME.test(item.value))
    return { name: item.value, required: false, pattern: null, element: null }
  reading.error(
    item.at,
    'bad-value',
    { zh: '参数名不合规', en: 'this is not a parameter name' },
    { zh: '名称，如 no，或 { 名称: no, 必填: 是 }', en: 'a name such as no, or { name: no, required: true }' },
  )
  return undefined
}

function readParameter(item: YamlNode, reading: Reading): QueryParameter {
  const fields = openMap(item, 'query-parameter', reading)
  const pattern = fields.text('pattern', null)
  if (pattern !== null && !isPattern(pattern))
    reading.error(
      fields.valueAt('pattern'),
      'pattern-syntax',
      {
        zh: `样式不是 RE2 正则表达式：${patternFault(pattern).zh}`,
        en: `the pattern is no RE2 expression: ${patternFault(pattern).en}`,
      },
      {
        zh: "整个值要符合的表达式，不含回溯引用和环视，如 '^[0-9]{6,20}$'",
        en: "an expression for the whole value without back references and look-around, such as '^[0-9]{6,20}$'",
      },
    )
  return {
    name: fields.textLike('name', {
      pattern: NAME,
      expected: { zh: '参数名，如 no', en: 'a parameter name such as no' },
    }),
    required: fields.flag('required', false),
    pattern,
    element: fields.text('element', null),
  }
}
