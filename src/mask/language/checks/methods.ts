/**
 * Where a method's own nature forbids its place: methods that write another value that looks real never stand where
 * care is given, and methods that are not idempotent do not meet an upstream that masks already.
 */
import type { Cell, Policy } from '../../model.ts'
import { type Checks, nameOf } from './checks.ts'
import { overlaps } from './overlaps.ts'

/** What is asked of an interface here; directory.ts has the rest of its facts. */
interface Facing {
  readonly id: string
  readonly roles: readonly string[]
  readonly lists?: boolean
  readonly maskedInput?: boolean
}

export function checkInvented(checks: Checks): void {
  const { policies } = checks.rules
  for (const policy of policies)
    if (policies.some((p) => p.directCare && (p === policy || overlaps(p, policy)))) checkInCare(checks, policy)
}

function checkInCare(checks: Checks, policy: Policy): void {
  for (const { cell, id } of cellsOf(policy)) {
    const method = checks.methods(cell.method)
    if (method?.invents !== true) continue
    const element = id === null ? undefined : checks.rules.elementById.get(id)
    const name = element === undefined ? { zh: '未定处理', en: 'undecided' } : nameOf(element)
    checks.error(
      cell.at,
      'care-invented',
      {
        zh: `直接诊疗中${name.zh}不得写成另一个看似真实的值（${method.zh}）`,
        en: `${method.name} would write another value that looks real for ${name.en}, where care is given`,
      },
      { zh: '保留、遮蔽或删除', en: 'keep, redact or drop' },
    )
  }
}

/** Of an interface whose upstream is a gateway itself: every cell that would mask a second time what it made the first. */
export function checkMaskedInput(checks: Checks, entry: Facing): void {
  if (entry.maskedInput !== true) return
  for (const policy of checks.rules.policies) {
    for (const cell of cellsFor(policy, entry)) {
      const method = checks.methods(cell.method)
      if (method === undefined || method.idempotent) continue
      checks.warn(
        cell.at,
        'not-idempotent',
        {
          zh: `接口“${entry.id}”的上游已脱敏，方法“${method.zh}”会再次改变其结果`,
          en: `the upstream of "${entry.id}" masks already, and ${method.name} changes its results once more`,
        },
        { zh: '幂等的方法，如假名、掩码、年份', en: 'an idempotent method such as pseudonym, mask or year' },
      )
    }
  }
}

/** aggregate has nothing to work on where an interface gives no list: its values are removed. */
export function checkLists(checks: Checks, entry: Facing): void {
  if (entry.lists !== false) return
  for (const policy of checks.rules.policies)
    for (const cell of cellsFor(policy, entry))
      if (cell.method === 'aggregate')
        checks.warn(
          cell.at,
          'aggregate-without-list',
          {
            zh: `接口“${entry.id}”不返回列表，汇总的值会被删除`,
            en: `"${entry.id}" gives no list, so what is to be aggregated is removed there`,
          },
          { zh: '行路径: $.data.list，或条件', en: 'rows: $.data.list, or a `when:`' },
        )
}

/** Cells a policy may apply to calls of an interface. */
function cellsFor(policy: Policy, entry: Facing): Cell[] {
  const { roles } = policy.for
  if (roles !== null && !roles.some((role) => entry.roles.includes(role))) return []
  return cellsOf(policy)
    .map(({ cell }) => cell)
    .filter((cell) => cell.when?.interfaces == null || cell.when.interfaces.includes(entry.id))
}

function cellsOf(policy: Policy): { readonly cell: Cell; readonly id: string | null }[] {
  const cells = [...policy.cells].flatMap(([id, list]) => list.map((cell) => ({ cell, id: id as string | null })))
  return policy.undecided === null ? cells : [...cells, { cell: policy.undecided, id: null }]
}
