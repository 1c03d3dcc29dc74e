/**
 * The rules against the interface directory: names that one of them uses and the other does not know. The directory is
 * another core's, so it comes as plain facts.
 */
import { sayUnknown } from '../../../base/fields.ts'
import { nearest } from '../../../base/near.ts'
import type { Position, Say } from '../../../base/problem.ts'
import type { FormatName, Policy } from '../../model.ts'
import type { Checks } from './checks.ts'
import { checkLists, checkMaskedInput } from './methods.ts'
import { checkReached } from './never.ts'

export interface EntryFacts {
  readonly id: string
  readonly format: FormatName
  readonly roles: readonly string[]
  /** null: all of its institutions' */
  readonly scenarios?: readonly string[] | null
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

/** What is asked of an institution. */
export interface InstitutionFacts {
  readonly status: string
  readonly contract: { readonly to: string | null }
  readonly scenarios: readonly string[] | null
  readonly at: Position
}

export interface DirectoryFacts {
  readonly entries: readonly EntryFacts[]
  readonly institutions: ReadonlyMap<string, InstitutionFacts>
}

const INTERFACE: Say = { zh: '接口', en: 'interface' }
const INSTITUTION: Say = { zh: '机构', en: 'institution' }

export function checkDirectory(checks: Checks, facts: DirectoryFacts): void {
  const { rules } = checks
  const interfaces = facts.entries.map((e) => e.id)
  const told = new Set<string>()
  for (const { interfaceId, at } of rules.bindings)
    if (interfaceId !== null && !interfaces.includes(interfaceId) && !told.has(`${at.file} ${interfaceId}`)) {
      told.add(`${at.file} ${interfaceId}`)
      const top = checks.find({ ...at, line: 1, col: 1 }, 'bindings-file', 'interface', interfaceId)
      unknownName(checks, top, 'unknown-interface', INTERFACE, interfaceId, interfaces)
    }
  for (const policy of rules.policies) {
    checkPolicy(checks, policy, interfaces, [...facts.institutions.keys()])
    checkScope(checks, policy, facts)
    checkReached(checks, policy, facts.entries)
  }
  for (const entry of facts.entries) checkEntry(checks, entry)
}

/** Contracts whose last day has passed: every call of these institutions is refused. */
export function checkContracts(checks: Checks, { institutions }: DirectoryFacts, today: string): void {
  for (const [id, { status, contract, at }] of institutions)
    if (status === 'active' && contract.to !== null && contract.to < today)
      checks.warn(
        checks.find(at, 'contract', 'to', contract.to),
        'contract-over',
        {
          zh: `“${id}”的协议已于 ${contract.to} 到期，它的调用会被拒绝（CONTRACT_EXPIRED）`,
          en: `the contract of "${id}" ended on ${contract.to}: its calls are refused (CONTRACT_EXPIRED)`,
        },
        { zh: '新协议的止期，或 状态: 停用', en: 'the last day of a new contract, or status: suspended' },
      )
}

function checkPolicy(
  checks: Checks,
  policy: Policy,
  interfaces: readonly string[],
  institutions: readonly string[],
): void {
  const unknown = (at: Position, key: 'institutions' | 'interfaces', ids: readonly string[] | null): void => {
    const [code, what, known] =
      key === 'institutions'
        ? (['unknown-institution', INSTITUTION, institutions] as const)
        : (['unknown-interface', INTERFACE, interfaces] as const)
    for (const id of ids ?? [])
      if (!known.includes(id)) unknownName(checks, checks.find(at, 'when', key, id), code, what, id, known)
  }
  unknown(policy.at, 'institutions', policy.for.institutions)
  for (const { at, when } of [...policy.cells.values()].flat()) {
    unknown(at, 'institutions', when?.institutions ?? null)
    unknown(at, 'interfaces', when?.interfaces ?? null)
  }
}

/**
 * Roles and scenarios the directory does not have, where one it has is near: a policy may wait for its interfaces, a
 * misspelt one waits for ever.
 */
function checkScope(checks: Checks, policy: Policy, { entries, institutions }: DirectoryFacts): void {
  // A role of the directory that no policy is for is told there.
  const covered = entries.flatMap((e) => e.roles).filter((role) => isCovered(checks, role))
  const roles = new Set(covered)
  const scenarios = new Set([...entries, ...institutions.values()].flatMap((side) => side.scenarios ?? []))
  const misspelt = (key: 'roles' | 'scenarios', known: ReadonlySet<string>, told: (word: string) => Say): void => {
    for (const word of policy.for[key] ?? []) {
      const near = known.has(word) || entries.some((e) => e.roles.includes(word)) ? null : nearest(word, known)
      if (near === null) continue
      const { zh, en } = told(word)
      checks.warn(
        checks.find(policy.at, 'policy-for', key, word),
        key === 'roles' ? 'role-nowhere' : 'scenario-nowhere',
        { zh: `${zh}，是不是“${near}”？`, en: `${en}, did you mean "${near}"?` },
        { zh: `以下之一：${[...known].sort().join('、')}`, en: `one of ${[...known].sort().join(', ')}` },
      )
    }
  }
  misspelt('roles', roles, (word) => ({
    zh: `没有接口允许角色“${word}”`,
    en: `no interface admits the role "${word}"`,
  }))
  misspelt('scenarios', scenarios, (word) => ({
    zh: `没有机构或接口登记场景“${word}”`,
    en: `no institution or interface has the scenario "${word}"`,
  }))
}

const isCovered = ({ rules }: Checks, role: string): boolean =>
  rules.policies.some((p) => p.undecided !== null && (p.for.roles === null || p.for.roles.includes(role)))

function checkEntry(checks: Checks, entry: EntryFacts): void {
  const { rules } = checks
  const ids = new Set(rules.policies.map((p) => p.id))
  if (entry.requestPolicy !== null && !ids.has(entry.requestPolicy))
    unknownName(
      checks,
      checks.find(entry.at, 'entry-request', 'policy', entry.requestPolicy),
      'unknown-policy',
      { zh: '策略', en: 'policy' },
      entry.requestPolicy,
      ids,
    )
  for (const id of entry.queryElements)
    if (!rules.elementById.has(id))
      unknownName(
        checks,
        checks.find(entry.at, 'query-parameter', 'element', id),
        'unknown-element',
        { zh: '数据元', en: 'element' },
        id,
        rules.elementById.keys(),
      )
  if (!entry.masked) return
  checkMaskedInput(checks, entry)
  checkLists(checks, entry)
  for (const role of entry.roles)
    if (!isCovered(checks, role)) {
      const near = nearest(role, new Set(rules.policies.flatMap((p) => p.for.roles ?? [])))
      const hint = near === null ? { zh: '', en: '' } : { zh: `；是不是“${near}”？`, en: `; did you mean "${near}"?` }
      checks.warn(
        checks.find(entry.at, 'entry', 'roles', role),
        'role-without-policy',
        {
          zh: `接口“${entry.id}”允许角色“${role}”，但没有适用于它的策略，调用会被拒绝${hint.zh}`,
          en: `"${entry.id}" admits the role "${role}", which no policy is for: its calls are refused${hint.en}`,
        },
        {
          zh: `policies/ 中一个文件写明 适用: { 角色: [${role}] }，或这里不写“${role}”`,
          en: `a file of policies/ with for: { roles: [${role}] }, or no "${role}" here`,
        },
      )
    }
}

function unknownName(
  checks: Checks,
  at: Position,
  code: string,
  what: Say,
  written: string,
  known: Iterable<string>,
): void {
  checks.error(at, code, ...sayUnknown(what, written, [...known].sort()))
}
