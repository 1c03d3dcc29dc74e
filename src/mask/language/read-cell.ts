/** One cell of the matrix role x element: `keep`, `{ method: truncate, keep: city }`, or several with `when:`. */
import { canonicalJson } from '../../base/canonical.ts'
import { type Fields, openMap, type Reading, reportUnknown } from '../../base/fields.ts'
import type { Position } from '../../base/problem.ts'
import { compileParams, type Defaulted, placeOf } from '../../base/schema.ts'
import { type Lang, writtenValue } from '../../base/vocabulary.ts'
import type { YamlMap, YamlNode } from '../../base/yaml.ts'
import { type Approval, type Cell, type Element, KINDS, type When } from '../model.ts'
import type { Method } from '../transforms/transform.ts'
import { type Catalogue, methodNamed, methodWords } from './catalogue.ts'
import type { ElementIndex } from './element-index.ts'
import { aliasOf, insteadOf, translate } from './method-aliases.ts'
import { sayParameter } from './parameter-words.ts'
import { inEnglish, toPlain } from './plain.ts'

export interface PolicyContext {
  readonly reading: Reading
  readonly elements: ElementIndex
  readonly catalogue: Catalogue
}

/** The elements a cell may meet: its own, or all a floor or `undecided` can reach. */
export type Reach = { readonly element: Element } | { readonly every: readonly Element[] }

/** One cell without alternatives (floors, undecided). */
export function readCell(node: YamlNode, reach: Reach, context: PolicyContext): Cell | null {
  const { reading } = context
  if (node.type === 'scalar') {
    const method = readMethod(node, context)
    return method === null ? null : finish(method, ours(node, emptyMap(node.at)), node.at, null, reach, context)
  }
  if (node.type === 'list') {
    reading.error(node.at, 'bad-cell', { zh: '这里不能是列表', en: 'no list is admitted here' }, EXAMPLE)
    return null
  }
  const english = inEnglish(node, 'cell')
  const params = new Map(english.entries)
  params.delete('method')
  params.delete('when')
  params.delete('exception')
  // Which parameters a method takes is said by its schema, not by the vocabulary.
  const f = openMap(english, 'cell', reading, () => {})
  const when = readWhen(f)
  const exception = readException(f, when)
  const named = f.need('method')
  if (named === undefined) return null
  if (named.type !== 'scalar') {
    reading.error(named.at, 'bad-cell', { zh: '“方法”应是一个词', en: '"method" is one word' }, EXAMPLE)
    return null
  }
  const method = readMethod(named, context)
  if (method === null) return null
  const cell = finish(method, ours(named, { ...english, entries: params }), node.at, when, reach, context)
  return cell === null || exception === null ? cell : { ...cell, exception }
}

/** Parameters of a method named in another house's words, under our own names. */
function ours(word: YamlNode & { type: 'scalar' }, params: YamlMap): YamlMap {
  const alias = aliasOf(String(word.value ?? ''))
  return alias === undefined ? params : translate(params, alias)
}

/** The cells of one element: at most one holds everywhere, the others have a `when:`. */
export function readCells(node: YamlNode, element: Element, context: PolicyContext): Cell[] {
  const nodes = node.type === 'list' ? node.items : [node]
  const cells: Cell[] = []
  for (const item of nodes) {
    const cell = readCell(item, { element }, context)
    if (cell === null) continue
    const first = cells.find((c) => c.when === null)
    if (cell.when === null && first !== undefined)
      context.reading.error(
        cell.at,
        'element-twice',
        {
          zh: `第 ${first.at.line} 行已写了“${first.method}”，没有条件`,
          en: `line ${first.at.line} says ${first.method} without a condition already`,
        },
        {
          zh: '只写一种处理；其余的带“条件”，如 { 方法: 删除, 条件: { 机构: [county] } }',
          en: 'one treatment; any other has a `when:`, such as { method: drop, when: { institutions: [county] } }',
        },
      )
    else cells.push(cell)
  }
  if (nodes.length === 0)
    context.reading.error(node.at, 'bad-cell', { zh: '列表是空的', en: 'the list is empty' }, EXAMPLE)
  // Of two that hold and leave the same the first counts, so their order must not come from the lines.
  return cells.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

const orderOf = ({ method, params, when, exception = null }: Cell): string =>
  canonicalJson({ method, params, when, exception })

const EXAMPLE = {
  zh: '方法名，如 删除；或带参数，如 { 方法: 年龄段, 宽度: 5 }',
  en: 'the name of a method, such as drop, or with parameters: { method: age-band, width: 5 }',
}

const emptyMap = (at: Position): YamlMap => ({ type: 'map', at, entries: new Map() })

function readMethod(node: YamlNode & { type: 'scalar' }, context: PolicyContext): Method | null {
  const { reading, catalogue } = context
  const written = String(node.value ?? '')
  if (written.trim() === '') {
    reading.error(node.at, 'bad-cell', { zh: '这里没有写方法', en: 'no method stands here' }, EXAMPLE)
    return null
  }
  const method = methodNamed(catalogue, written.normalize('NFKC').trim())
  if (method !== undefined) return method
  const alias = aliasOf(written)
  const known = alias === undefined ? undefined : methodNamed(catalogue, alias.method)
  if (known !== undefined) return known
  const instead = insteadOf(written)
  if (instead !== undefined)
    reading.error(
      node.at,
      'method-refused',
      { zh: `不提供方法“${written}”`, en: `the method "${written}" is not offered` },
      instead,
    )
  else
    reportUnknown(
      reading,
      node.at,
      'unknown-method',
      { zh: '方法', en: 'method' },
      written,
      methodWords(catalogue, reading.lang),
    )
  return null
}

const oneOf = (words: readonly string[]) => ({ zh: `以下之一：${words.join('、')}`, en: `one of ${words.join(', ')}` })

function readWhen(f: Fields<'cell'>): When | null {
  const when = f.map('when', 'when')
  if (when === null) return null
  const made = {
    interfaces: when.texts('interfaces', null),
    institutions: when.texts('institutions', null),
    purposes: when.texts('purposes', null),
  }
  const misspelt = f.node('when')
  const any = misspelt?.type === 'map' && misspelt.entries.size > 0
  if (!any && made.interfaces === null && made.institutions === null && made.purposes === null)
    f.reading.error(
      when.at,
      'empty-when',
      { zh: '“条件”是空的', en: '`when:` names nothing' },
      {
        zh: '接口、机构、目的中的一项，如 条件: { 机构: [county] }',
        en: 'interfaces, institutions or purposes, such as when: { institutions: [county] }',
      },
    )
  return made
}

/** A loosening by `when:` names who approved it and its last day (rules-language.md, when). */
function readException(f: Fields<'cell'>, when: When | null): Approval | null {
  const exception = f.map('exception', 'exception')
  if (exception === null) return null
  const made = { approval: exception.text('approval'), expires: exception.date('expires') }
  if (when === null)
    f.reading.error(
      exception.at,
      'exception-everywhere',
      { zh: '“例外”必须有“条件”', en: 'an exception needs a `when:`' },
      { zh: '条件: { 机构: […] }', en: 'when: { institutions: [...] }' },
    )
  return made
}

const validators = new WeakMap<Method, (value: Readonly<Record<string, unknown>>, lang?: Lang) => Defaulted>()

function finish(
  method: Method,
  params: YamlMap,
  at: Position,
  when: When | null,
  reach: Reach,
  context: PolicyContext,
): Cell | null {
  const { reading } = context
  let validate = validators.get(method)
  if (validate === undefined) validators.set(method, (validate = compileParams(method.params)))
  const checked = validate(toPlain(params) as Record<string, unknown>, reading.lang)
  for (const p of checked.problems) {
    const [message, expected] = sayParameter(method, p, params, context)
    reading.error(placeOf(params, p), 'bad-parameter', message, expected)
  }
  if (!admitted(method, checked.value, at, reach, context)) return null
  return { method: method.name, params: checked.value, at, when }
}

const kindsOf = (method: Method, lang: Lang): string =>
  KINDS.filter((kind) => method.kinds.includes(kind))
    .map((kind) => writtenValue('kind', kind, lang))
    .join(lang === 'zh' ? '、' : ', ')

const whose = (reach: Reach, lang: Lang): string =>
  'element' in reach ? (lang === 'zh' ? `（${reach.element.zh}）` : ` of "${reach.element.id}"`) : ''

/** Methods that take a kind. */
function fitting(kind: Element['kind'], { catalogue, reading }: PolicyContext) {
  const good = [...catalogue.methods.values()].filter((m) => m.kinds.includes(kind))
  return oneOf(good.map((m) => (reading.lang === 'zh' ? m.zh : m.name)))
}

function admitted(
  method: Method,
  params: Readonly<Record<string, unknown>>,
  at: Position,
  reach: Reach,
  context: PolicyContext,
): boolean {
  const { reading } = context
  const word = reading.lang === 'zh' ? method.zh : method.name
  const kinds = 'element' in reach ? [reach.element.kind] : [...new Set(reach.every.map((e) => e.kind))]
  const strange = kinds.find((k) => !method.kinds.includes(k))
  if (strange !== undefined) {
    reading.error(
      at,
      'method-kind',
      {
        zh: `方法“${word}”（用于 ${kindsOf(method, 'zh')}）不能用于类型“${writtenValue('kind', strange, 'zh')}”${whose(reach, 'zh')}`,
        en: `the method "${word}" (for ${kindsOf(method, 'en')}) is not for the kind ${strange}${whose(reach, 'en')}`,
      },
      fitting(strange, context),
    )
    return false
  }
  if ('element' in reach && reach.element.id === 'resource-id' && !method.references) {
    const good = [...context.catalogue.methods.values()].filter((m) => m.references)
    reading.error(
      at,
      'method-reference',
      { zh: `方法“${word}”不能用于引用`, en: `the method "${word}" cannot treat references` },
      oneOf(good.map((m) => (reading.lang === 'zh' ? m.zh : m.name))),
    )
    return false
  }
  const told = 'element' in reach ? (method.check?.(params, reach.element) ?? []) : []
  for (const message of told) reading.problems.error(at, 'bad-parameter', message)
  return told.length === 0
}
