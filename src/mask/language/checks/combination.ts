/**
 * X39: the digits a masked resident ID still shows, together with the birth date the same policy leaves, must not give
 * the number back (domain.md 2.3, combination trap). Methods are asked by example, so that no parameter is read twice.
 */
import type { Cell, Element, Policy } from '../../model.ts'
import type { Effects } from '../../transforms/transform.ts'
import { type Checks, line } from './checks.ts'

const MIN_UNKNOWN_DIGITS = 4
const ID_LENGTH = 18
/** Digits 7 to 14 of a resident ID are the birth date YYYYMMDD (GB 11643). */
const BIRTH_AT = 6

// Invented numbers (domain.md 10) that differ wherever they can: a digit shown in both is shown always.
const SAMPLES = [
  { id: '500103199003070025', birth: '1990-03-07' },
  { id: '110105198512310016', birth: '1985-12-31' },
] as const

export function checkCombination(checks: Checks): void {
  const resident = checks.rules.elementById.get('resident-id')
  const birth = checks.rules.elementById.get('birth-date')
  if (resident === undefined || birth === undefined) return
  for (const policy of checks.rules.policies) {
    const [idCells, birthCells] = [alternatives(policy, resident), alternatives(policy, birth)]
    for (const idCell of idCells)
      for (const birthCell of birthCells) checkPair(checks, resident, idCell, birth, birthCell)
  }
}

/** Where every cell has a condition, `undecided` holds in all other calls. */
function alternatives(policy: Policy, element: Element): readonly Cell[] {
  const cells = policy.cells.get(element.id) ?? []
  return policy.undecided === null || cells.some((c) => c.when === null) ? cells : [...cells, policy.undecided]
}

function checkPair(checks: Checks, resident: Element, idCell: Cell, birth: Element, birthCell: Cell): void {
  const shown = visibleDigits(checks, resident, idCell)
  // A number kept whole hides nothing that could be given back.
  if (shown.size === 0 || shown.size === ID_LENGTH) return
  const known = birthDigits(checks, birth, birthCell)
  for (let i = 0; i < known; i++) shown.add(BIRTH_AT + i)
  const unknown = ID_LENGTH - shown.size
  if (unknown >= MIN_UNKNOWN_DIGITS) return
  checks.error(
    idCell.at,
    'combination',
    {
      zh: `这里露出的身份证号数字加上 ${line(birthCell.at)} 保留的出生日期，18 位中只剩 ${unknown} 位未知`,
      en: `the digits of "resident-id" shown here and the birth date left at ${line(birthCell.at)} leave only ${unknown} of 18 digits unknown`,
    },
    {
      zh: `至少 ${MIN_UNKNOWN_DIGITS} 位未知：这里少露几位（如 保留: 1+2），或少留出生日期（出生日期: 年份）`,
      en: `at least ${MIN_UNKNOWN_DIGITS} unknown digits: show fewer here (keep: 1+2), or leave less of the birth date (birth-date: year)`,
    },
  )
}

/** Places of the number that are shown of both samples; where its length is hidden, those at its beginning and its end. */
function visibleDigits(checks: Checks, element: Element, cell: Cell): Set<number> {
  const shown = new Set<number>()
  const outputs = SAMPLES.map((s) => trial(checks, element, cell, s.id))
  if (outputs.some((o) => o === null)) return shown
  const isShown = (n: number, i: number): boolean => {
    const [output, id] = [outputs[n]!, SAMPLES[n]!.id]
    return output.length === ID_LENGTH
      ? output[i] === id[i]
      : output.startsWith(id.slice(0, i + 1)) || output.endsWith(id.slice(i))
  }
  for (let i = 0; i < ID_LENGTH; i++) if (SAMPLES.every((_, n) => isShown(n, i))) shown.add(i)
  return shown
}

/** How many digits of YYYYMMDD the birth date leaves: 8, 6, 4 or 0. */
function birthDigits(checks: Checks, element: Element, cell: Cell): number {
  const counts = SAMPLES.map((s) => {
    const result = trial(checks, element, cell, s.birth)
    if (result === null) return 0
    return result.includes(s.birth)
      ? 8
      : result.includes(s.birth.slice(0, 7))
        ? 6
        : result.includes(s.birth.slice(0, 4))
          ? 4
          : 0
  })
  return Math.min(...counts)
}

function trial(checks: Checks, element: Element, cell: Cell, value: string): string | null {
  const method = checks.methods(cell.method)
  if (method === undefined) return null
  const place = { element, namespace: '', subject: null, role: 'whole', companion: null } as const
  return method.prepare(cell.params, element, NO_EFFECTS).apply(value, place)
}

const NO_EFFECTS: Effects = {
  today: () => '2026-11-21',
  pseudonym: () => 'P',
  isOwnToken: () => false,
  term: () => null,
  keyed: { hash: () => 'H', isOwnHash: () => false, draw: () => 0, seal: () => 'E', randomId: () => 'R' },
}
