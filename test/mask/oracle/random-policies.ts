/** Policies of any making: every method that fits the kind, with parameters, conditions, overlays, floors. All compile. */
import assert from 'node:assert/strict'
import { compileRules, type RuleSet } from '../../../src/mask/index.ts'
import type { Element } from '../../../src/mask/model.ts'
import { METHODS } from '../../../src/mask/transforms/index.ts'
import { SHIPPED, shippedFiles } from '../attacks/fixture.ts'

export type Pick = (n: number) => number

interface Written {
  readonly path: string
  readonly head: readonly string[]
  /** lines of cells by element; a line the compiler refuses is taken back to `drop` */
  readonly cells: Map<string, string>
}

const one = <T>(pick: Pick, from: readonly T[]): T => from[pick(from.length)]!
const dictionaries = ['diagnosis', 'procedure', 'generic-name', 'symptom', 'lab-item']

/** Parameters as a member list, or nothing where the method is good without. */
const PARAMS: Readonly<Record<string, (pick: Pick) => string>> = {
  mask: (p) => one(p, ['', `keep: ${p(4)}+${p(4)}`, `keep: 0+${1 + p(3)}, length: same`, 'char: X', 'length: fixed']),
  fixed: (p) => `text: ${one(p, ['已隐藏', 'hidden', '●'])}`,
  'mask-range': (p) => `from: ${1 + p(3)}, to: ${5 + p(6)}`,
  'keep-range': (p) => `from: ${1 + p(2)}, to: ${3 + p(2)}`,
  'mask-ends': (p) => `first: ${3 + p(4)}, last: ${3 + p(4)}`,
  'mask-before': (p) => `mark: "${one(p, ['@', '之', '-'])}"`,
  'mask-after': (p) => `mark: "${one(p, ['@', '市', '-'])}"`,
  truncate: (p) => `keep: ${one(p, ['city', 'province'])}`,
  region: (p) => `keep: ${one(p, ['city', 'province'])}`,
  'age-band': (p) => `width: ${one(p, [5, 10])}`,
  'date-shift': (p) => `days: ${7 + p(90)}, clock: ${one(p, ['keep', 'drop'])}`,
  substitute: (p) =>
    `dictionary: ${one(p, dictionaries)}, otherwise: ${one(p, ['redact', 'drop', 'category-code', 'keep'])}, with-code: ${p(2) === 0}`,
  scrub: (p) => (p(2) === 0 ? '' : `dictionary: ${one(p, dictionaries)}`),
  'codes-only': (p) => (p(2) === 0 ? '' : `dictionary: [${one(p, dictionaries)}]`),
  pseudonym: (p) => one(p, ['', 'scope: pair', 'scope: dataset']),
  hash: (p) => one(p, ['', 'algorithm: sm3', 'scope: pair']),
  'random-id': (p) => `dataset: ${one(p, ['this-project', 'registry'])}`,
  encrypt: (p) => one(p, ['', 'cipher: sm4']),
  round: (p) => one(p, ['places: 1', 'places: 0', 'digits: 2']),
  noise: (p) => one(p, ['amount: 2', 'percent: 10']),
}

/** aggregate makes another document of a list: what stands where is its own test's. */
const APART = new Set(['aggregate'])

function cellFor(pick: Pick, element: Element, again: boolean): string {
  if (element.level === 5) return 'drop'
  if (pick(4) === 0) return 'keep'
  const good = METHODS.filter((m) => m.kinds.includes(element.kind) && !APART.has(m.name) && (m.idempotent || !again))
  const method = one(
    pick,
    element.id === 'resource-id' ? good.filter((m) => m.references && m.name !== 'random-id') : good,
  ).name
  const params = PARAMS[method]?.(pick) ?? ''
  return params === '' ? method : `{ method: ${method}, ${params} }`
}

/** A cell, or two: one that holds everywhere and a stricter one on a condition. */
function lineFor(pick: Pick, element: Element, again: boolean): string {
  const cell = cellFor(pick, element, again)
  if (pick(12) !== 0) return cell
  const when = one(pick, [
    'interfaces: [attacks]',
    'institutions: [county]',
    'purposes: [quality]',
    'interfaces: [other]',
  ])
  return `[ ${cell}, { method: drop, when: { ${when} } } ]`
}

function writePolicy(pick: Pick, role: string, overlay: boolean, again: boolean): Written {
  const cells = new Map<string, string>()
  for (const element of SHIPPED.elements)
    if ((pick(overlay ? 8 : 5) !== 0) === !overlay) cells.set(element.id, lineFor(pick, element, again))
  const care = !overlay && pick(5) === 0
  const head = [
    `policy: ${overlay ? `${role}-overlay` : role}`,
    'basis: test',
    'owner: test',
    'review: 2099-01-01',
    care ? `direct-care: true\nfor: { roles: [${role}], scenarios: [treatment] }` : `for: { roles: [${role}] }`,
  ]
  const floors = [
    ...(pick(4) === 0 ? ['level-5: drop'] : []),
    ...(pick(3) === 0 ? [`${one(pick, ['identity-documents', 'contact', 'local-numbers'])}: never-clear`] : []),
  ]
  if (floors.length > 0) head.push(`floors: { ${floors.join(', ')} }`)
  if (!overlay) {
    const unknown = ['codes-only', 'redact', 'drop', care ? 'scrub' : 'drop']
    head.push(`undecided: ${care ? 'keep' : one(pick, ['drop', 'redact'])}`, `unknown: ${one(pick, unknown)}`)
    if (care) for (const id of CARE_CLEAR) cells.delete(id)
    if (care) for (const { id, level } of SHIPPED.elements) if (level === 5) cells.set(id, 'drop')
  }
  return { path: `policies/${overlay ? `${role}-overlay` : role}.yaml`, head, cells }
}

/** clinical safety is a rule of its own: such cells are refused in care */
const CARE_CLEAR = ['diagnosis', 'drug-name', 'dose', 'order-text', 'allergy', 'blood-group', 'lab-unit', 'charge-item']

const textOf = ({ head, cells }: Written): string =>
  [...head, cells.size === 0 ? 'elements: {}' : 'elements:', ...[...cells].map(([id, c]) => `  ${id}: ${c}`), ''].join(
    '\n',
  )

/**
 * `roles` policies, a third with an overlay, over the shipped elements, bindings and dictionaries.
 * @param again only methods that may meet their own results
 */
export function randomRules(pick: Pick, roles: readonly string[], again = false): RuleSet {
  const written = roles.flatMap((role) => [
    writePolicy(pick, role, false, again),
    ...(pick(3) === 0 ? [writePolicy(pick, role, true, again)] : []),
  ])
  const shipped = shippedFiles().filter((f) => !f.path.startsWith('policies/'))
  for (let round = 0; round < 30; round++) {
    const { rules, problems } = compileRules([...shipped, ...written.map((w) => ({ path: w.path, text: textOf(w) }))])
    if (rules !== null) return rules
    for (const problem of problems.filter((p) => p.severity === 'error'))
      takeBack(written, problem.file, problem.line, round > 15)
  }
  throw new Error('the policies do not compile')
}

function takeBack(written: readonly Written[], file: string, line: number, giveUp: boolean): void {
  const policy = written.find((w) => w.path === file)
  assert.ok(policy, `a problem outside the random policies: ${file}`)
  if (giveUp) {
    const role = file.replace(/-overlay|\.yaml/g, '')
    for (const w of written) if (w.path.startsWith(`${role}.`) || w.path.startsWith(`${role}-`)) w.cells.clear()
    return
  }
  const text = textOf(policy).split('\n')
  const id = /^ {2}([a-z-]+):/.exec(text[line - 1] ?? '')?.[1]
  const next = { drop: 'redact', redact: 'keep', keep: undefined }
  const cell = policy.cells.get(id ?? '')
  const other = cell !== undefined && cell in next ? next[cell as keyof typeof next] : 'drop'
  if (id !== undefined && other !== undefined) policy.cells.set(id, other)
  else policy.cells.clear()
}
