/**
 * Clinical safety (domain.md 2.2, 3.4): roles in direct care never see a changed drug, dose, allergy, blood group, unit
 * or charge item, and see diagnoses clear. Outside direct care a level-5 element is never kept.
 */
import type { Position } from '../../../base/problem.ts'
import { choose, reaches, type Scene } from '../../choose.ts'
import type { Cell, Element, Policy, When } from '../../model.ts'
import { type Checks, nameOf } from './checks.ts'
import { overlaps } from './overlaps.ts'

// an order's text is drug and dose in one: 思密达 3g
const CLEAR_IN_CARE = [
  'diagnosis',
  'drug-name',
  'dose',
  'order-text',
  'allergy',
  'blood-group',
  'lab-unit',
  'charge-item',
] as const

export function checkCare(checks: Checks): void {
  const { policies } = checks.rules
  for (const policy of policies) {
    checkLevel5(checks, policy)
    if (policy.directCare)
      for (const other of policies) if (other === policy || overlaps(policy, other)) checkClear(checks, other)
  }
}

function checkClear(checks: Checks, policy: Policy): void {
  for (const id of CLEAR_IN_CARE) {
    const element = checks.rules.elementById.get(id)
    if (element === undefined) continue
    for (const cell of treatments(policy, element)) {
      if (cell.method === 'keep') continue
      checks.error(
        cell.at,
        'care-changed',
        {
          zh: `直接诊疗中${nameOf(element).zh}不得改变`,
          en: `${nameOf(element).en} must stay as it is in direct care`,
        },
        { zh: `${element.zh}: 保留`, en: `${element.id}: keep` },
      )
    }
  }
}

/** Every treatment a policy itself has for an element of unraised level: cells, `undecided` where none holds everywhere, floors. */
function treatments(policy: Policy, element: Element): Pick<Cell, 'method' | 'at'>[] {
  const cells: Pick<Cell, 'method' | 'at'>[] = [...(policy.cells.get(element.id) ?? [])]
  const always = policy.cells.get(element.id)?.some((c) => c.when === null) === true
  if (!always && policy.undecided !== null) cells.push({ method: policy.undecided.method, at: policy.undecided.at })
  for (const floor of policy.floors)
    if (reaches(floor, element, element.level))
      cells.push({ method: floor.cell === 'never-clear' ? 'redact' : floor.cell.method, at: floor.at })
  return cells
}

/** Of level 5 nothing is kept outside direct care, and there only by a policy that quotes its approval. */
function checkLevel5(checks: Checks, policy: Policy): void {
  if (policy.undecided === null || (policy.directCare && policy.basis !== null)) return
  for (const element of checks.rules.elements) {
    if (element.level < 5) continue
    for (const at of keptAt(checks, policy, element))
      if (policy.directCare)
        checks.error(
          at,
          'keep-level-5',
          {
            zh: `控制级的${nameOf(element).zh}要保留，策略须写明批准`,
            en: `${nameOf(element).en} is of level 5: a policy that keeps it names its approval`,
          },
          { zh: `依据: 文号，或 ${element.zh}: 删除`, en: `basis: NUMBER, or ${element.id}: drop` },
        )
      else
        checks.error(
          at,
          'keep-level-5',
          {
            zh: `控制级的${nameOf(element).zh}在直接诊疗之外不得保留`,
            en: `${nameOf(element).en} is of level 5 and must not be kept outside direct care`,
          },
          { zh: `${element.zh}: 删除`, en: `${element.id}: drop` },
        )
  }
}

/** The lines that keep an element, in calls no condition names and in those of each condition. */
function keptAt(checks: Checks, policy: Policy, element: Element): readonly Position[] {
  const scenes = (policy.cells.get(element.id) ?? []).flatMap(({ when }) => (when === null ? [] : [sceneOf(when)]))
  const kept = [NOWHERE, ...scenes].flatMap((scene) => {
    const { method, why } = choose(element, 0, [policy], scene, checks.methods)
    return checks.methods(method)?.name === 'keep' && why.at !== null ? [why.at] : []
  })
  return [...new Set(kept)]
}

const sceneOf = ({ interfaces, institutions, purposes }: When): Scene => ({
  interfaceId: interfaces?.[0] ?? '',
  institution: institutions?.[0] ?? '',
  purpose: purposes?.[0] ?? null,
})

const NOWHERE: Scene = { interfaceId: '', institution: '', purpose: null }
