/** `query:` of an entry, and the search parameters of a FHIR type: the only parameters that go upstream. */
import { type Fields, openMap, type Reading } from '../base/fields.ts'
import { isPattern } from '../base/pattern.ts'
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
      reading.error(item.at, 'repeated-item', {
        zh: `参数“${parameter.name}”重复`,
        en: `the parameter "${parameter.name}" stands here a second time`,
      })
    if (RESERVED_PARAMETERS.includes(parameter.name))
      reading.error(item.at, 'parameter-reserved', {
        zh: `参数“${parameter.name}”不允许登记`,
        en: `the parameter "${parameter.name}" cannot be declared`,
      })
    seen.set(parameter.name, parameter)
  }
  return [...seen.values()]
}

const NAME = /^[\p{L}_][\p{L}\p{N}_.:-]{0,63}$/u

function bare(item: YamlNode & { type: 'scalar' }, reading: Reading): QueryParameter | undefined {
  if (typeof item.value === 'string' && NAME.test(item.value))
    return { name: item.value, required: false, pattern: null, element: null }
  reading.error(item.at, 'bad-value', { zh: '参数名不合规', en: 'this is not a parameter name' })
  return undefined
}

function readParameter(item: YamlNode, reading: Reading): QueryParameter {
  const fields = openMap(item, 'query-parameter', reading)
  const pattern = fields.text('pattern', null)
  if (pattern !== null && !isPattern(pattern))
    reading.error(
      fields.valueAt('pattern'),
      'pattern-syntax',
      { zh: '样式不是 RE2 正则表达式', en: 'the pattern is no RE2 expression' },
      { zh: '不含回溯引用和环视的表达式', en: 'an expression without back references and look-around' },
    )
  return {
    name: fields.textLike('name', { pattern: NAME, expected: { zh: '参数名', en: 'a parameter name' } }),
    required: fields.flag('required', false),
    pattern,
    element: fields.text('element', null),
  }
}
