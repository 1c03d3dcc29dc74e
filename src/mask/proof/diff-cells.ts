/**
 * What two rule sets make of every element for every caller either of them can tell apart: the decided treatments are
 * compared, not the lines, so that overlays, floors, `for:` and `when:` count as they act.
 */
import { canonicalJson } from '../../base/canonical.ts'
import { type Chosen, choose, leavesOf, type MethodLookup, type Scene } from '../choose.ts'
import type { Element, Policy, RuleSet } from '../model.ts'
import type { PlanRequest, Raise } from '../plan.ts'
import { judgesKinds, STRICTNESS, strictestUnknown } from '../policy.ts'
import { levelOf, RAISES } from '../raise.ts'
import { type Admitted, type Caller, callersOf, namesOf, OTHER, policiesFor, requestOf } from './columns.ts'
import type { Treatment } from './coverage.ts'
import { type Judged, judged, together, type Verdict } from './verdict.ts'

export interface CellChange extends Judged {
  /** null = `unknown`, what becomes of scalars no binding knows */
  readonly element: string | null
  /** callers it holds for, as the matrix names them; `policy:ID` = requests an entry masks by that policy */
  readonly callers: readonly string[]
  /** how far content raised the record */
  readonly raised: 'no' | 'level-5' | 'minor' | 'both'
  /** an interface named in `when:`; null = everywhere */
  readonly interfaceId: string | null
  /** null = the call is refused */
  readonly before: Treatment | null
  readonly after: Treatment | null
  /** policies that took part on either side */
  readonly policies: readonly string[]
}

/** One caller under both rule sets. */
interface Pair {
  readonly caller: Caller
  readonly name: string
  readonly before: readonly Policy[]
  readonly after: readonly Policy[]
}

export interface CellDiffOptions {
  readonly admitted?: readonly Admitted[]
  /** policies that entries name for their requests */
  readonly requestPolicies?: readonly string[]
  readonly methods: MethodLookup
}

export function diffCells(before: RuleSet, after: RuleSet, options: CellDiffOptions): CellChange[] {
  const found = new Map<string, CellChange & { callers: string[] }>()
  const add = (change: CellChange): void => {
    const { callers, ...rest } = change
    const key = canonicalJson(JSON.parse(JSON.stringify(rest)) as unknown)
    const known = found.get(key)
    if (known === undefined) found.set(key, { ...change, callers: [...callers] })
    else if (!known.callers.includes(callers[0]!)) known.callers.push(callers[0]!)
  }
  for (const pair of pairsOf(before, after, options)) {
    for (const change of [diffUnknown(pair), diffKinds(pair)]) if (change !== null) add(change)
    for (const scene of scenesOf(pair))
      for (const element of before.elements) {
        const twin = after.elementById.get(element.id)
        if (twin === undefined) continue
        for (const raise of RAISES) {
          const change = diffOne(pair, scene, [element, twin], raise, options.methods)
          if (change !== null) add(change)
        }
      }
  }
  return [...found.values()]
}

function* pairsOf(before: RuleSet, after: RuleSet, options: CellDiffOptions): Generator<Pair> {
  const seen = new Set<string>()
  for (const caller of callersOf(namesOf([before, after], options.admitted))) {
    const pair = pairOf(caller, before, after)
    if (pair.before.length === 0 && pair.after.length === 0) continue
    // An institution behaves as all others do under the same policies, unless a `when:` names it.
    const key = keyOf(pair)
    const general = key === keyOf(pairOf({ ...caller, institution: OTHER }, before, after))
    if (seen.has(key)) continue
    seen.add(key)
    const name = `${caller.role}/${caller.scenario ?? OTHER}`
    yield { ...pair, name: general ? name : `${name}@${caller.institution}` }
  }
  for (const id of new Set(options.requestPolicies ?? [])) {
    const of = (rules: RuleSet): Policy[] => rules.policies.filter((p) => p.id === id)
    yield {
      caller: { role: OTHER, scenario: null, institution: OTHER },
      name: `policy:${id}`,
      before: of(before),
      after: of(after),
    }
  }
}

const pairOf = (caller: Caller, before: RuleSet, after: RuleSet): Omit<Pair, 'name'> => ({
  caller,
  before: policiesFor(before, caller),
  after: policiesFor(after, caller),
})

const keyOf = (pair: Omit<Pair, 'name'>): string =>
  JSON.stringify([
    pair.caller.role,
    pair.caller.scenario,
    ids(pair.before),
    ids(pair.after),
    narrowing(pair, pair.caller),
  ])

const ids = (policies: readonly Policy[]): string[] => policies.map((p) => p.id)

const narrowing = (pair: Pick<Pair, 'before' | 'after'>, caller: Caller): string | null => {
  const named = [...pair.before, ...pair.after].some((p) =>
    [...p.cells.values()].flat().some((c) => c.when?.institutions?.includes(caller.institution) === true),
  )
  return named ? caller.institution : null
}

/**
 * Interfaces and purposes that a `when:` of these policies names, and one that none does; before any exception ended, and
 * on the last day of each: one that holds longer than before shows on its own last day.
 */
function scenesOf(pair: Pair): (PlanRequest & Scene)[] {
  const cells = [...pair.before, ...pair.after].flatMap((p) => [...p.cells.values()].flat())
  const whens = cells.flatMap((c) => (c.when === null ? [] : [c.when]))
  const interfaces = new Set([OTHER, ...whens.flatMap((w) => w.interfaces ?? [])])
  const purposes = new Set<string | null>([null, ...whens.flatMap((w) => w.purposes ?? [])])
  const days = new Set(cells.flatMap((c) => (c.exception == null ? [] : [c.exception.expires])))
  const places = [...interfaces].flatMap((i) => [...purposes].map((p) => requestOf(pair.caller, i, p)))
  return places.flatMap((place) => [place, ...[...days].map((today) => ({ ...place, today }))])
}

function unknownOf(policies: readonly Policy[]): Treatment | null {
  const bases = policies.filter((p) => p.undecided !== null && p.unknown !== null)
  if (bases.length === 0) return null
  const { treatment, why } = strictestUnknown(bases)
  return { method: treatment, params: {}, source: 'unknown', policy: why.policy, at: why.at, leaves: 0 }
}

function diffUnknown(pair: Pair): CellChange | null {
  const [before, after] = [unknownOf(pair.before), unknownOf(pair.after)]
  if (before?.method === after?.method) return null
  const rank = (t: Treatment | null): number =>
    t === null ? Number.POSITIVE_INFINITY : (STRICTNESS as readonly string[]).indexOf(t.method)
  const verdict: Verdict = rank(after) > rank(before) ? 'tighter' : 'looser'
  return {
    element: null,
    callers: [pair.name],
    raised: 'no',
    interfaceId: null,
    before,
    after,
    policies: policiesIn(pair),
    ...reasonOf(verdict, before, after),
  }
}

/** What is kept of a kind must be of that kind, unless every policy of the call is one of direct care. */
function diffKinds(pair: Pair): CellChange | null {
  const of = (policies: readonly Policy[]): boolean | null => {
    const bases = policies.filter((p) => p.undecided !== null && p.unknown !== null)
    return bases.length === 0 ? null : judgesKinds(bases, strictestUnknown(bases).treatment)
  }
  const [before, after] = [of(pair.before), of(pair.after)]
  if (before === null || after === null || before === after) return null
  const why = after
    ? judged('tighter', '保留的值须合其类别', 'what is kept is held against its kind now')
    : judged('looser', '保留的值不再核对类别', 'what is kept is no longer held against its kind')
  return {
    element: null,
    callers: [pair.name],
    raised: 'no',
    interfaceId: null,
    before: unknownOf(pair.before),
    after: unknownOf(pair.after),
    policies: policiesIn(pair),
    ...why,
  }
}

const policiesIn = (pair: Pair): string[] => [...new Set([...ids(pair.before), ...ids(pair.after)])].sort()

function diffOne(
  pair: Pair,
  scene: PlanRequest,
  [element, twin]: readonly [Element, Element],
  raise: Raise,
  methods: MethodLookup,
): CellChange | null {
  const of = (policies: readonly Policy[], e: Element): Treatment | null => {
    if (!policies.some((p) => p.undecided !== null)) return null
    const chosen = choose(e, raise, policies, scene, methods)
    return treatmentOf(chosen, element.level, methods)
  }
  const [before, after] = [of(pair.before, element), of(pair.after, twin)]
  const levels = new Set([levelOf(element, raise), levelOf(twin, raise)])
  const verdict = compareTreatments(before, after, levels, methods)
  if (verdict === 'same') return null
  return {
    element: element.id,
    callers: [pair.name],
    raised: raise === 0 ? 'no' : raise === 1 ? 'level-5' : raise === 2 ? 'minor' : 'both',
    interfaceId: scene.interfaceId === OTHER ? null : scene.interfaceId,
    before,
    after,
    policies: policiesIn(pair),
    ...reasonOf(verdict, before, after),
  }
}

const treatmentOf = ({ method, params, why }: Chosen, level: Element['level'], methods: MethodLookup): Treatment => ({
  method,
  params,
  source: why.source,
  policy: why.policy,
  at: why.at,
  leaves: leavesOf({ method, params }, level, methods),
})

/** Tighter only when it leaves less at every level the element may have; the same only when it is the same method. */
export function compareTreatments(
  before: Pick<Treatment, 'method' | 'params'> | null,
  after: Pick<Treatment, 'method' | 'params'> | null,
  levels: Iterable<Element['level']>,
  methods: MethodLookup,
): Verdict {
  if (before === null || after === null) return before === after ? 'same' : before === null ? 'looser' : 'tighter'
  if (before.method === after.method && canonicalJson(before.params) === canonicalJson(after.params)) return 'same'
  for (const level of levels) if (!(leavesOf(after, level, methods) < leavesOf(before, level, methods))) return 'looser'
  return 'tighter'
}

function reasonOf(verdict: Verdict, before: Treatment | null, after: Treatment | null): Judged {
  if (before === null) return judged(verdict, '原先拒绝的调用现在放行', 'calls refused before are let through')
  if (after === null) return judged(verdict, '调用现在被拒绝', 'calls are refused now')
  if (verdict === 'tighter') return judged(verdict, '留下的更少', 'it leaves less')
  return before.leaves === after.leaves
    ? judged(
        verdict,
        '留下的一样多而处理不同，无法证明更严',
        'another treatment that leaves as much: not proved tighter',
      )
    : judged(verdict, '留下的更多', 'it leaves more')
}

/** The verdict of all cells a policy takes part in, of one element or of all. */
export const verdictOfPolicy = (cells: readonly CellChange[], policy: string, element?: string): Verdict =>
  together(
    cells
      .filter((c) => c.policies.includes(policy) && (element === undefined || c.element === element))
      .map((c) => c.verdict),
  )
