/** What is wrong with a parameter of a method, in the words of the cell. */
import type { Say } from '../../base/fields.ts'
import { nearest } from '../../base/near.ts'
import type { SchemaProblem } from '../../base/schema.ts'
import { childOf, isValueSet, keysOf, type Lang, valuesOf, writtenKey, writtenValue } from '../../base/vocabulary.ts'
import type { YamlMap } from '../../base/yaml.ts'
import type { Method } from '../transforms/transform.ts'
import type { Catalogue } from './catalogue.ts'

interface Around {
  readonly reading: { readonly lang: Lang }
  readonly catalogue: Catalogue
}

export function sayParameter(
  method: Method,
  problem: SchemaProblem,
  params: YamlMap,
  { reading: { lang }, catalogue }: Around,
): [message: Say, expected: Say] {
  const own = lang === 'zh' ? method.zh : method.name
  const expected = both(lang === 'zh' ? inChinese(problem) : problem.expected)
  const name = problem.property ?? problem.path.split('/')[1] ?? ''
  const entry = params.entries.get(name)
  const word = writtenKey('cell', name, lang)
  if (problem.property === null) {
    const node = entry?.value
    const quoted = node?.type === 'scalar' && typeof node.value === 'string' && /^-?\d+$/.test(node.value)
    const written = node?.type === 'scalar' && node.source !== '' ? `"${node.source.slice(0, 60)}"` : '…'
    return [
      {
        zh: `${written.replace(/^"|"$/g, (_, i) => (i === 0 ? '“' : '”'))} 不能作为方法“${own}”的“${word}”`,
        en: `${written} cannot be the "${word}" of the method "${own}"`,
      },
      quoted ? { zh: `${expected.zh}，不加引号`, en: `${expected.en}, without quotes` } : expected,
    ]
  }
  if (entry === undefined)
    return [{ zh: `方法“${own}”缺少“${word}”`, en: `"${word}" is missing: the method "${own}" needs it` }, expected]
  const taken = parametersOf(method)
  const none = {
    zh: `单写方法名：${own}（它没有参数）`,
    en: `the word alone: ${own} (it has no parameters)`,
  }
  const hint = hintFor(name, taken, catalogue, lang)
  return [
    {
      zh: `方法“${own}”没有参数“${entry.key}”${hint.zh}`,
      en: `unknown key "${entry.key}" of the method "${own}"${hint.en}`,
    },
    taken.length === 0 ? none : expected,
  ]
}

const both = (text: string): Say => ({ zh: text, en: text })

const parametersOf = (method: Method): string[] =>
  Object.keys((method.params as { readonly properties?: object }).properties ?? {})

/** A near word of this method, or the methods that have such a parameter. */
function hintFor(name: string, taken: readonly string[], catalogue: Catalogue, lang: Lang): Say {
  const near = nearest(
    name,
    taken.map((key) => writtenKey('cell', key, lang)),
  )
  if (near !== null) return { zh: `，是不是“${near}”？`, en: `, did you mean "${near}"?` }
  const owners = [...catalogue.methods.values()].filter((m) => parametersOf(m).includes(name)).slice(0, 6)
  if (owners.length === 0) return both('')
  return {
    zh: `，它属于 ${owners.map((m) => m.zh).join('、')}`,
    en: `: it belongs to ${owners.map((m) => m.name).join(', ')}`,
  }
}

/** A schema knows the English words only. */
function inChinese(p: SchemaProblem): string {
  const key = p.property ?? p.path.slice(1)
  const set = childOf('cell', key)?.words
  const words =
    set === undefined || !isValueSet(set) ? [] : valuesOf(set).map((v) => [v, writtenValue(set, v, 'zh')] as const)
  let { expected } = p
  for (const [en, zh] of words) expected = expected.replace(new RegExp(`(?<![\\w-])${en}(?![\\w-])`, 'g'), zh)
  for (const name of keysOf('cell', 'en'))
    expected = expected.replace(new RegExp(`(?<![\\w-])${name}(?![\\w-])`, 'g'), writtenKey('cell', name, 'zh'))
  return expected
}
