/**
 * Policies that can hold for one call at the same time (their `for:` overlaps within a role): of two treatments the one
 * that leaves less wins, so two that leave the same and differ are an error naming both lines.
 */
import { canonicalJson } from '../../../base/canonical.ts'
import { leavesOf } from '../../choose.ts'
import type { Cell, Element, Policy } from '../../model.ts'
import { levelOf, RAISES } from '../../raise.ts'
import { type Checks, line, nameOf } from './checks.ts'

export function checkOverlaps(checks: Checks): void {
  for (const [a, b] of overlappingPairs(checks.rules.policies)) comparePair(checks, a, b)
}

export function overlappingPairs(policies: readonly Policy[]): [Policy, Policy][] {
  const pairs: [Policy, Policy][] = []
  for (let i = 0; i < policies.length; i++)
    for (let j = i + 1; j < policies.length; j++)
      if (overlaps(policies[i]!, policies[j]!)) pairs.push([policies[i]!, policies[j]!])
  return pairs
}

export function overlaps(a: Policy, b: Policy): boolean {
  return (['roles', 'scenarios', 'institutions'] as const).every((key) => {
    const [left, right] = [a.for[key], b.for[key]]
    return left === null || right === null || left.some((v) => right.includes(v))
  })
}

function comparePair(checks: Checks, a: Policy, b: Policy): void {
  const told = new Set<string>()
  for (const element of checks.rules.elements)
    for (const x of cellsFor(a, element))
      for (const y of cellsFor(b, element)) {
        const id = `${x.at.line}:${x.at.col} ${y.at.line}:${y.at.col}`
        if (told.has(id) || !undecidable(checks, element, x, y)) continue
        told.add(id)
        checks.error(
          y.at,
          'equal-treatment',
          {
            zh: `${nameOf(element).zh}与 ${line(x.at)} 的处理不同而同样严格，两个策略可同时适用`,
            en: `the treatment of ${nameOf(element).en} differs from ${line(x.at)} and leaves as much; both policies can hold at once`,
          },
          { zh: '两处写成一样，或一处更严', en: 'the same treatment in both, or one that leaves less' },
        )
      }
}

const cellsFor = (policy: Policy, element: Element): readonly Cell[] => {
  const cells = policy.cells.get(element.id)
  if (cells?.some((c) => c.when === null)) return cells
  return [...(cells ?? []), ...(policy.undecided === null ? [] : [policy.undecided])]
}

function undecidable(checks: Checks, element: Element, x: Cell, y: Cell): boolean {
  if (sameTreatment(x, y)) return false
  return RAISES.some((raise) => {
    const level = levelOf(element, raise)
    return leavesOf(x, level, checks.methods) === leavesOf(y, level, checks.methods)
  })
}

export const sameTreatment = (a: Pick<Cell, 'method' | 'params'>, b: Pick<Cell, 'method' | 'params'>): boolean =>
  a.method === b.method && canonicalJson(a.params) === canonicalJson(b.params)
