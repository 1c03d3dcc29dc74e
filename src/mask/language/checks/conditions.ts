/** `when:` narrows a cell and may only tighten it. */
import { leavesOf } from '../../choose.ts'
import type { Cell, Element, Policy } from '../../model.ts'
import { levelOf, RAISES } from '../../raise.ts'
import { type Checks, line } from './checks.ts'
import { sameTreatment } from './overlaps.ts'

export function checkConditions(checks: Checks): void {
  for (const policy of checks.rules.policies)
    for (const [id, cells] of policy.cells) {
      const element = checks.rules.elementById.get(id)
      if (element !== undefined) checkCells(checks, policy, element, cells)
    }
}

function checkCells(checks: Checks, policy: Policy, element: Element, cells: readonly Cell[]): void {
  const base = cells.find((c) => c.when === null) ?? policy.undecided
  // An overlay's conditional cell alone can only tighten: the base's cell stays in the comparison.
  if (base === null) return
  for (const cell of cells) {
    if (cell.when === null || sameTreatment(cell, base)) continue
    if (cell.exception != null) {
      checkException(checks, element, cell, base)
      continue
    }
    const looser = RAISES.some((raise) => {
      const level = levelOf(element, raise)
      return leavesOf(cell, level, checks.methods) >= leavesOf(base, level, checks.methods)
    })
    if (looser)
      checks.error(
        cell.at,
        'when-loosens',
        {
          zh: `带“条件”的处理没有比 ${line(base.at)} 更严`,
          en: `the cell with \`when:\` leaves no less than ${line(base.at)}`,
        },
        {
          zh: '更严的处理，或在“条件”旁写 例外: { 批准: 12号, 到期: 2027-03-31 }',
          en: 'a treatment that leaves less, or beside `when:` exception: { approval: 12号, expires: 2027-03-31 }',
        },
      )
  }
}

/** An exception that loosens nothing says something the rules do not mean. */
function checkException(checks: Checks, element: Element, cell: Cell, base: Cell): void {
  const tighter = RAISES.every((raise) => {
    const level = levelOf(element, raise)
    return leavesOf(cell, level, checks.methods) < leavesOf(base, level, checks.methods)
  })
  if (tighter)
    checks.warn(
      cell.at,
      'exception-needless',
      { zh: `比 ${line(base.at)} 更严，不是例外`, en: `it leaves less than ${line(base.at)}: this is no exception` },
      { zh: '不写“例外”', en: 'no `exception:`' },
    )
}
