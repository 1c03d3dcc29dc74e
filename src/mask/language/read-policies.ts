/** policies/*.yaml (策略): one column of the matrix role x element. */
import { canonicalJson } from '../../base/canonical.ts'
import { type Fields, openMap, type Reading, readDocument, reportUnknown } from '../../base/fields.ts'
import { nearest } from '../../base/near.ts'
import type { Position, ProblemList } from '../../base/problem.ts'
import { placeOfKey } from '../../base/reading.ts'
import { englishKey, englishValue, keysOf, writtenValue } from '../../base/vocabulary.ts'
import type { YamlEntry, YamlNode } from '../../base/yaml.ts'
import type { Cell, Element, Floor, Level, Policy } from '../model.ts'
import type { Catalogue } from './catalogue.ts'
import type { ElementIndex } from './element-index.ts'
import { type PolicyContext, type Reach, readCell, readCells } from './read-cell.ts'
import { checkUnknown, readUnknown } from './read-unknown.ts'

const ID = {
  pattern: /^[a-z0-9][a-z0-9-]{0,63}$/,
  expected: {
    zh: '小写字母、数字、连字符，如 research',
    en: 'lower-case letters, digits, hyphens, such as research',
  },
}
/** scenarios that are no care: a policy of direct care may not name them */
const NO_CARE = new Set(['research', 'management', 'insurance', 'reporting'])

export function readPolicy(
  file: string,
  text: string,
  elements: ElementIndex,
  catalogue: Catalogue,
  problems: ProblemList,
): Policy | null {
  const { reading, root } = readDocument(file, text, problems)
  if (root === undefined) return null
  const f = openMap(root, 'policy', reading, (entry) => reportStray(entry, elements, reading))
  const context: PolicyContext = { reading, elements, catalogue }
  const every = { every: elements.all }
  const undecided = f.node('undecided')
  const policy: Policy = {
    id: f.textLike('policy', ID),
    basis: f.text('basis', null),
    owner: f.text('owner', null),
    review: f.date('review', null),
    directCare: f.flag('direct-care', false),
    for: readFor(f),
    floors: inOrder(f.entries('floors', /./).flatMap((entry) => readFloors(entry, context))),
    cells: readElementCells(f, context),
    undecided: undecided === undefined ? null : readAlways(undecided, every, context),
    unknown: readUnknown(f),
    at: f.placeOf('policy'),
  }
  checkShape(f, policy)
  checkUnknown(f, policy)
  return policy
}

/** A line of `elements` at the margin has lost its indentation; any other key is unknown. */
function reportStray(entry: YamlEntry, elements: ElementIndex, reading: Reading): void {
  const { lang } = reading
  const element =
    elements.find(entry.key) === undefined
      ? null
      : { zh: '它是数据元，写在“脱敏”之下，缩进两格', en: 'an element stands under "elements", two blanks deeper' }
  const hint = element ?? placeOfKey('policy', entry.key, lang)
  reportUnknown(reading, entry.at, 'unknown-key', { zh: '键', en: 'key' }, entry.key, keysOf('policy', lang), hint)
}

/** A key of the policy itself among its elements: it is indented too far. */
function isStray(entry: YamlEntry, reading: Reading): boolean {
  const key = englishKey('policy', entry.key)
  if (key === undefined) return false
  reading.error(
    entry.at,
    'misplaced-key',
    { zh: `“${entry.key}”是策略的键，不是数据元`, en: `"${entry.key}" is a key of the policy, no element` },
    { zh: '写在行首，不缩进', en: 'the line at the margin, not indented' },
  )
  return true
}

/** Floors and `undecided` hold everywhere. */
function readAlways(node: YamlNode, reach: Reach, context: PolicyContext): Cell | null {
  const cell = readCell(node, reach, context)
  if (cell?.when == null) return cell
  context.reading.error(
    node.at,
    'when-here',
    { zh: '这里不能有“条件”', en: 'no `when:` is admitted here' },
    { zh: '只在“脱敏”的单元里写“条件”', en: '`when:` in cells of `elements` only' },
  )
  return null
}

function readFor(f: Fields<'policy'>): Policy['for'] {
  const isMap = f.need('for')?.type === 'map'
  const scope = f.map('for', 'policy-for')
  const made = {
    roles: scope?.texts('roles', null) ?? null,
    scenarios: scope?.texts('scenarios', null) ?? null,
    institutions: scope?.texts('institutions', null) ?? null,
  }
  if (scope !== null && isMap && made.roles === null && made.scenarios === null && made.institutions === null)
    f.reading.error(
      scope.at,
      'empty-for',
      { zh: '“适用”没有写明任何对象', en: '`for:` names nothing' },
      {
        zh: '角色、场景、机构中至少一项，如 适用: { 角色: [researcher] }',
        en: 'at least one of roles, scenarios, institutions, such as for: { roles: [researcher] }',
      },
    )
  return made
}

function readElementCells(f: Fields<'policy'>, context: PolicyContext): Map<string, readonly Cell[]> {
  const cells = new Map<string, readonly Cell[]>()
  const named = new Map<string, Position>()
  for (const entry of f.entries('elements', /./)) {
    if (context.elements.find(entry.key) === undefined && isStray(entry, context.reading)) continue
    const element = context.elements.need(entry.key, entry.at, context.reading)
    if (element === undefined) continue
    const first = named.get(element.id)
    if (first !== undefined) reportTwice(context.reading, entry, element, first)
    else {
      named.set(element.id, entry.at)
      cells.set(element.id, readCells(entry.value, element, context))
    }
  }
  return cells
}

function reportTwice(reading: Reading, entry: YamlEntry, element: Element, first: Position): void {
  reading.error(
    entry.at,
    'element-twice',
    {
      zh: `数据元“${element.zh}”在第 ${first.line} 行已写过`,
      en: `the element "${element.id}" stands at line ${first.line} already`,
    },
    { zh: '每个数据元只写一次', en: 'each element once' },
  )
}

/** Of two floors that leave the same the first counts: their order must not come from the lines. */
const inOrder = (floors: readonly Floor[]): Floor[] =>
  floors.toSorted((a, b) => (canonicalJson(a.target) < canonicalJson(b.target) ? -1 : 1))

const LEVEL = /^level-([1-5])$/

function readFloors(entry: YamlEntry, context: PolicyContext): Floor[] {
  const { reading, elements } = context
  const english = englishValue('floor', entry.key) ?? entry.key
  const level = LEVEL.exec(english)
  if (level === null && !elements.groups.has(english)) {
    const levels = ['level-5', 'level-4', 'level-3', 'level-2', 'level-1', ...elements.groups]
    const known = levels.map((word) => writtenValue('floor', word, reading.lang))
    if (elements.all.length > 0)
      reportUnknown(reading, entry.at, 'unknown-floor', { zh: '底线对象', en: 'level or group' }, entry.key, known)
    return []
  }
  const target = level === null ? { group: english } : { level: Number(level[1]) as Level }
  const { value } = entry
  if (value.type === 'scalar' && (value.value === 'never-clear' || value.value === '不得明文'))
    return [{ target, cell: 'never-clear', at: entry.at }]
  const near = value.type === 'scalar' ? nearest(String(value.value ?? ''), ['never-clear', '不得明文']) : null
  if (value.type === 'scalar' && near !== null) {
    reportUnknown(reading, value.at, 'unknown-method', { zh: '底线', en: 'floor' }, String(value.value), [near])
    return []
  }
  // Any element of the record may be raised to level 5, so a level's floor must suit every kind.
  const every = level === null ? elements.all.filter((e) => e.group === english) : elements.all
  const cell = readAlways(value, { every }, context)
  return cell === null ? [] : [{ target, cell, at: entry.at }]
}

function checkShape(f: Fields<'policy'>, policy: Policy): void {
  const { reading } = f
  // A misspelt key of the two is told already.
  const misspelt = reading.problems.all.some(
    (p) => p.file === reading.file && (p.code === 'unknown-key' || p.code === 'misplaced-key'),
  )
  if (f.has('undecided') !== f.has('unknown') && !misspelt) {
    const [given, missing] = f.has('undecided')
      ? (['undecided', 'unknown'] as const)
      : (['unknown', 'undecided'] as const)
    reading.error(
      f.placeOf(given),
      'half-overlay',
      { zh: `写了“${f.word(given)}”却没有“${f.word(missing)}”`, en: `"${given}" stands without "${missing}"` },
      {
        zh: '两者都写：未定处理写一种方法（如 删除），未登记写 codes-only、遮蔽、删除、扣留之一（拿不准时：未登记: 遮蔽）；只在另一策略之上补充几格的叠加策略两者都不写',
        en: 'both: undecided takes a method (drop), unknown one of codes-only, redact, drop, withhold (when in doubt: `unknown: redact`); only an overlay, which adds cells to another policy of the same role, leaves out both',
      },
    )
  }
  if (policy.directCare && policy.for.scenarios !== null) {
    const strange = policy.for.scenarios.find((s) => NO_CARE.has(s))
    if (strange !== undefined)
      reading.error(
        f.placeOf('direct-care'),
        'direct-care-scenario',
        { zh: `场景“${strange}”不是直接诊疗`, en: `the scenario "${strange}" is no direct care` },
        { zh: '不写“直接诊疗”，或改场景', en: 'no `direct-care`, or another scenario' },
      )
  }
  if (policy.directCare && policy.for.scenarios === null)
    reading.error(
      f.placeOf('direct-care'),
      'direct-care-scenario',
      { zh: '直接诊疗策略必须写明场景', en: 'a policy of direct care names its scenarios' },
      { zh: '适用: { 场景: [treatment] }', en: 'for: { scenarios: [treatment] }' },
    )
}
