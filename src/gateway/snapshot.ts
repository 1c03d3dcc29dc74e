/**
 * Everything a call is judged under: one bundle's rules and directory, its plans and its wires. Immutable; a call keeps
 * the snapshot it began with, a reload makes a new one.
 */
import type { Directory } from '../access/directory.ts'
import type { Entry, Permit } from '../access/model.ts'
import { GatewayError } from '../base/errors.ts'
import type { Limits, Plan, PlanRequest, ReadHints } from '../mask/plan.ts'
import { refuseMaskedValues } from '../mask/written.ts'
import type { Wire } from './wire.ts'

export interface PayloadLimits {
  readonly maxDepth: number
  readonly maxRatio: number
}

/** An answer as it came, and what it was masked for. */
export interface ShadowCall {
  readonly request: PlanRequest
  readonly body: Buffer
  readonly hints: ReadHints
  readonly limits: Limits
}

/** Looks at an answer beside the road. Returns at once and never throws; `call` is asked only when it is looked at. */
export type Shadow = (size: number, call: () => ShadowCall) => void

/** What tells the plans of one snapshot apart; the recipient follows from institution, entry and direction. */
export interface PlanKey
  extends Pick<PlanRequest, 'direction' | 'institution' | 'role' | 'scenario' | 'purpose' | 'project'> {
  readonly entry: Entry
}

export interface SnapshotParts {
  /** hash of the bundle, as receipts and records quote it */
  readonly bundle: string
  readonly directory: Directory
  readonly wires: ReadonlyMap<string, Wire>
  readonly limits: PayloadLimits
  /** null: no policy's `for:` matches, or none by that name */
  readonly compilePlan: (request: PlanRequest) => Plan | null
  /** a plan whose reader sees every bound leaf, for the write check */
  readonly compileWriteCheck: (entry: Entry) => Plan
  readonly shadow?: () => Shadow | null
}

export interface Snapshot {
  readonly bundle: string
  /** null while no candidate runs beside these rules */
  shadow(): Shadow | null
  readonly directory: Directory
  readonly limits: PayloadLimits
  wire(entry: Entry): Wire
  /** compiled once for each different question and kept, within bounds; `request` is asked only for a new one */
  plan(asked: PlanKey, request: () => PlanRequest): Plan | null
  /** throws MASKED_VALUE_WRITTEN, PAYLOAD_* */
  refuseMaskedValues(permit: Permit, body: Buffer, charset: string | null): void
}

/** callers choose scenario and purpose (from signed tokens): the number of plans is bounded all the same */
const MAX_PLANS = 4096

export function createSnapshot(parts: SnapshotParts): Snapshot {
  const plans = new Map<string, Plan | null>()
  const checks = new Map<string, Plan>()
  const { bundle, directory, limits, wires } = parts
  return {
    bundle,
    directory,
    limits,
    shadow: parts.shadow ?? (() => null),
    wire(entry) {
      const wire = wires.get(entry.id)
      // its secrets could not be read: said at load, and the other entries work
      if (wire === undefined) throw new GatewayError('UPSTREAM_DOWN')
      return wire
    },
    plan(asked, request) {
      const key = planKey(asked)
      let plan = plans.get(key)
      if (plan === undefined || (plan?.lastDay != null && plan.effects.today() > plan.lastDay)) {
        plan = parts.compilePlan(request())
        if (plans.size >= MAX_PLANS) plans.clear()
        plans.set(key, plan)
      }
      return plan
    },
    refuseMaskedValues(permit, body, charset) {
      const { entry } = permit
      let check = checks.get(entry.id)
      if (check === undefined) {
        check = parts.compileWriteCheck(entry)
        checks.set(entry.id, check)
      }
      const hints = { charset, entryCharset: entry.charset }
      refuseMaskedValues(check, body, hints, { maxDepth: limits.maxDepth, maxBytes: entry.body.max })
    },
  }
}

/** Entry, provider, policy, rows and format hang together: of an entry only its id counts. */
const planKey = ({ entry, direction, institution, role, scenario, purpose, project }: PlanKey): string =>
  `${entry.id}\n${direction}\n${institution}\n${role}\n${scenario ?? ''}\n${purpose ?? ''}\n${project ?? ''}`
