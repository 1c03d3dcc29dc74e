/**
 * The rules against the interface directory: names that one of them uses and the other does not know. The directory is
 * another core's, so it comes as plain facts.
 */
import type { Position } from '../../../base/problem.ts'
import type { FormatName, Policy } from '../../model.ts'
import type { Checks } from './checks.ts'
import { checkLists, checkMaskedInput } from './methods.ts'
import { checkReached } from './never.ts'

export interface EntryFacts {
  readonly id: string
  readonly format: FormatName
  readonly roles: readonly string[]
  /** policy its requests are masked by, or null */
  readonly requestPolicy: string | null
  /** elements its query parameters carry */
  readonly queryElements: readonly string[]
  /** false: `masking: none`, no policy is asked */
  readonly masked: boolean
  /** false: its payloads hold no list of rows or entries */
  readonly lists?: boolean
  /** true: `masked-input`, the upstream is a gateway that masks already */
  readonly maskedInput?: boolean
  readonly at: Position
}

export interface DirectoryFacts {
  readonly entries: readonly EntryFacts[]
  readonly institutions: ReadonlySet<string>
}

export function checkDirectory(checks: Checks, facts: DirectoryFacts): void {
  const { rules } = checks
  const interfaces = new Set(facts.entries.map((e) => e.id))
  const told = new Set<string>()
  for (const { interfaceId, at } of rules.bindings)
    if (interfaceId !== null && !interfaces.has(interfaceId) && !told.has(`${at.file} ${interfaceId}`)) {
      told.add(`${at.file} ${interfaceId}`)
      unknownName(checks, at, 'unknown-interface', { zh: '接口', en: 'interface' }, interfaceId, interfaces)
    }
  for (const policy of rules.policies) {
    checkPolicy(checks, policy, interfaces, facts.institutions)
    checkReached(checks, policy, facts.entries)
  }
  for (const entry of facts.entries) checkEntry(checks, entry)
}

function checkPolicy(
  checks: Checks,
  policy: Policy,
  interfaces: ReadonlySet<string>,
  institutions: ReadonlySet<string>,
): void {
  const place = { zh: '机构', en: 'institution' }
  for (const id of policy.for.institutions ?? [])
    if (!institutions.has(id)) unknownName(checks, policy.at, 'unknown-institution', place, id, institutions)
  for (const cell of [...policy.cells.values()].flat()) {
    for (const id of cell.when?.institutions ?? [])
      if (!institutions.has(id)) unknownName(checks, cell.at, 'unknown-institution', place, id, institutions)
    for (const id of cell.when?.interfaces ?? [])
      if (!interfaces.has(id))
        unknownName(checks, cell.at, 'unknown-interface', { zh: '接口', en: 'interface' }, id, interfaces)
  }
}

function checkEntry(checks: Checks, entry: EntryFacts): void {
  const { rules } = checks
  const ids = new Set(rules.policies.map((p) => p.id))
  if (entry.requestPolicy !== null && !ids.has(entry.requestPolicy))
    unknownName(checks, entry.at, 'unknown-policy', { zh: '策略', en: 'policy' }, entry.requestPolicy, ids)
  for (const id of entry.queryElements)
    if (!rules.elementById.has(id))
      unknownName(checks, entry.at, 'unknown-element', { zh: '数据元', en: 'element' }, id, rules.elementById.keys())
  if (!entry.masked) return
  checkMaskedInput(checks, entry)
  checkLists(checks, entry)
  for (const role of entry.roles)
    if (!rules.policies.some((p) => p.undecided !== null && (p.for.roles === null || p.for.roles.includes(role))))
      checks.warn(
        entry.at,
        'role-without-policy',
        {
          zh: `接口“${entry.id}”允许角色“${role}”，但没有适用于它的策略，调用会被拒绝`,
          en: `"${entry.id}" admits the role "${role}", which no policy is for: its calls are refused`,
        },
        { zh: `适用于“${role}”的策略`, en: `a policy for "${role}"` },
      )
}

function unknownName(
  checks: Checks,
  at: Position,
  code: string,
  what: { zh: string; en: string },
  written: string,
  known: Iterable<string>,
): void {
  const list = [...known].sort()
  checks.error(
    at,
    code,
    { zh: `未知的${what.zh}“${written}”`, en: `unknown ${what.en} "${written}"` },
    { zh: `以下之一：${list.slice(0, 24).join('、')}`, en: `one of ${list.slice(0, 24).join(', ')}` },
  )
}
