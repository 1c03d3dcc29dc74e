/**
 * The matrix role x element with the line behind each cell: what every caller the rules can tell apart gets of every
 * element, floors applied, undecided shown. Plain values throughout, so that command line, console and reports draw the
 * same thing.
 */
import type { Position } from '../../base/problem.ts'
import { type Chosen, choose, leavesOf, type MethodLookup } from '../choose.ts'
import type { Binding, Element, FormatName, Level, Policy, RuleSet, UnknownTreatment, When } from '../model.ts'
import type { Raise, Why } from '../plan.ts'
import { strictestUnknown } from '../policy.ts'
import { levelOf } from '../raise.ts'
import { methodByName } from '../transforms/index.ts'
import { type Admitted, type Column, callerOf, columnsOf, namesOf, policiesFor, requestOf } from './columns.ts'

export interface Treatment {
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  readonly source: Why['source']
  readonly policy: string | null
  /** the deciding line */
  readonly at: Position | null
  /** what is left of the element, 0 = nothing, its own level = everything */
  readonly leaves: number
}

export interface MatrixCell extends Treatment {
  readonly element: string
  readonly column: string
  /** what the cell said before a floor took its place; null = no floor had to */
  readonly overruled: Treatment | null
  /** treatments of records raised by content, where they differ: a level-5 sign, a minor's record */
  readonly raised: readonly (Treatment & { readonly by: 'level-5' | 'minor' })[]
  /** cells with `when:` of the policies that hold here, and what each makes of the element where it holds */
  readonly narrowed: readonly (Treatment & { readonly when: When })[]
}

export interface MatrixRow {
  readonly element: string
  readonly zh: string
  readonly kind: string
  readonly level: Level
  readonly group: string | null
  readonly at: Position
  /** bound in the formats and interfaces the matrix is of */
  readonly bound: boolean
  /** in the order of the columns; null where the column's calls are refused */
  readonly cells: readonly (MatrixCell | null)[]
}

export interface MatrixColumn extends Column {
  /** what becomes of a scalar no binding knows; null where calls are refused */
  readonly unknown: { readonly treatment: UnknownTreatment; readonly policy: string; readonly at: Position } | null
}

export interface Matrix {
  /** null = of all interfaces */
  readonly interfaceId: string | null
  readonly columns: readonly MatrixColumn[]
  readonly rows: readonly MatrixRow[]
  readonly totals: {
    readonly cells: number
    /** decided by a line of `elements:`, by `undecided`, by a floor */
    readonly decided: number
    readonly undecided: number
    readonly floors: number
    readonly denied: number
  }
}

/** What the directory says of an interface; plain facts, since the directory is another core's. */
export interface InterfaceFacts extends Admitted {
  readonly id: string
  readonly format: FormatName
}

export interface CoverageOptions {
  readonly interfaces?: readonly InterfaceFacts[]
  /** one interface only: its roles and scenarios, its own cells; elements bound in its format or by itself */
  readonly interfaceId?: string | null
  readonly methods?: MethodLookup
}

/** Throws RangeError for an interface that is not among `interfaces`. */
export function coverage(rules: RuleSet, options: CoverageOptions = {}): Matrix {
  const { interfaces = [], interfaceId = null, methods = methodByName } = options
  const one = interfaceId === null ? null : interfaces.find((i) => i.id === interfaceId)
  if (one === undefined) throw new RangeError('no such interface')
  const columns = matrixColumns(rules, interfaces, one)
  const bound = boundElements(rules.bindings, one)
  const rows = rules.elements.map((element): MatrixRow => {
    const cells = columns.map((column) => cellOf(rules, element, column, one?.id, methods))
    const { id, zh, kind, level, group, at } = element
    return { element: id, zh, kind, level, group, at, bound: bound.has(id), cells }
  })
  return { interfaceId, columns, rows, totals: totalsOf(rows) }
}

function matrixColumns(
  rules: RuleSet,
  interfaces: readonly InterfaceFacts[],
  one: InterfaceFacts | null,
): MatrixColumn[] {
  const names = namesOf([rules], interfaces)
  const admitted =
    one === null
      ? names
      : {
          ...names,
          roles: one.roles,
          scenarios: one.scenarios ?? names.scenarios,
        }
  return columnsOf(rules, admitted).map((column) => ({ ...column, unknown: unknownOf(rules, column) }))
}

function unknownOf(rules: RuleSet, column: Column): MatrixColumn['unknown'] {
  if (column.policies.length === 0) return null
  const bases = policiesOfColumn(rules, column).filter((p) => p.undecided !== null && p.unknown !== null)
  const { treatment, why } = strictestUnknown(bases)
  return { treatment, policy: why.policy!, at: why.at! }
}

const policiesOfColumn = (rules: RuleSet, column: Column): Policy[] =>
  rules.policies.filter((p) => column.policies.includes(p.id)).toSorted((a, b) => (a.id < b.id ? -1 : 1))

function boundElements(bindings: readonly Binding[], one: InterfaceFacts | null): ReadonlySet<string> {
  const own = (b: Binding): boolean => one === null || b.interfaceId === one.id || b.format === one.format
  return new Set(bindings.filter(own).map((b) => b.element.id))
}

/** What a column's calls get of one element; null where they are refused. */
export function cellOf(
  rules: RuleSet,
  element: Element,
  column: Column,
  interfaceId?: string,
  methods: MethodLookup = methodByName,
): MatrixCell | null {
  const caller = callerOf(column)
  const policies = policiesFor(rules, caller)
  if (policies.length === 0) return null
  const scene = requestOf(caller, interfaceId)
  const at = (raise: Raise, of: readonly Policy[] = policies): Treatment =>
    treatmentOf(choose(element, raise, of, scene, methods), levelOf(element, raise), methods)
  const calm = at(0)
  const before = at(
    0,
    policies.map((p) => ({ ...p, floors: [] })),
  )
  return {
    ...calm,
    element: element.id,
    column: column.id,
    overruled: calm.source === 'floor' || calm.source === 'level-5' ? before : null,
    raised: ([1, 2] as const)
      .map((raise) => ({ ...at(raise), by: raise === 1 ? ('level-5' as const) : ('minor' as const) }))
      .filter((t) => !sameMethod(t, calm)),
    narrowed: narrowedOf(element, policies, column, interfaceId, methods),
  }
}

const sameMethod = (a: Treatment, b: Treatment): boolean =>
  a.method === b.method && JSON.stringify(a.params) === JSON.stringify(b.params)

function treatmentOf(chosen: Chosen, level: Level, methods: MethodLookup): Treatment {
  const { method, params, why } = chosen
  return {
    method,
    params,
    source: why.source,
    policy: why.policy,
    at: why.at,
    leaves: leavesOf(chosen, level, methods),
  }
}

/** Every `when:` of the policies that can hold in this column, asked in a scene that fulfils it. */
function narrowedOf(
  element: Element,
  policies: readonly Policy[],
  column: Column,
  interfaceId: string | undefined,
  methods: MethodLookup,
): MatrixCell['narrowed'] {
  const found: (Treatment & { when: When })[] = []
  for (const { when } of policies.flatMap((p) => p.cells.get(element.id) ?? [])) {
    if (when === null) continue
    const institution = when.institutions?.find((i) => column.institutions.includes(i)) ?? callerOf(column).institution
    if (when.institutions !== null && !when.institutions.includes(institution)) continue
    if (when.interfaces !== null && interfaceId !== undefined && !when.interfaces.includes(interfaceId)) continue
    const caller = { ...callerOf(column), institution }
    const scene = requestOf(caller, interfaceId ?? when.interfaces?.[0], when.purposes?.[0] ?? null)
    const chosen = choose(element, 0, policies, scene, methods)
    found.push({ ...treatmentOf(chosen, element.level, methods), when })
  }
  return found
}

function totalsOf(rows: readonly MatrixRow[]): Matrix['totals'] {
  const all = rows.flatMap((r) => r.cells)
  const of = (test: (cell: MatrixCell) => boolean): number => all.filter((c) => c !== null && test(c)).length
  return {
    cells: all.length,
    decided: of((c) => c.source === 'cell'),
    undecided: of((c) => c.source === 'undecided'),
    floors: of((c) => c.source === 'floor' || c.source === 'level-5'),
    denied: all.filter((c) => c === null).length,
  }
}
