/** Joins a policy's decisions with a format's reader into a plan. */

import { effectsOf } from './effects.ts'
import type { Format } from './formats/format.ts'
import { FORMATS } from './formats/index.ts'
import type { Binding, FormatName, RuleSet } from './model.ts'
import type { Interest, Plan, PlanRequest } from './plan.ts'
import { compileDecisions } from './policy.ts'
import type { CallPseudonyms, Pseudonyms } from './pseudonym.ts'

/** What a plan takes from outside: keys, the day, and what the deployment knows of authorities and addresses. */
export interface World {
  readonly pseudonyms: Pseudonyms
  /** the day in the configured zone, YYYY-MM-DD; asked per value, so it must be cheap */
  readonly today: () => string
  /** assigning authority or identifier system -> institution id */
  readonly authorities?: ReadonlyMap<string, string>
  /** base of the interface's API at the gateway, for absolute references; null = made relative */
  readonly publicBase?: string | null
  /** JSON outside FHIR: what becomes of a number whose result is text */
  readonly onTypeConflict?: 'string' | 'null' | 'drop'
}

const NO_AUTHORITIES: ReadonlyMap<string, string> = new Map()

/** Null when no policy applies to the call (ROLE_DENIED). Everything that may fail at load has failed before. */
export function compilePlan(rules: RuleSet, request: PlanRequest, world: World): Plan | null {
  const pseudonyms = world.pseudonyms.forCall({
    recipient: request.recipient,
    scenario: request.scenario,
    holder: request.direction === 'response' ? request.provider : request.institution,
    project: request.project ?? null,
  })
  const effects = effectsOf({ today: world.today, pseudonyms, dictionaries: rules.dictionaries })
  const decisions = compileDecisions(rules, request, effects)
  if (decisions === null) return null
  const { interest, ...rest } = decisions
  const onTypeConflict = world.onTypeConflict ?? 'string'
  const reader = FORMATS.get(request.format)!.compile(
    rules,
    {
      interfaceId: request.interfaceId,
      rows: request.rows,
      strictKeys: decisions.unknown.treatment !== 'keep',
      onTypeConflict,
      lines: linesOf(rules, request),
    },
    interest,
  )
  return {
    ...rest,
    reader,
    authorities: world.authorities ?? NO_AUTHORITIES,
    publicBase: world.publicBase ?? null,
    keyName: pseudonyms.keyName,
    onTypeConflict,
  }
}

/** An NDJSON interface without JSON bindings of its own carries FHIR bulk data; with them, its provider's rows. */
function linesOf(rules: RuleSet, request: PlanRequest): 'json' | 'fhir' {
  const own = (b: Binding) =>
    b.interfaceId === request.interfaceId && (b.key !== null || b.pair !== null || (b.path?.startsWith('$') ?? false))
  return rules.bindings.some(own) ? 'json' : 'fhir'
}

const EVERYTHING: Interest = { element: () => true, unknown: true, levelSearch: false, subject: false }

/** A plan that decides nothing but whose reader brings every leaf to the tape: for the write check (written.ts). */
export function compileWriteCheck(
  rules: RuleSet,
  entry: { readonly id: string; readonly format: FormatName; readonly rows: string | null; readonly provider: string },
  pseudonyms: CallPseudonyms,
  today: () => string,
): Plan {
  const format: Format = FORMATS.get(entry.format)!
  const reader = format.compile(
    rules,
    { interfaceId: entry.id, rows: entry.rows, strictKeys: false, onTypeConflict: 'string', lines: 'fhir' },
    EVERYTHING,
  )
  return {
    rules,
    format: entry.format,
    reader,
    unknown: { treatment: 'keep', why: { source: 'unknown', policy: null, at: null } },
    decide: () => {
      throw new Error('the write check decides nothing')
    },
    levelSearch: false,
    dropRaised: false,
    needsSubject: false,
    keepsAll: false,
    policies: [],
    uncontrolled: false,
    effects: effectsOf({ today, pseudonyms, dictionaries: rules.dictionaries }),
    provider: entry.provider,
    authorities: NO_AUTHORITIES,
    publicBase: null,
    keyName: pseudonyms.keyName,
    onTypeConflict: 'string',
  }
}
