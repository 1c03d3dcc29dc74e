/** Joins a policy's decisions with a format's reader into a plan. */

import type { DriftBook } from './drift.ts'
import { effectsOf } from './effects.ts'
import { bindingsFor } from './formats/binding-index.ts'
import type { Format } from './formats/format.ts'
import { FORMATS } from './formats/index.ts'
import { keyedOf, type RandomIds } from './keyed.ts'
import type { Binding, Element, FormatName, RuleSet } from './model.ts'
import type { Interest, Plan, PlanRequest } from './plan.ts'
import { compileDecisions, type Decisions } from './policy.ts'
import type { CallPseudonyms, Pseudonyms } from './pseudonym.ts'

/** What a plan takes from outside: keys, the day, and what the deployment knows of authorities and addresses. */
export interface World {
  readonly pseudonyms: Pseudonyms
  /** the day in the configured zone, YYYY-MM-DD; asked per value, so it must be cheap */
  readonly today: () => string
  /** random bytes for ciphertexts; without them rules that encrypt do not compile into a plan */
  readonly random?: (bytes: number) => Buffer
  /** the map of random ids; without it rules that use random-id treat nothing and fail */
  readonly randomIds?: RandomIds
  /** assigning authority or identifier system -> institution id */
  readonly authorities?: ReadonlyMap<string, string>
  /** base of the interface's API at the gateway, for absolute references; null = made relative */
  readonly publicBase?: string | null
  /** JSON outside FHIR: what becomes of a number whose result is text */
  readonly onTypeConflict?: 'string' | 'null' | 'drop'
  /** where names nobody knows are noted; absent = nowhere */
  readonly drift?: Pick<DriftBook, 'listener'>
}

const NO_AUTHORITIES: ReadonlyMap<string, string> = new Map()

/** Null when no policy applies to the call (ROLE_DENIED). Everything that may fail at load has failed before. */
export function compilePlan(rules: RuleSet, request: PlanRequest, world: World): Plan | null {
  const call = {
    recipient: request.recipient,
    scenario: request.scenario,
    holder: request.direction === 'response' ? request.provider : request.institution,
    project: request.project ?? null,
  }
  const pseudonyms = world.pseudonyms.forCall(call)
  const keyed = keyedOf(world.pseudonyms, call, world)
  const effects = effectsOf({
    today: world.today,
    pseudonyms,
    dictionaries: rules.dictionaries,
    role: request.role,
    keyed,
  })
  const decisions = compileDecisions(rules, request, effects)
  if (decisions === null) return null
  const { interest, ...rest } = decisions
  const onTypeConflict = world.onTypeConflict ?? 'string'
  const reader = FORMATS.get(request.format)!.compile(
    rules,
    {
      interfaceId: request.interfaceId,
      rows: request.rows,
      strictKeys: decisions.unknown.treatment !== 'keep' && decisions.unknown.treatment !== 'scrub',
      onTypeConflict,
      lines: linesOf(rules, request),
      ...(world.drift === undefined ? {} : { unknownName: world.drift.listener(request.interfaceId) }),
    },
    { ...interest, opens: opensOf(decisions) },
  )
  return {
    ...rest,
    reader,
    authorities: world.authorities ?? NO_AUTHORITIES,
    publicBase: world.publicBase ?? null,
    paging: request.paging ?? null,
    keyName: pseudonyms.keyName,
    onTypeConflict,
  }
}

/** What is kept loses nothing by being opened; prose that is treated at all is treated better by what stands in it. */
function opensOf({ decide, unknown }: Decisions): (element: Element) => boolean {
  return (element) => {
    const { bound } = decide(element, 0)
    if (bound.keeps) return true
    return element.group === 'free-text' && bound.method.name !== 'drop' && unknown.treatment !== 'keep'
  }
}

/** An NDJSON interface without JSON bindings of its own carries FHIR bulk data; with them, its provider's rows. */
function linesOf(rules: RuleSet, request: PlanRequest): 'json' | 'fhir' {
  const own = (b: Binding) =>
    b.interfaceId === request.interfaceId && (b.key !== null || b.pair !== null || (b.path?.startsWith('$') ?? false))
  return bindingsFor(rules, request.interfaceId).some(own) ? 'json' : 'fhir'
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
