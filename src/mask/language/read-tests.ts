/** policies/*.test.yaml (自测): samples and what must become of them. */
import { CODES, type Code } from '../../base/errors.ts'
import { type Fields, openMap, type Reading, readDocument } from '../../base/fields.ts'
import type { Position, ProblemList } from '../../base/problem.ts'
import { englishKey, englishValue, type Glossary, type Lang } from '../../base/vocabulary.ts'
import type { YamlEntry, YamlNode } from '../../base/yaml.ts'
import { type Element, FORMATS, type FormatName } from '../model.ts'
import type { Catalogue } from './catalogue.ts'
import type { ElementIndex } from './element-index.ts'
import { formatRules, glossaryOf } from './format.ts'

/** What every value of an element must be: as it was, gone, without a trace of the original, or exactly one of these. */
export type Expectation = 'unchanged' | 'removed' | 'no-original' | { readonly texts: readonly string[] }

export interface RuleTest {
  readonly name: string | null
  /** path beside the test file, inside the rules folder */
  readonly sample: string
  /** null = by the sample's name */
  readonly format: FormatName | null
  readonly role: string | null
  readonly scenario: string | null
  readonly institution: string | null
  readonly purpose: string | null
  readonly interfaceId: string | null
  /** YYYY-MM-DD; required where a result depends on the date */
  readonly date: string | null
  readonly expect: readonly { readonly element: Element; readonly want: Expectation; readonly at: Position }[]
  /** cells of the policy written otherwise: the rules must then be refused with the problem `refused` */
  readonly change: readonly CellChange[]
  /** a code of a payload's refusal; with `change` the code of a problem of `rules check` */
  readonly refused: string | null
  readonly at: Position
}

/** `undecided`, `unknown` or an element's id, and the cell as it is written */
export interface CellChange {
  readonly target: string
  readonly written: string
}

export interface RuleTestFile {
  /** path inside the rules folder */
  readonly file: string
  /** id of the policy the file is named after */
  readonly policy: string
  /** of the messages about its tests */
  readonly lang: Lang
  readonly tests: readonly RuleTest[]
}

const SAMPLE = {
  pattern: /^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\:]{1,200}$/,
  expected: { zh: '自测文件旁的文件', en: 'a file beside the test file' },
}

export function readTests(
  file: string,
  text: string,
  elements: ElementIndex,
  catalogue: Catalogue,
  problems: ProblemList,
): RuleTestFile {
  const policy = file.replace(/^.*\//, '').replace(/\.test\.yaml$/, '')
  const { reading, root } = readDocument(file, text, problems)
  if (root === undefined) return { file, policy, lang: reading.lang, tests: [] }
  if (root.type !== 'list') {
    reading.error(
      root.at,
      'expected-list',
      { zh: '自测文件应是列表', en: 'a test file is a list' },
      {
        zh: '第一行以“- ”开头，其余各行缩进两格：- 样例: referral.fhir.json',
        en: 'a dash before the first line, the others two blanks deeper: - sample: referral.fhir.json',
      },
    )
    return { file, policy, lang: reading.lang, tests: [] }
  }
  const glossary = glossaryOf(elements, catalogue)
  return {
    file,
    policy,
    lang: reading.lang,
    tests: root.items.map((item) => readTest(item, text, elements, glossary, reading)),
  }
}

function readTest(
  item: YamlNode,
  text: string,
  elements: ElementIndex,
  glossary: Glossary,
  reading: Reading,
): RuleTest {
  const f = openMap(item, 'rule-test', reading)
  const change = readChange(f, text, elements).map(({ target, written }) => ({
    target,
    written: english(target, written, glossary),
  }))
  const refused =
    change.length > 0 ? f.textLike('refused', PROBLEM) : f.oneOf('refused', null, Object.keys(CODES) as Code[], null)
  const expect = f.entries('expect', /./).flatMap((entry) => readExpectation(entry, f, elements))
  const said = f.has('expect') && expect.length === 0
  if (!said && (refused === null) === (expect.length === 0))
    f.reading.error(
      f.at,
      'empty-test',
      refused === null
        ? { zh: '自测没有写明结果', en: 'the test says no result' }
        : { zh: '自测既写了“期望”又写了“拒绝”', en: 'the test says both `expect` and `refused`' },
      {
        zh: '二者之一，如 期望: { 姓名: 不含原文 }',
        en: 'one of them, such as expect: { person-name: no-original }',
      },
    )
  return {
    name: f.text('name', null),
    sample: f.has('change') ? f.text('sample', '', SAMPLE) : f.textLike('sample', SAMPLE),
    format: f.oneOf('format', null, FORMATS, null),
    role: f.text('role', null),
    scenario: f.text('scenario', null),
    institution: f.text('institution', null),
    purpose: f.text('purpose', null),
    interfaceId: f.text('interface', null),
    date: f.date('at', null),
    expect,
    change,
    refused,
    at: f.at,
  }
}

const PROBLEM = {
  pattern: /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$|^[a-z]{3,32}$/,
  expected: {
    zh: 'rules check 的问题代码，如 combination',
    en: 'the code of a problem of rules check, such as combination',
  },
}

/** Cells stay as they are written: what they say may be wrong, and that is what the test is about. */
function readChange(f: Fields<'rule-test'>, text: string, elements: ElementIndex): CellChange[] {
  return f.entries('change', /./).flatMap((entry) => {
    const line = englishKey('policy', entry.key)
    const target = line === 'undecided' || line === 'unknown' ? line : elements.need(entry.key, entry.at, f.reading)?.id
    const { span } = entry.value
    return target === undefined || span === undefined ? [] : [{ target, written: text.slice(span[0], span[1]) }]
  })
}

/** The language of a file is no part of what it says: the bundle of both is one. */
function english(target: string, written: string, glossary: Glossary): string {
  const head = target === 'undecided' || target === 'unknown' ? `${target}: ` : 'elements:\n  -: '
  const text = formatRules('policies/change.yaml', `${head}${written}\n`, 'en', glossary)
  return text === null ? written : text.slice(head.length, -1)
}

function readExpectation(entry: YamlEntry, f: Fields<'rule-test'>, elements: ElementIndex): RuleTest['expect'] {
  const element = elements.need(entry.key, entry.at, f.reading)
  if (element === undefined) return []
  const { value } = entry
  const nodes = value.type === 'list' ? value.items : [value]
  const texts = nodes.flatMap(textOf)
  if (texts.length !== nodes.length || texts.length === 0) {
    f.reading.error(
      value.at,
      'bad-expectation',
      { zh: '期望的结果不合规', en: 'the expected result is not valid' },
      {
        zh: `不变、已删除、不含原文，或确切的结果，如 ${element.zh}: 已删除`,
        en: `unchanged, removed, no-original, or the exact results, such as ${element.id}: removed`,
      },
    )
    return []
  }
  const word = value.type === 'scalar' ? englishValue('expectation', texts[0]!) : undefined
  const want = word === 'unchanged' || word === 'removed' || word === 'no-original' ? word : { texts }
  return [{ element, want, at: entry.at }]
}

const textOf = (node: YamlNode): string[] => {
  if (node.type !== 'scalar' || node.value === null) return []
  return [typeof node.value === 'string' ? node.value : node.source]
}
