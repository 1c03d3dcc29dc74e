/** `veilgate explain --access`: which line of the directory lets a call through or refuses it, and by which code. */
import { authorize } from '../../access/authorize.ts'
import { type Directory, match } from '../../access/directory.ts'
import type { Entry, Institution, Match } from '../../access/model.ts'
import { readTarget } from '../../access/path.ts'
import { CODES, type Code } from '../../base/errors.ts'
import type { Position } from '../../base/problem.ts'
import type { RuleSet } from '../../mask/model.ts'
import { policiesFor } from '../../mask/proof/columns.ts'
import { EXIT, type Io, UsageError } from '../command.ts'
import type { Spoken } from '../rules/spoken.ts'

export interface AccessQuestion {
  /** `GET /teaching/inpatients/1` */
  readonly call: string
  readonly institution: string
  readonly role: string
  readonly scenario: string | null
  /** YYYY-MM-DD */
  readonly today: string
}

export interface AccessAnswer {
  /** OK, or the exact code; the caller may be shown another (docs/errors.md) */
  readonly code: Code | 'OK'
  readonly entry: string | null
  /** policies that then mask the answer */
  readonly policies: readonly string[]
  /** lines that decide, the deciding one last */
  readonly lines: readonly Position[]
}

/** The token is taken to hold the entry's scope and this one role: everything else is in the rules. */
export function explainAccess(directory: Directory, rules: RuleSet, question: AccessQuestion): AccessAnswer {
  const { institution: id, role, scenario, today } = question
  const institution = directory.institutions.get(id)
  if (institution === undefined) throw new UsageError(`no institution ${id}`)
  const [method = '', path = '', ...rest] = question.call.trim().split(/\s+/)
  if (path === '' || rest.length > 0) throw new UsageError('--access "METHOD /path"')
  const refused = (code: Code, entry: Entry | null, ...lines: Position[]): AccessAnswer => ({
    code,
    entry: entry?.id ?? null,
    policies: [],
    lines,
  })
  if (institution.status === 'suspended') return refused('INSTITUTION_SUSPENDED', null, institution.at)
  if (isOver(institution, today)) return refused('CONTRACT_EXPIRED', null, institution.at)
  const target = readTarget(path)
  if (!target.ok) return refused(target.code, null)
  const found = match(directory, method.toUpperCase(), target.value)
  const decision = authorize(directory, {
    match: found,
    principal: principalOf(question, found),
    institution,
    roleHeader: null,
    today,
  })
  const entry = found.kind === 'entry' ? found.entry : null
  if (!decision.ok) return refused(decision.code, entry, ...linesOf(decision.code, entry, institution, scenario))
  if (entry!.masking === 'none') return { code: 'OK', entry: entry!.id, policies: [], lines: [entry!.at] }
  const policies = policiesFor(rules, { role, scenario, institution: id })
  if (policies.length === 0) return refused('ROLE_DENIED', entry, entry!.at)
  return {
    code: 'OK',
    entry: entry!.id,
    policies: policies.map((p) => p.id),
    lines: [entry!.at, ...policies.map((p) => p.at)],
  }
}

const isOver = ({ contract: { from, to } }: Institution, today: string): boolean =>
  (from !== null && today < from) || (to !== null && today > to)

const principalOf = ({ institution, role, scenario }: AccessQuestion, found: Match) => ({
  subject: 'explain',
  institution,
  scopes: found.kind === 'entry' ? [found.entry.scope] : [],
  roles: [role],
  scenario,
  purpose: null,
  project: null,
  user: null,
  tokenId: null,
  expires: 0,
})

/** A scenario may be refused by the entry or by the institution. */
function linesOf(code: Code, entry: Entry | null, institution: Institution, scenario: string | null): Position[] {
  if (entry === null) return []
  const own = entry.scenarios === null || (scenario !== null && entry.scenarios.includes(scenario))
  return code === 'SCENARIO_DENIED' && own ? [institution.at] : [entry.at]
}

export function printAccess(answer: AccessAnswer, json: boolean, say: Spoken, io: Io): number {
  const lines = answer.lines.map(({ file, line, col }) => `${file}:${line}:${col}`)
  if (json) io.out(`${JSON.stringify({ ...answer, lines })}\n`)
  else {
    const what = answer.code === 'OK' ? { zh: '放行', en: 'let through' } : CODES[answer.code]
    io.out(`${answer.code} ${say({ zh: what.zh, en: what.en })}\n`)
    if (answer.entry !== null) io.out(`${say({ zh: '接口', en: 'entry' })} ${answer.entry}\n`)
    if (answer.policies.length > 0) io.out(`${say({ zh: '策略', en: 'policies' })} ${answer.policies.join(' + ')}\n`)
    for (const line of lines) io.out(`${line}\n`)
  }
  return answer.code === 'OK' ? EXIT.done : EXIT.refused
}
