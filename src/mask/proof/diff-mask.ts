/** Proofs about the mask core's part of a bundle that only the rules themselves can give: cells, floors, bindings, tests. */
import { canonicalJson } from '../../base/canonical.ts'
import { leavesOf, type MethodLookup } from '../choose.ts'
import { PAIR_VALUES } from '../formats/json-graph.ts'
import { matchKey } from '../formats/json-key.ts'
import type { Binding, Cell, Element, Floor, Level, Policy, RuleSet } from '../model.ts'
import { type CellChange, compareTreatments, verdictOfPolicy } from './diff-cells.ts'
import type { Path, Place } from './diff-plain.ts'
import { judgeTest } from './diff-tests.ts'
import { lastKey } from './lowered.ts'
import { shown } from './provers.ts'
import type { Side } from './side.ts'
import { type Judged, judged, type Verdict } from './verdict.ts'

const LEVELS: readonly Level[] = [1, 2, 3, 4, 5]

/** Judges the paths of `mask` that a table of plain proofs cannot. */
export function maskPlace(before: Side, after: Side, cells: readonly CellChange[], methods: MethodLookup): Place {
  return (path, a, b) => {
    const [core, kind, id, part, element] = path
    if (core !== 'mask') return null
    if (kind === 'tests')
      return id === undefined ? null : judgeTest(a, b, (policy, e) => verdictOfPolicy(cells, policy, e))
    if (kind === 'bindings') return id === undefined ? null : judgeBinding(before.rules, after.rules, a, b)
    if (kind === 'dictionaries' && id !== undefined)
      return judged(
        'looser',
        '字典内容有变，替换结果无法证明更严',
        'the dictionary changed: its replacements are not proved tighter',
      )
    if (kind === 'elements' && path.length === 3) return judgeElement(after.rules, id!, a, b)
    if (kind === 'elements' && part === 'detect') return judgeDetector(after.rules, id!, a, b)
    if (kind !== 'policies' || id === undefined) return null
    if (path.length === 3) return a === undefined || b === undefined ? byCells(cells, id) : null
    if (part === 'for') return byCells(cells, id)
    if (part === 'floors') return judgeFloors(before.rules, after.rules, id, methods)
    if (part === 'undecided') return judgeUndecided(before.rules, after.rules, id, methods)
    if (part === 'unknown' && (path.length === 4 || path[4] === 'treatment')) return judgeUnknown(path, cells, id, a, b)
    return part === 'cells' && element !== undefined ? byCells(cells, id, element) : null
  }
}

/** The lines changed; what they do is in the cells they take part in. */
function byCells(cells: readonly CellChange[], policy: string, element?: string): Judged {
  const verdict = verdictOfPolicy(cells, policy, element)
  if (verdict === 'same') return judged('same', '对任何调用都没有影响', 'it changes nothing for any caller')
  const first = cells.find(
    (c) => c.verdict === verdict && c.policies.includes(policy) && (element === undefined || c.element === element),
  )!
  return { verdict, reason: first.reason }
}

function judgeElement(after: RuleSet, id: string, a: unknown, b: unknown): Judged | null {
  if (a !== undefined && b !== undefined) return null
  if (b === undefined) return judged('looser', `数据元 ${id} 不再受保护`, `the element ${id} is no longer protected`)
  // hits in texts, results and references find some elements by their names, without any binding
  return droppedEverywhere(after, id)
    ? judged(
        'same',
        '新数据元，各策略中都删除；落点另计',
        'a new element every policy drops; its bindings are judged by themselves',
      )
    : judged('looser', '新数据元的处理无法证明比原先更严', 'a new element: not proved to leave less than before')
}

/** Hits in texts get the treatment of the element that names their detector; whose they were before is not known here. */
function judgeDetector(after: RuleSet, id: string, a: unknown, b: unknown): Judged {
  if (a !== null) return judged('looser', '原有识别已撤去', 'the detector it had was taken away')
  return droppedEverywhere(after, id)
    ? judged('tighter', `识别 ${shown(b)}：命中处各策略都删除`, `the detector ${shown(b)}: every policy drops its hits`)
    : judged(
        'looser',
        `识别 ${shown(b)}：命中处的处理无法证明更严`,
        `the detector ${shown(b)}: its hits are not proved to leave less`,
      )
}

function droppedEverywhere(after: RuleSet, id: string): boolean {
  const element = after.elementById.get(id)
  return element !== undefined && after.policies.every((p) => drops(p, element))
}

/** `unknown` given or taken away is seen in the cells; a changed treatment too. */
function judgeUnknown(path: Path, cells: readonly CellChange[], policy: string, a: unknown, b: unknown): Judged | null {
  if (path.length === 4 && a !== null && b !== null) return null
  const own = cells.filter((c) => c.element === null && c.policies.includes(policy))
  const verdict: Verdict = own.some((c) => c.verdict === 'looser') ? 'looser' : own.length > 0 ? 'tighter' : 'same'
  return judged(verdict, `未登记 ${shown(a)} → ${shown(b)}`, `unknown ${shown(a)} → ${shown(b)}`)
}

/** `undecided` counts at every level, also where no element falls under it today. */
function judgeUndecided(before: RuleSet, after: RuleSet, id: string, methods: MethodLookup): Judged {
  const of = (rules: RuleSet): Cell | null => rules.policies.find((p) => p.id === id)?.undecided ?? null
  const verdict = compareTreatments(of(before), of(after), LEVELS, methods)
  const from = `${of(before)?.method ?? '-'} → ${of(after)?.method ?? '-'}`
  return judged(verdict, `未定处理 ${from}`, `undecided ${from}`)
}

function judgeFloors(before: RuleSet, after: RuleSet, id: string, methods: MethodLookup): Judged {
  const of = (rules: RuleSet): Map<string, Floor> =>
    new Map((rules.policies.find((p) => p.id === id)?.floors ?? []).map((f) => [canonicalJson(f.target), f]))
  const [left, right] = [of(before), of(after)]
  for (const [target, floor] of left) {
    const now = right.get(target)
    if (now === undefined) return judged('looser', `底线 ${target} 被撤去`, `the floor ${target} is gone`)
    if (compareFloors(floor, now, methods) === 'looser')
      return judged('looser', `底线 ${target} 无法证明更严`, `the floor ${target} is not proved tighter`)
  }
  return judged('tighter', '底线更严', 'the floors are tighter')
}

function compareFloors(a: Floor, b: Floor, methods: MethodLookup): Verdict {
  if (a.cell === 'never-clear') {
    if (b.cell === 'never-clear') return 'same'
    const cell = b.cell
    return LEVELS.every((l) => leavesOf(cell, l, methods) < l) ? 'tighter' : 'looser'
  }
  return b.cell === 'never-clear' ? 'looser' : compareTreatments(a.cell, b.cell, LEVELS, methods)
}

/**
 * A place bound to an element leaves what the element's cells leave. What it left before is not known here (structure,
 * `unknown` or a wider binding), so only a binding that is dropped everywhere is proved to leave no more, and only at a
 * place that was nobody's: of an element it takes the place from, the values would no longer be looked for in texts, nor
 * the signs in its record.
 */
function judgeBinding(before: RuleSet, after: RuleSet, a: unknown, b: unknown): Judged {
  if (b === undefined) return judged('looser', '落点被撤去或缩小', 'the binding is gone or narrower')
  const binding = b as { readonly element: string } & Selects
  if (a === undefined && droppedEverywhere(after, binding.element) && isNew(before, binding))
    return judged('tighter', '新落点在各策略中都删除', 'a new binding that every policy drops')
  return judged('looser', '新落点的处理无法证明比原先更严', 'a new binding: not proved to leave less than before')
}

type Selects = Pick<Binding, 'format' | 'key' | 'path' | 'pair'>

/** A key of JSON that no binding ended in, where all end in a key that can be read. */
function isNew(before: RuleSet, binding: Selects): boolean {
  const key = binding.pair === null && isJson(binding) ? nameOf(binding) : null
  if (key === null || PAIR_VALUES.has(key)) return false
  return before.bindings.every((b) => {
    const name = isJson(b) ? nameOf(b) : ''
    return name !== null && name !== key
  })
}

const isJson = ({ format }: Selects): boolean => format === null || format === 'json' || format === 'ndjson'

/** The key a place goes by, or the label of its pair; null: neither can be read. */
function nameOf(binding: Selects): string | null {
  const name = binding.pair ?? lastKey(binding)
  return name === null ? null : matchKey(name)
}

function drops(policy: Policy, element: Element): boolean {
  const cells = policy.cells.get(element.id) ?? []
  const always = cells.some((c) => c.when === null)
  const undecided = policy.undecided === null || policy.undecided.method === 'drop'
  return cells.every((c) => c.method === 'drop') && (always || undecided)
}
