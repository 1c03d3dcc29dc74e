/**
 * Which policies a call falls under and what they make of every element (rules-language.md: Order of decision, Which
 * policies, Record, Direction). Everything is decided here, once per plan; the engine only looks up.
 */
import { type Chosen, choose, firstExpiry, isOver, type MethodLookup, type Scene } from './choose.ts'
import { hasShape } from './kinds.ts'
import type { Element, Policy, RuleSet, UnknownTreatment } from './model.ts'
import type { Decision, Interest, Plan, PlanRequest, Raise, Why } from './plan.ts'
import { RAISES } from './raise.ts'
import { methodByName } from './transforms/index.ts'
import type { Bound, Effects } from './transforms/transform.ts'

/** Everything of a plan but its reader and what the payload's place adds. */
export type Decisions = Pick<
  Plan,
  | 'rules'
  | 'format'
  | 'unknown'
  | 'decide'
  | 'levelSearch'
  | 'dropRaised'
  | 'needsSubject'
  | 'needsOwner'
  | 'aggregates'
  | 'needsText'
  | 'keepsAll'
  | 'policies'
  | 'uncontrolled'
  | 'lastDay'
  | 'effects'
  | 'provider'
> & { readonly interest: Interest }

/** The policies of a call: the one an entry names for its requests, else all whose `for:` matches. */
export function policiesOf(rules: RuleSet, request: PlanRequest): Policy[] {
  const found =
    request.policy === null
      ? rules.policies.filter((p) => matches(p, request))
      : rules.policies.filter((p) => p.id === request.policy)
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function matches(policy: Policy, request: PlanRequest): boolean {
  const { roles, scenarios, institutions } = policy.for
  return (
    (roles === null || roles.includes(request.role)) &&
    (scenarios === null || (request.scenario !== null && scenarios.includes(request.scenario))) &&
    (institutions === null || institutions.includes(request.institution))
  )
}

/**
 * Null when no policy applies, or only overlays, which decide nothing on their own: ROLE_DENIED.
 * Throws Error when a cell names a method that does not exist: rules are checked at load.
 */
export function compileDecisions(
  rules: RuleSet,
  request: PlanRequest,
  effects: Effects,
  methods: MethodLookup = methodByName,
): Decisions | null {
  const policies = policiesOf(rules, request)
  const bases = policies.filter((p) => p.undecided !== null && p.unknown !== null)
  if (bases.length === 0) return null
  const today = effects.today()
  const unknown = strictestUnknown(bases, today)
  const judgesKind = judgesKinds(bases, unknown.treatment)
  const prepare = preparer(effects, methods, judgesKind)
  const residentId = rules.elements.find((e) => e.detect === 'resident-id') ?? null
  const table = RAISES.map((raise) => {
    const row = rules.elements.map((element): Decision => {
      const chosen = decideOne(element, raise, policies, { ...request, today }, methods)
      const bound = prepare(chosen, element)
      return { bound, why: chosen.why, keepByKind: judgesKind && bound.keeps && hasShape(element) }
    })
    if (residentId === null || row[residentId.index]!.bound.keeps) return row
    return row.map((decision, i) =>
      decision.bound.keeps && isNumberOfAnother(rules.elements[i]!) ? { ...decision, holding: residentId } : decision,
    )
  })
  return { ...assemble(rules, request, effects, policies, unknown, table), lastDay: firstExpiry(policies, today) }
}

/** A resource's id is an address: it must stay what references and later calls say. */
const isNumberOfAnother = ({ kind, id }: Element): boolean => kind === 'identifier' && id !== 'resource-id'

function decideOne(
  element: Element,
  raise: Raise,
  policies: readonly Policy[],
  request: PlanRequest & Scene,
  methods: MethodLookup,
): Chosen {
  // A masked request is a copy for its receiver: what it points at must stay found.
  if (element.id === 'resource-id' && request.direction === 'request')
    return { method: 'keep', params: {}, why: { source: 'structure', policy: null, at: null } }
  return choose(element, raise, policies, request, methods)
}

/**
 * Is a value that is kept held against its element's kind? What is not of it falls back to `unknown`: with `unknown: keep`
 * the value stays either way.
 */
export const judgesKinds = (bases: readonly Policy[], unknown: UnknownTreatment): boolean =>
  unknown !== 'keep' && !bases.every((p) => p.directCare)

/** One prepared method per element and cell, shared by all raises. */
function preparer(
  effects: Effects,
  methods: MethodLookup,
  judgesKind: boolean,
): (chosen: Chosen, element: Element) => Bound {
  const known = new Map<string, Bound>()
  return (chosen, element) => {
    const id = `${element.index} ${chosen.method} ${JSON.stringify(chosen.params)}`
    let bound = known.get(id)
    if (bound === undefined) {
      const method = methods(chosen.method)
      if (method === undefined) throw new Error(`no method ${chosen.method}`)
      known.set(id, (bound = method.prepare(chosen.params, element, effects, judgesKind)))
    }
    return bound
  }
}

/** loosest first */
export const STRICTNESS: readonly UnknownTreatment[] = ['keep', 'scrub', 'codes-only', 'redact', 'drop', 'withhold']

/** `keep` past its last day is no approval any more. */
export function strictestUnknown(bases: readonly Policy[], today?: string): Plan['unknown'] {
  let found: Plan['unknown'] | null = null
  for (const p of bases) {
    const written = p.unknown!.treatment
    const treatment = written === 'keep' && isOver(p.unknown, today) ? 'redact' : written
    if (found !== null && STRICTNESS.indexOf(treatment) <= STRICTNESS.indexOf(found.treatment)) continue
    found = { treatment, why: { source: 'unknown', policy: p.id, at: p.unknown!.at } satisfies Why }
  }
  return found!
}

/** Does it ask for the value? */
const isJudged = ({ bound, keepByKind, holding }: Decision): boolean => !bound.keeps || keepByKind || holding != null

function assemble(
  rules: RuleSet,
  request: PlanRequest,
  effects: Effects,
  policies: readonly Policy[],
  unknown: Plan['unknown'],
  table: readonly (readonly Decision[])[],
): Decisions {
  const calm = table[0]!
  const all = table.flat()
  const touches = rules.elements.map((e) => table.some((row) => isJudged(row[e.index]!)))
  const asked = rules.elements.map((e) => table.every((row) => row[e.index]!.bound.keeps && !row[e.index]!.keepByKind))
  const dropRaised = policies.some((p) =>
    p.floors.some((f) => f.cell !== 'never-clear' && f.cell.method === 'drop' && 'level' in f.target),
  )
  const levelSearch = dropRaised || table.some((row) => row.some((d, i) => d.bound !== calm[i]!.bound))
  const subjectElement = rules.elementById.get('person-name')
  const needsSubject =
    subjectElement !== undefined && table.some((row) => row[subjectElement.index]!.bound.method.name === 'pseudonym')
  const needsText =
    unknown.treatment === 'scrub' ||
    unknown.treatment === 'codes-only' ||
    all.some((d) => d.bound.method.prose === true || d.bound.params['otherwise'] === 'keep')
  // Of a row that stands for a group everything else goes, so everything must be seen.
  const aggregates = all.some((d) => d.bound.aggregate !== undefined)
  const needsOwner = all.some((d) => d.bound.method.needsOwner === true)
  return {
    rules,
    format: request.format,
    unknown,
    decide: (element, raise) => table[raise]![element.index]!,
    levelSearch,
    dropRaised,
    needsSubject,
    needsOwner,
    aggregates,
    needsText,
    keepsAll: unknown.treatment === 'keep' && !levelSearch && all.every((d) => d.bound.keeps && !d.keepByKind),
    policies: policies.map((p) => p.id),
    uncontrolled: unknown.treatment === 'keep',
    effects,
    provider: request.provider,
    interest: {
      element: (element) => aggregates || touches[element.index]!,
      asked: (element) => !aggregates && asked[element.index]!,
      unknown: aggregates || unknown.treatment !== 'keep',
      levelSearch,
      subject: needsSubject || needsOwner,
      owner: needsOwner,
    },
  }
}
