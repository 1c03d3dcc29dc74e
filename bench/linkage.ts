/**
 * linkage.*: who holds the whole register and a year of answers, and knows the rules but no key: whom does he find?
 * He joins answers by their pseudonyms, asks of every person in the register what the rules would have shown on the day
 * of each call, and counts the persons that fit. One left = re-identified. The truth must always be among them.
 */
import assert from 'node:assert/strict'
import { choose } from '../src/mask/choose.ts'
import { canonical } from '../src/mask/kinds.ts'
import type { RuleSet } from '../src/mask/model.ts'
import { policiesOf } from '../src/mask/policy.ts'
import { requestOf } from '../src/mask/proof/columns.ts'
import { ageAt, IN_REGISTER, PEOPLE_SEED, type Person, population } from '../src/mask/proof/population.ts'
import { rivalEffects } from '../src/mask/proof/rival-effects.ts'
import { methodByName } from '../src/mask/transforms/index.ts'
import type { Bound } from '../src/mask/transforms/transform.ts'
import { shippedRules } from './learn.ts'
import { type Answer, type Caller, FIELDS, yearOfTraffic } from './linkage-traffic.ts'
import { type Suite, wanted } from './suite.ts'

export const YEAR = '2026-01-01'
const PEOPLE = 10_000

export const CALLERS: Readonly<Record<string, Caller & { readonly bar: number | null }>> = {
  research: { role: 'researcher', scenario: 'research', institution: 'research', bar: null },
  'third-party': { role: 'third-party', scenario: 'third-party', institution: 'research', bar: 0 },
  management: { role: 'manager', scenario: 'management', institution: 'teaching', bar: null },
}

/** What the attacker can compute for a person in the register: results that need no key. */
interface Open {
  readonly key: string
  readonly element: string
  /** on a day; undefined where the answer shows nothing of it */
  readonly of: (person: Person, day: string) => string | null
  readonly daily: boolean
}

export interface Found {
  readonly persons: number
  readonly answers: number
  /** groups of answers the attacker took for one person, and those he names rightly */
  readonly clusters: number
  readonly named: number
  /** persons re-identified by at least one of their groups */
  readonly unique: number
  /** how many candidates the best found person still shares with */
  readonly smallest: number
}

export function attack(rules: RuleSet, caller: Caller, count = PEOPLE): Found {
  const people = population(count, YEAR, PEOPLE_SEED)
  const answers = yearOfTraffic(rules, caller, people, YEAR)
  const open = openResults(rules, caller)
  const register = new Register(people, open)
  const daily = open.some((o) => o.daily)
  const found = new Set<number>()
  let named = 0
  let smallest = count
  const clusters = clustersOf(answers)
  for (const cluster of clusters) {
    const first = cluster[0]!
    let candidates = register.like(first)
    for (const answer of cluster) {
      if (candidates.length <= 1 || !daily) break
      candidates = candidates.filter((i) => fits(people[i]!, answer, open))
    }
    assert.ok(candidates.includes(first.whose), 'the attack lost the truth: it does not compute what the rules do')
    smallest = Math.min(smallest, candidates.length)
    if (candidates.length > 1) continue
    named++
    found.add(first.whose)
  }
  return { persons: count, answers: answers.length, clusters: clusters.length, named, unique: found.size, smallest }
}

/** Answers with an equal token of any number or name are of one person. */
function clustersOf(answers: readonly Answer[]): Answer[][] {
  const parent = answers.map((_, i) => i)
  const root = (i: number): number => {
    let at = i
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!
    return at
  }
  const holder = new Map<string, number>()
  for (const [i, { row }] of answers.entries())
    for (const key of ['brxm', 'bah', 'sfzh', 'zyh'])
      if (typeof row[key] === 'string' && /^P[A-Z2-7]{19}$/.test(row[key])) {
        const known = holder.get(row[key])
        if (known === undefined) holder.set(row[key], i)
        else parent[root(i)] = root(known)
      }
  return [...Map.groupBy(answers.keys(), root).values()].map((group) => group.map((i) => answers[i]!))
}

function openResults(rules: RuleSet, caller: Caller): Open[] {
  const request = { ...requestOf(caller, 'his.inpatient-record') }
  const policies = policiesOf(rules, request)
  let today = YEAR
  const effects = rivalEffects(rules, YEAR).map((e) => ({ ...e, today: () => today }))
  const sample = population(200, YEAR, 3)
  return Object.entries(FIELDS).flatMap(([key, id]): Open[] => {
    const element = rules.elementById.get(id)!
    const { method, params } = choose(element, 0, policies, request, methodByName)
    if (!IN_REGISTER.includes(id) || method === 'drop') return []
    const [a, b] = effects.map((e) => methodByName(method)!.prepare(params, element, e)) as [Bound, Bound]
    const apply = (bound: Bound, value: string, person: Person): string | null =>
      bound.apply(canonical(element.kind, value), {
        element,
        namespace: '',
        subject: null,
        role: 'whole',
        companion: null,
        owner: person['resident-id']!,
      })
    // Another key, another result: nothing to compare.
    if (sample.some((p) => apply(a, p[id]!, p) !== apply(b, p[id]!, p))) return []
    const of = (person: Person, day: string): string | null => {
      today = day
      return apply(a, id === 'age' ? String(ageAt(person['birth-date']!, day)) : person[id]!, person)
    }
    return [{ key, element: id, of, daily: id === 'resident-id' || id === 'age' }]
  })
}

/** The age in a row is that of the admission: known to the day, to the month, or not at all, as its date is shown. */
function ageFits(person: Person, { row }: Answer, open: readonly Open[]): boolean {
  const age = open.find((o) => o.key === 'nl')
  const admitted = typeof row['rysj'] === 'string' ? row['rysj'] : ''
  if (age === undefined || row['nl'] == null) return true
  if (/^\d{4}-\d{2}-\d{2}/.test(admitted)) return age.of(person, admitted.slice(0, 10)) === row['nl']
  if (!/^\d{4}-\d{2}/.test(admitted)) return true
  const month = admitted.slice(0, 7)
  return [`${month}-01`, `${month}-31`].some((day) => age.of(person, day) === row['nl'])
}

const isShown = ({ row }: Answer, { key }: Open): boolean => row[key] !== undefined && row[key] !== null

/** Does everything an answer shows of its day agree with this person? What it does not show says nothing. */
function fits(person: Person, answer: Answer, open: readonly Open[]): boolean {
  return (
    ageFits(person, answer, open) &&
    open.every((o) => o.key === 'nl' || !isShown(answer, o) || o.of(person, answer.day) === String(answer.row[o.key]))
  )
}

/** The register by what does not change with the day, for each set of fields that answers show. */
class Register {
  readonly #people: readonly Person[]
  readonly #open: readonly Open[]
  readonly #indexes = new Map<string, ReadonlyMap<string, readonly number[]>>()

  constructor(people: readonly Person[], open: readonly Open[]) {
    this.#people = people
    this.#open = open.filter((o) => !o.daily)
  }

  like(answer: Answer): readonly number[] {
    const shown = this.#open.filter((o) => isShown(answer, o))
    const fields = shown.map((o) => o.key).join(' ')
    let index = this.#indexes.get(fields)
    if (index === undefined) {
      index = Map.groupBy(this.#people.keys(), (i) => shown.map((o) => o.of(this.#people[i]!, YEAR)).join('\n'))
      this.#indexes.set(fields, index)
    }
    return index.get(shown.map((o) => String(answer.row[o.key])).join('\n')) ?? []
  }
}

export const linkageSuite: Suite = {
  ids: Object.keys(CALLERS).map((id) => `linkage.${id}`),
  async run(prefix, emit) {
    const rules = await shippedRules()
    for (const [id, caller] of Object.entries(CALLERS)) {
      if (!wanted(`linkage.${id}`, prefix)) continue
      const f = attack(rules, caller)
      const value = (100 * f.unique) / f.persons
      const detail = `${f.unique} of ${f.persons} persons named from ${f.answers} answers in ${f.clusters} groups; smallest group of candidates ${f.smallest}`
      emit(
        {
          id: `linkage.${id}`,
          value,
          unit: '% re-identified',
          bar: caller.bar,
          holds: caller.bar === null ? null : value <= caller.bar,
        },
        detail,
      )
    }
  },
}
