/** Rules that protect nothing because they can never act: they look like protection to whoever reads them. */
import { reaches } from '../../choose.ts'
import { parseJsonPath } from '../../formats/json-path.ts'
import type { Element, Policy } from '../../model.ts'
import { AMBIGUOUS_KEYS, normalKey } from '../../normal-key.ts'
import { scoped } from '../selector-words.ts'
import { type Checks, nameOf } from './checks.ts'
import { overlaps } from './overlaps.ts'

export function checkNever(checks: Checks): void {
  for (const policy of checks.rules.policies) {
    checkFloors(checks, policy)
    checkConditions(checks, policy)
    checkOverlay(checks, policy)
  }
  checkAnywhere(checks)
}

/** A floor that keeps, or that no element can reach. */
function checkFloors(checks: Checks, policy: Policy): void {
  for (const floor of policy.floors) {
    if (floor.cell !== 'never-clear' && floor.cell.method === 'keep')
      checks.error(
        floor.at,
        'floor-keeps',
        { zh: '底线“保留”什么也不保护', en: 'a floor of `keep` protects nothing' },
        { zh: '不得明文，或 删除，如 控制级: 删除', en: 'never-clear, or drop, such as level-5: drop' },
      )
    // Content raises elements to level 5, so that floor always has something to reach.
    const some = checks.rules.elements.some((e) => reaches(floor, e, e.level))
    if (!some && 'level' in floor.target && floor.target.level < 5) never(checks, floor.at, NO_ELEMENT)
  }
}

const NO_ELEMENT = {
  zh: '没有数据元达到这一级别，底线永不生效',
  en: 'no element is of this level: the floor never acts',
}

/** A `when:` of an institution the policy is not for. */
function checkConditions(checks: Checks, policy: Policy): void {
  const { institutions } = policy.for
  if (institutions === null) return
  for (const cell of [...policy.cells.values()].flat()) {
    const named = cell.when?.institutions ?? null
    if (named === null || named.some((i) => institutions.includes(i))) continue
    checks.error(
      cell.at,
      'never-matches',
      {
        zh: `“条件”的机构不在策略“适用”的机构之中，此行永不生效`,
        en: 'the institutions of `when:` are none of those the policy is for: the line never acts',
      },
      { zh: `以下之一：${institutions.join('、')}`, en: `one of ${institutions.join(', ')}` },
    )
  }
}

/** An overlay only narrows what a base decides. */
function checkOverlay(checks: Checks, policy: Policy): void {
  if (policy.undecided !== null || policy.unknown !== null) return
  if (checks.rules.policies.some((p) => p.undecided !== null && overlaps(p, policy))) return
  checks.error(
    policy.at,
    'never-matches',
    {
      zh: '叠加策略没有与之重叠的基础策略，永不生效',
      en: 'an overlay no base policy overlaps with: it never acts',
    },
    { zh: '写明“未定处理”和“未登记”，或改“适用”', en: '`undecided` and `unknown`, or another `for:`' },
  )
}

/** `$..xm` and `$..[*].xm` are the bare key in another spelling: no name says in which object. */
function checkAnywhere(checks: Checks): void {
  for (const { path, at } of checks.rules.bindings) {
    const key = path?.startsWith('$') === true && path.includes('..') ? keyAnywhere(path) : ''
    const meanings = AMBIGUOUS_KEYS.get(key)
    if (meanings === undefined) continue
    checks.error(
      at,
      'ambiguous-key',
      { zh: `键“${key}”有多种含义（${meanings}）`, en: `the key "${key}" has several meanings (${meanings})` },
      scoped(key),
    )
  }
}

/** The key a path finds at any depth in objects it does not name; else ''. */
function keyAnywhere(path: string): string {
  const segments = parseJsonPath(path)
  if ('error' in segments) return ''
  const key = segments.at(-1)?.name ?? null
  const named = segments.slice(0, -1).findLastIndex((s) => s.name !== null || s.filter !== null)
  return key !== null && segments.slice(named + 1).some((s) => s.deep) ? normalKey(key) : ''
}

/** Cells of elements that sit nowhere; one with a detector acts on hits in texts. */
export function checkUnbound(checks: Checks): void {
  const bound = new Set(checks.rules.bindings.map((b) => b.element.id))
  for (const policy of checks.rules.policies)
    for (const [id, cells] of policy.cells) {
      const element: Element | undefined = checks.rules.elementById.get(id)
      const at = cells[0]?.at
      if (element === undefined || at === undefined || bound.has(id) || element.detect !== null) continue
      never(checks, at, {
        zh: `${nameOf(element).zh}没有任何落点，此行永不生效`,
        en: `${nameOf(element).en} is bound nowhere: the line never acts`,
      })
    }
}

function never(checks: Checks, at: Policy['at'], message: { zh: string; en: string }): void {
  checks.error(at, 'never-matches', message, {
    zh: 'bindings/ 中一个文件里的一行，写明它在何处；否则删去此行',
    en: 'a line in a file of bindings/ that says where it sits, else this line deleted',
  })
}

/** What is asked of an entry here. */
interface Reached {
  readonly id: string
  readonly roles: readonly string[]
  readonly requestPolicy: string | null
}

/** A `when:` of interfaces none of the policy's roles may call: the directory keeps the line from ever acting. */
export function checkReached(checks: Checks, policy: Policy, entries: readonly Reached[]): void {
  const { roles } = policy.for
  for (const cell of [...policy.cells.values()].flat()) {
    const named = entries.filter((e) => cell.when?.interfaces?.includes(e.id) === true)
    const reached = named.some(
      (e) => roles === null || e.requestPolicy === policy.id || e.roles.some((role) => roles.includes(role)),
    )
    if (named.length === 0 || reached) continue
    checks.error(
      cell.at,
      'never-matches',
      {
        zh: '“条件”的接口不许此策略的任何角色调用，此行永不生效',
        en: 'no role of this policy may call the interfaces of `when:`: the line never acts',
      },
      {
        zh: `允许 ${(roles ?? []).join('、')} 的接口`,
        en: `an interface that admits ${(roles ?? []).join(', ')}`,
      },
    )
  }
}
