/**
 * Every call a rule set can tell apart, as columns of the matrix: roles, scenarios and institutions the policies or the
 * directory name, and one stand-in for all others. Those that fall under the same policies are one column.
 */
import type { Policy, RuleSet } from '../model.ts'
import type { PlanRequest } from '../plan.ts'
import { policiesOf } from '../policy.ts'

/** Stands for every name the rules do not mention; no rules file can write it. */
export const OTHER = '*'

/** What decides which policies hold. */
export interface Caller {
  readonly role: string
  readonly scenario: string | null
  readonly institution: string
}

export interface Column {
  /** stable within one rule set: role, then scenarios and institutions where the role has several columns */
  readonly id: string
  readonly role: string
  /** null = a call without a scenario or with one the rules do not name; never empty */
  readonly scenarios: readonly (string | null)[]
  /** `*` = every institution the policies do not name; never empty */
  readonly institutions: readonly string[]
  /** policies that hold together; empty = the call is refused (ROLE_DENIED) */
  readonly policies: readonly string[]
}

/** What the directory adds: roles and scenarios it admits. */
export interface Admitted {
  readonly roles: readonly string[]
  /** null = any */
  readonly scenarios: readonly string[] | null
}

export interface Names {
  readonly roles: readonly string[]
  readonly scenarios: readonly (string | null)[]
  readonly institutions: readonly string[]
}

/** Names of several rule sets and directories, with the stand-ins. */
export function namesOf(rules: readonly RuleSet[], admitted: readonly Admitted[] = []): Names {
  const policies = rules.flatMap((r) => r.policies)
  const collect = (of: (p: Policy) => readonly string[] | null, more: readonly string[] = []): string[] =>
    [...new Set([...policies.flatMap((p) => of(p) ?? []), ...more])].sort()
  const roles = collect((p) => p.for.roles, [...new Set(admitted.flatMap((a) => a.roles))])
  const anyRole = policies.some((p) => p.for.roles === null)
  return {
    roles: anyRole || roles.length === 0 ? [...roles, OTHER] : roles,
    scenarios: [...collect((p) => p.for.scenarios, [...new Set(admitted.flatMap((a) => a.scenarios ?? []))]), null],
    institutions: [
      ...collect((p) => [
        ...(p.for.institutions ?? []),
        ...[...p.cells.values()].flat().flatMap((c) => c.when?.institutions ?? []),
      ]),
      OTHER,
    ],
  }
}

/** Callers one by one: the product of all names. */
export function* callersOf(names: Names): Generator<Caller> {
  for (const role of names.roles)
    for (const scenario of names.scenarios)
      for (const institution of names.institutions) yield { role, scenario, institution }
}

/** A call's request as the policies see it. */
export const requestOf = (caller: Caller, interfaceId = OTHER, purpose: string | null = null): PlanRequest => ({
  ...caller,
  recipient: caller.institution,
  provider: OTHER,
  purpose,
  interfaceId,
  format: 'json',
  direction: 'response',
  policy: null,
  rows: null,
})

/** The policies a caller falls under; empty when none of them is a base: such a call is refused. */
export function policiesFor(rules: RuleSet, caller: Caller): readonly Policy[] {
  const found = policiesOf(rules, requestOf(caller))
  return found.some((p) => p.undecided !== null && p.unknown !== null) ? found : []
}

/** The columns of a rule set: callers of one role under the same policies stand together. */
export function columnsOf(rules: RuleSet, names: Names): Column[] {
  const columns: Column[] = []
  for (const role of names.roles) {
    const found = new Map<string, { scenarios: Set<string | null>; institutions: Set<string>; policies: string[] }>()
    for (const institution of names.institutions) {
      const byPolicies = new Map<string, (string | null)[]>()
      for (const scenario of names.scenarios) {
        const key = policiesFor(rules, { role, scenario, institution })
          .map((p) => p.id)
          .join(' ')
        byPolicies.set(key, [...(byPolicies.get(key) ?? []), scenario])
      }
      // Columns are rectangles: institutions join only where all their scenarios agree.
      for (const [key, scenarios] of byPolicies) {
        const id = JSON.stringify([key, scenarios])
        const column = found.get(id)
        if (column === undefined)
          found.set(id, {
            scenarios: new Set(scenarios),
            institutions: new Set([institution]),
            policies: key === '' ? [] : key.split(' '),
          })
        else column.institutions.add(institution)
      }
    }
    const own = [...found.values()]
    for (const c of own) {
      const scenarios = [...c.scenarios]
      const institutions = [...c.institutions]
      columns.push({
        id: idOf(role, scenarios, institutions, own.length, names),
        role,
        scenarios,
        institutions,
        policies: c.policies,
      })
    }
  }
  return columns
}

function idOf(
  role: string,
  scenarios: readonly (string | null)[],
  institutions: readonly string[],
  count: number,
  names: Names,
): string {
  if (count === 1) return role
  const which = scenarios.map((s) => s ?? OTHER).join('+')
  return institutions.length === names.institutions.length
    ? `${role}/${which}`
    : `${role}/${which}@${institutions.join('+')}`
}

/** One caller of a column. */
export const callerOf = (column: Column): Caller => ({
  role: column.role,
  scenario: column.scenarios[0]!,
  institution: column.institutions[0]!,
})
