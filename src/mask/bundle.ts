/**
 * The canonical form of a rules folder and its hash: what a call record names and approvers sign. It is made from what
 * was read, never from the text, so the order of lines, comments, the language and the spread over files do not change
 * it, and any change of meaning does.
 */
import { asSet } from '../base/canonical.ts'
import { asSetSteps, canonicalHashSteps } from '../base/canonical-steps.ts'
import { finish, type Steps } from '../base/steps.ts'
import { digestOf } from './dictionary/digest.ts'
import type { RuleTestFile } from './language/read-tests.ts'
import type { Binding, Cell, Dictionary, Element, Floor, Policy, RuleSet, When } from './model.ts'

/** Plain JSON values, one a core (`mask`, `access`, `anomaly`), each in canonical order where order has no meaning. */
export type BundleParts = Readonly<Record<string, unknown>>

/** `sha256:` and 64 hex digits */
export const hashBundle = (parts: BundleParts): string => finish(hashSteps(parts))

/** The same in steps. */
export function* hashSteps(parts: BundleParts): Steps<string> {
  return `sha256:${yield* canonicalHashSteps({ version: 1, parts })}`
}

/**
 * Another core's compiled values as a part: places (`at`) left out, maps by key, and every list taken as a set. For
 * cores whose lists are sets (roles, networks, parameters) and whose values are plain otherwise.
 */
export function setPart(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), setPart(item)]))
  if (value instanceof Set || Array.isArray(value)) return asSet([...value].map(setPart))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'at')
      .map(([key, item]) => [key, setPart(item)]),
  )
}

/** The mask core's part of a bundle. Tests belong to it: weakening one is a change somebody must see. */
export const maskPart = (rules: RuleSet, tests: readonly RuleTestFile[]): unknown => finish(maskSteps(rules, tests))

/** The same in steps. */
export function* maskSteps(rules: RuleSet, tests: readonly RuleTestFile[]): Steps<unknown> {
  const bindings = yield* asSetSteps(rules.bindings.map(bindingPart))
  return {
    elements: Object.fromEntries(rules.elements.map((e) => [e.id, elementPart(e)])),
    bindings,
    policies: Object.fromEntries(rules.policies.map((p) => [p.id, policyPart(p)])),
    dictionaries: Object.fromEntries([...rules.dictionaries.values()].map((d) => [d.id, dictionaryPart(d)])),
    tests: asSet(tests.flatMap(testParts)),
  }
}

const elementPart = ({ zh, kind, level, group, local, detect, sign }: Element) => ({
  zh,
  kind,
  level,
  group,
  local,
  detect,
  sign,
})

/** Members in the order of their names, which is the order of the canonical form. */
const bindingPart = (b: Binding) => ({
  element: b.element.id,
  format: b.format,
  interface: b.interfaceId,
  key: b.key,
  pair: b.pair,
  path: b.path,
  within: b.within,
})

const policyPart = (p: Policy) => ({
  basis: p.basis,
  owner: p.owner,
  review: p.review,
  directCare: p.directCare,
  for: {
    roles: setOrNull(p.for.roles),
    scenarios: setOrNull(p.for.scenarios),
    institutions: setOrNull(p.for.institutions),
  },
  floors: asSet(p.floors.map(floorPart)),
  cells: Object.fromEntries([...p.cells].map(([id, cells]) => [id, asSet(cells.map(cellPart))])),
  undecided: p.undecided === null ? null : cellPart(p.undecided),
  unknown:
    p.unknown === null
      ? null
      : { treatment: p.unknown.treatment, approval: p.unknown.approval ?? null, expires: p.unknown.expires ?? null },
})

const floorPart = (f: Floor) => ({ target: f.target, cell: f.cell === 'never-clear' ? f.cell : cellPart(f.cell) })

const cellPart = (c: Cell) => ({
  method: c.method,
  params: c.params,
  when: c.when === null ? null : whenPart(c.when),
  ...(c.exception == null ? {} : { exception: c.exception }),
})

const whenPart = (w: When) => ({
  interfaces: setOrNull(w.interfaces),
  institutions: setOrNull(w.institutions),
  purposes: setOrNull(w.purposes),
})

/** A digest of its own: a dictionary may have 100,000 rows, and is hashed in slices before a bundle is made of it. */
const dictionaryPart = (d: Dictionary): string => digestOf(d)

const testParts = (file: RuleTestFile) =>
  file.tests.map(({ at: _at, expect, ...test }) => ({
    policy: file.policy,
    ...test,
    expect: Object.fromEntries(expect.map((e) => [e.element.id, e.want])),
  }))

const setOrNull = (items: readonly string[] | null): string[] | null => (items === null ? null : asSet(items))
