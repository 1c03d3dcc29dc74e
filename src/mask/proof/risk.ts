/**
 * What a policy leaves, taken together (rules-language.md: combination is judged on what leaves, statically per policy
 * and entry). Invented people go through every column's own methods; the rest is counting who stays alone.
 */
import type { Position } from '../../base/problem.ts'
import { choose, type MethodLookup } from '../choose.ts'
import { canonical } from '../kinds.ts'
import type { Binding, Element, Policy, RuleSet } from '../model.ts'
import { methodByName } from '../transforms/index.ts'
import type { Effects } from '../transforms/transform.ts'
import { type Column, callerOf, columnsOf, namesOf, policiesFor, requestOf } from './columns.ts'
import type { InterfaceFacts } from './coverage.ts'
import { IN_REGISTER, type Person, population } from './population.ts'

/** An element of which something leaves that a register could be asked for. */
export interface Left {
  readonly element: string
  readonly at: Position | null
  readonly policy: string | null
  readonly method: string
  /** how many different results the people have */
  readonly distinct: number
  /** share of the people that this alone singles out */
  readonly unique: number
}

export interface Combination {
  readonly elements: readonly string[]
  /** share of the people that are the only ones of their combination */
  readonly unique: number
}

export interface Risk {
  readonly column: Column
  /** null = any interface that binds all elements */
  readonly interfaceId: string | null
  readonly left: readonly Left[]
  /** elements that name a person by themselves and leave whole: the callers are meant to know who it is */
  readonly identified: readonly string[]
  /** the smallest combinations that single somebody out; empty where `identified` is not */
  readonly combinations: readonly Combination[]
  /** share of the people singled out by everything that leaves, and the size of the smallest group */
  readonly unique: number
  readonly smallest: number
  /** a name has no number to be the token of: two people of one name become one */
  readonly tokenOfName: boolean
}

export interface RiskOptions {
  readonly interfaces?: readonly InterfaceFacts[]
  readonly people?: number
  /** YYYY-MM-DD */
  readonly today: string
  /**
   * Two sets of effects with different keys: a result that differs between them says nothing to who holds no key.
   */
  readonly effects: readonly [Effects, Effects]
  readonly methods?: MethodLookup
}

export const PEOPLE = 10_000
/** Combinations of more are not named one by one; together they are counted in `unique`. */
const MOST = 3
/** A combination is named from this share on. */
const WORTH_NAMING = 0.001
/** An element that singles out so many by itself is a name of the person. */
const NAMES_A_PERSON = 0.9

export function riskOf(rules: RuleSet, options: RiskOptions): Risk[] {
  const { interfaces = [], people = PEOPLE, today, methods = methodByName } = options
  const crowd = population(people, today)
  const seen = new Map<string, Omit<Risk, 'column' | 'interfaceId' | 'tokenOfName'>>()
  const risks: Risk[] = []
  const columns = columnsOf(rules, namesOf([rules], interfaces))
  const boundOn = boundSets(rules.bindings)
  const add = (column: Column, entry: InterfaceFacts | null): void => {
    const policies = policiesFor(rules, callerOf(column))
    if (policies.length === 0) return
    const bound = boundOn(entry)
    const elements = elementsOf(rules, bound)
    const cells = elements.map((e) => ({ element: e, ...cellOf(e, policies, column, entry, methods) }))
    const key = JSON.stringify(cells.map((c) => [c.element.id, c.method, c.params, c.at]))
    const known = seen.get(key) ?? judge(cells, crowd, options.effects, methods)
    seen.set(key, known)
    risks.push({
      ...known,
      column,
      interfaceId: entry?.id ?? null,
      tokenOfName: tokenOfName(rules, policies, column, entry, bound, methods),
    })
  }
  for (const column of columns) {
    add(column, null)
    for (const entry of interfaces) if (entry.roles.includes(column.role) && admits(entry, column)) add(column, entry)
  }
  return risks
}

const admits = (entry: InterfaceFacts, column: Column): boolean =>
  entry.scenarios === null || column.scenarios.some((s) => s !== null && entry.scenarios!.includes(s))

/** Ids of the elements bound anywhere, in each format and on each interface: asked once for all entries. */
function boundSets(bindings: readonly Binding[]): (entry: InterfaceFacts | null) => ReadonlySet<string> {
  const ids = (list: readonly Binding[] | undefined): string[] => [...new Set((list ?? []).map((b) => b.element.id))]
  const all = new Set(ids(bindings))
  const formats = new Map([...Map.groupBy(bindings, (b) => b.format)].map(([f, list]) => [f, ids(list)]))
  const own = Map.groupBy(bindings, (b) => b.interfaceId)
  return (entry) => (entry === null ? all : new Set([...(formats.get(entry.format) ?? []), ...ids(own.get(entry.id))]))
}

const elementsOf = (rules: RuleSet, bound: ReadonlySet<string>): Element[] =>
  IN_REGISTER.flatMap((id) => {
    const element = rules.elementById.get(id)
    return element === undefined || !bound.has(id) ? [] : [element]
  })

function cellOf(
  element: Element,
  policies: readonly Policy[],
  column: Column,
  entry: InterfaceFacts | null,
  methods: MethodLookup,
) {
  const { method, params, why } = choose(element, 0, policies, requestOf(callerOf(column), entry?.id), methods)
  return { method, params, policy: why.policy, at: why.at }
}

interface DecidedCell {
  readonly element: Element
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
  readonly policy: string | null
  readonly at: Position | null
}

function judge(
  cells: readonly DecidedCell[],
  crowd: readonly Person[],
  effects: readonly [Effects, Effects],
  methods: MethodLookup,
): Omit<Risk, 'column' | 'interfaceId' | 'tokenOfName'> {
  const results = new Map<string, Int32Array>()
  const left: Left[] = []
  for (const cell of cells) {
    const codes = resultsOf(cell, crowd, effects, methods)
    if (codes === null) continue
    const { id } = cell.element
    results.set(id, codes)
    const { unique } = groups([codes], crowd.length)
    left.push({
      element: id,
      at: cell.at,
      policy: cell.policy,
      method: cell.method,
      distinct: new Set(codes).size,
      unique,
    })
  }
  const identified = left.filter(
    (l) => l.unique >= NAMES_A_PERSON || (l.element === 'person-name' && l.method === 'keep'),
  )
  const all = groups([...results.values()], crowd.length)
  return {
    left,
    identified: identified.map((l) => l.element),
    combinations: identified.length > 0 ? [] : combinationsOf(results, crowd.length),
    ...all,
  }
}

/** What leaves of an element, as numbers of results; null = nothing that differs between people, or only to key holders. */
function resultsOf(
  { element, method: name, params }: DecidedCell,
  crowd: readonly Person[],
  effects: readonly [Effects, Effects],
  methods: MethodLookup,
): Int32Array | null {
  const method = methods(name)
  if (method === undefined || name === 'drop') return null
  const bound = effects.map((e) => method.prepare(params, element, e))
  const place = { element, namespace: '', subject: null, role: 'whole', companion: null } as const
  const numbers = new Map<string, number>()
  const codes = new Int32Array(crowd.length)
  for (const [i, person] of crowd.entries()) {
    const value = canonical(element.kind, person[element.id]!)
    const whose = { ...place, owner: person['resident-id']! }
    const [a, b] = bound.map((x) => x.apply(value, whose)) as [string | null, string | null]
    // Another key, another result: who holds no key learns of a date its year, of anything else nothing.
    const told = a === b ? a : element.kind === 'date' ? (a?.slice(0, 4) ?? null) : null
    const key = told ?? ''
    let number = numbers.get(key)
    if (number === undefined) numbers.set(key, (number = numbers.size))
    codes[i] = number
  }
  return numbers.size < 2 ? null : codes
}

/** Groups of people with equal results: the share of groups of one, and the smallest group. */
function groups(columns: readonly Int32Array[], count: number): { unique: number; smallest: number } {
  if (columns.length === 0) return { unique: 0, smallest: count }
  const sizes = new Map<string, number>()
  for (let i = 0; i < count; i++) {
    const key = columns.length === 1 ? String(columns[0]![i]) : columns.map((c) => c[i]).join(' ')
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  let alone = 0
  let smallest = count
  for (const size of sizes.values()) {
    if (size === 1) alone++
    if (size < smallest) smallest = size
  }
  return { unique: alone / count, smallest }
}

/** The smallest sets that single people out: none contains another. */
function combinationsOf(results: ReadonlyMap<string, Int32Array>, count: number): Combination[] {
  const found: Combination[] = []
  const names = [...results.keys()]
  for (let size = 1; size <= MOST; size++)
    for (const elements of subsets(names, size)) {
      if (found.some((f) => f.elements.every((e) => elements.includes(e)))) continue
      const { unique } = groups(
        elements.map((e) => results.get(e)!),
        count,
      )
      if (unique >= WORTH_NAMING) found.push({ elements, unique })
    }
  return found.toSorted((a, b) => b.unique - a.unique)
}

function subsets(names: readonly string[], size: number): string[][] {
  if (size === 0) return [[]]
  return names.flatMap((name, i) => subsets(names.slice(i + 1), size - 1).map((rest) => [name, ...rest]))
}

const SUBJECT_NUMBERS = new Set(['resident-id', 'record-no', 'outpatient-no', 'inpatient-no', 'resource-id'])

/** `person-name: pseudonym` is the token of the record's subject, and of the name itself where no number is bound. */
function tokenOfName(
  rules: RuleSet,
  policies: readonly Policy[],
  column: Column,
  entry: InterfaceFacts | null,
  bound: ReadonlySet<string>,
  methods: MethodLookup,
): boolean {
  const name = rules.elementById.get('person-name')
  if (name === undefined || cellOf(name, policies, column, entry, methods).method !== 'pseudonym') return false
  return [...SUBJECT_NUMBERS].every((id) => !bound.has(id))
}
