/** Names that point at nothing, and floors that overrule their own policy. */
import { leavesOf, reaches } from '../../choose.ts'
import type { Cell, Element, Policy } from '../../model.ts'
import { type Checks, line } from './checks.ts'

export function checkNames(checks: Checks): void {
  for (const policy of checks.rules.policies) {
    for (const cell of allCells(policy)) checkDictionary(checks, cell)
    for (const [id, cells] of policy.cells) {
      const element = checks.rules.elementById.get(id)
      if (element === undefined) continue
      for (const cell of cells) checkFloors(checks, policy, element, cell)
    }
  }
}

const allCells = (policy: Policy): Cell[] => [
  ...[...policy.cells.values()].flat(),
  ...policy.floors.flatMap((f) => (f.cell === 'never-clear' ? [] : [f.cell])),
  ...(policy.undecided === null ? [] : [policy.undecided]),
]

function checkDictionary(checks: Checks, cell: Cell): void {
  const { dictionaries } = checks.rules
  const named = [cell.params['dictionary']].flat().find((name) => typeof name === 'string' && !dictionaries.has(name))
  if (named === undefined) return
  const known = [...dictionaries.keys()]
  checks.error(
    cell.at,
    'unknown-dictionary',
    { zh: `没有脱敏字典“${named}”`, en: `there is no dictionary "${named}"` },
    { zh: `以下之一：${known.join('、')}`, en: `one of ${known.join(', ')}` },
  )
}

function checkFloors(checks: Checks, policy: Policy, element: Element, cell: Cell): void {
  for (const floor of policy.floors) {
    if (!reaches(floor, element, element.level)) continue
    const least = leavesOf(cell, element.level, checks.methods)
    const loose =
      floor.cell === 'never-clear'
        ? least >= element.level
        : least > leavesOf(floor.cell, element.level, checks.methods)
    if (loose)
      checks.warn(
        cell.at,
        'floor-overrules',
        { zh: `此行被 ${line(floor.at)} 的底线取代`, en: `the floor at ${line(floor.at)} overrules this line` },
        { zh: '不松于底线的处理', en: 'a treatment no looser than the floor' },
      )
  }
}
