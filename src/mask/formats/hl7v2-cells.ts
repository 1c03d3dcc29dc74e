/**
 * From bindings to sites: what one place (component, subcomponent) of a datatype means under the bindings that count
 * there. One winner each; a value off the shape of a use code is data.
 */
import type { Element } from '../model.ts'
import { type Guard, SKIP } from '../scan/hl7v2-program.ts'
import type { Candidate, Condition, Role, Scope, Shape, Site } from '../site.ts'
import { compositeOf, type Member } from './hl7v2-composites.ts'
import type { Bound } from './hl7v2-conditions.ts'
import { admitsOf, componentsOf, leafType, type Typed } from './hl7v2-datatypes.ts'
import { hl7Shape, shapeOfUse } from './hl7v2-shapes.ts'
import { structureAt } from './hl7v2-structure.ts'

export const RECORD_SCOPE = 0
export const GROUP_SCOPE = 1
export const NAME_SCOPE = 2
const PHONETIC = 0

/** Where a datatype says how a name is written: XPN.8, XCN.15, PPN.16 */
const REPRESENTATION: Readonly<Record<string, number>> = { XPN: 8, XCN: 15, PPN: 16 }

/** Places about people beside the patient: their numbers never stand for the record's subject. */
const OTHERS: ReadonlySet<string> = new Set([
  'NK1',
  'GT1',
  'IN1',
  'IN2',
  'IN3',
  'ROL',
  'PRD',
  'CTD',
  'STF',
  'PRT',
  'PID-21',
])

/** A site of HL7 v2 knows besides how far after it the assigning authority stands, in components. */
export interface Hl7Site extends Site {
  /** 0 = none */
  readonly authority: number
}

/** Which bindings count for one field, and what the field is. */
export interface Place {
  readonly segment: string
  readonly field: number
  readonly type: Typed
  readonly bound: readonly Bound[]
}

interface Claim {
  readonly bound: Bound
  readonly member: Member
}

/** Components from an identifier to its assigning authority: CX.1 -> CX.4, EI.1 -> EI.2, XCN.1 -> XCN.9. */
const AUTHORITY: Readonly<Record<string, number>> = { CX: 3, EI: 1, XCN: 8, PPN: 8, CN: 8 }

export class Hl7Cells {
  readonly sites: Hl7Site[] = []
  readonly guards: Guard[] = []
  readonly scopes: Scope[] = [
    { id: RECORD_SCOPE, group: false, record: true, phonetic: -1, dropWhole: false, conditions: [] },
    { id: GROUP_SCOPE, group: true, record: false, phonetic: -1, dropWhole: false, conditions: [] },
    { id: NAME_SCOPE, group: true, record: false, phonetic: PHONETIC, dropWhole: false, conditions: [PHONETIC] },
  ]
  readonly conditions: Condition[] = [
    { scope: NAME_SCOPE, test: (text) => /^\s*[AP]\s*$/i.test(text), at: { file: 'data/hl7v2.json', line: 1, col: 1 } },
  ]
  readonly #wanted: (element: Element) => boolean
  /** of those: not merely asked for another element's numbers */
  readonly #treated: (element: Element) => boolean
  readonly #unknown: boolean
  readonly #ids = new Map<string, number>()
  readonly #guardIds = new Map<string, number>()
  readonly #shapes = new Map<Shape, number>()

  constructor(wanted: (element: Element) => boolean, treated: (element: Element) => boolean, unknown: boolean) {
    this.#wanted = wanted
    this.#treated = treated
    this.#unknown = unknown
  }

  /** Site, {@link SKIP} or guard (-2 - index) for a component and subcomponent. */
  cell(place: Place, component: number, subcomponent: number): number {
    const claims: Claim[] = []
    for (const bound of place.bound) {
      const member = memberAt(bound, place.type, component, subcomponent)
      if (member !== null) claims.push({ bound, member })
    }
    const shaped = claims.filter((c) => c.member.otherwise !== null)
    const then = this.#site(place, component, subcomponent, claims, true)
    if (shaped.length === 0) return then
    const otherwise = this.#site(place, component, subcomponent, claims, false)
    if (then === otherwise) return then
    return -2 - this.#guard(shaped, leafType(place.type, component, subcomponent), then, otherwise)
  }

  /** Scope a repetition is wrapped in; -1 = its leaves stand alone. */
  scopeOf(place: Place): number {
    let scope = -1
    for (const { selector, binding } of place.bound) {
      if (selector.component > 0 || !this.#treated(binding.element)) continue
      if (!compositeOf(place.type.type, binding.element.kind).group) continue
      if (binding.element.kind === 'name' && place.type.type in REPRESENTATION) return NAME_SCOPE
      scope = GROUP_SCOPE
    }
    return scope
  }

  /** Is a lone value of the first component treated the same without a group? Codes need their group. */
  aloneIn(place: Place): boolean {
    return place.bound.every((bound) => {
      const role = memberAt(bound, place.type, 1, 1)?.role
      return role !== 'code' && role !== 'use'
    })
  }

  #site(place: Place, component: number, subcomponent: number, claims: readonly Claim[], onShape: boolean): number {
    const type = leafType(place.type, component, subcomponent)
    let best: Candidate | null = null
    let shape: string | null = null
    let rank = -1
    let ownPlace = true
    for (const { bound, member } of claims) {
      const { role, part } = onShape || member.otherwise === null ? member : member.otherwise
      const { element } = bound.binding
      if (bound.rank < rank || (bound.rank === rank && best !== null && element.level <= best.element.level)) continue
      rank = bound.rank
      ownPlace = member.otherwise === null
      // A composite may say of a place that it is no data; a broader binding does not take it back.
      shape = role === 'none' ? member.shape : null
      best = role === 'none' ? null : { element, role: role as Role, part, condition: -1, rank, at: bound.binding.at }
    }
    if (best !== null) {
      // A value that stays must be seen where another element's group may go: the whole repetition would take it along.
      const asked = best.role !== 'use' && ownPlace && this.#wanted(best.element)
      const seen = this.#treated(best.element) || asked || (best.role !== 'use' && this.scopeOf(place) >= 0)
      return seen ? this.#bound(place, component, subcomponent, best, type) : SKIP
    }
    if (!this.#unknown) return SKIP
    const structure =
      shape === null
        ? structureAt(place.segment, place.field, component, subcomponent, type)
        : hl7Shape(shape, 'says how the value beside it is meant')
    return this.#intern({
      candidates: [],
      structure,
      admits: admitsOf(type.type),
      witnesses: [],
      authority: 0,
      someoneElse: false,
    })
  }

  #bound(place: Place, component: number, subcomponent: number, candidate: Candidate, type: Typed): number {
    const names =
      candidate.element.kind === 'name' && REPRESENTATION[place.type.type] === component && subcomponent === 1
    return this.#intern({
      candidates: [candidate],
      structure: null,
      admits: admitsOf(type.type),
      witnesses: names ? [PHONETIC] : [],
      authority: component === 1 ? (AUTHORITY[place.type.type] ?? 0) : 0,
      someoneElse: OTHERS.has(place.segment) || OTHERS.has(`${place.segment}-${place.field}`),
    })
  }

  #intern(spec: Omit<Hl7Site, 'id' | 'reference' | 'dropWhole'>): number {
    const [c] = spec.candidates
    const what = c === undefined ? [] : [c.element.index, c.role, c.part, c.rank, c.at.file, c.at.line, c.at.col]
    const key = [
      ...what,
      this.#shapeKey(spec.structure),
      spec.admits,
      spec.witnesses.length,
      spec.authority,
      spec.someoneElse,
    ].join()
    let id = this.#ids.get(key)
    if (id === undefined) {
      id = this.sites.length
      this.sites.push({ id, reference: false, dropWhole: false, ...spec })
      this.#ids.set(key, id)
    }
    return id
  }

  #guard(shaped: readonly Claim[], type: Typed, then: number, otherwise: number): number {
    const names = [...new Set(shaped.map((c) => c.member.shape!))]
    const key = [type.table, then, otherwise, ...names].join()
    let id = this.#guardIds.get(key)
    if (id === undefined) {
      const tests = names.map((name) => shapeOfUse(name, type))
      id = this.guards.push({ test: (text) => tests.every((t) => t(text.trim())), then, otherwise }) - 1
      this.#guardIds.set(key, id)
    }
    return id
  }

  #shapeKey(shape: Shape | null): number {
    if (shape === null) return -1
    let key = this.#shapes.get(shape)
    if (key === undefined) this.#shapes.set(shape, (key = this.#shapes.size))
    return key
  }
}

const WHOLE: Member = { role: 'whole', part: 0, shape: null, otherwise: null }

/** How a binding takes part at a place of a datatype; null = it does not reach there. */
export function memberAt(bound: Bound, type: Typed, component: number, subcomponent: number): Member | null {
  const { selector, binding } = bound
  const { kind } = binding.element
  if (selector.component === 0) return compositeOf(type.type, kind).member(component, subcomponent)
  if (selector.component !== component) return null
  if (selector.subcomponent > 0) return selector.subcomponent === subcomponent ? WHOLE : null
  const components = componentsOf(type.type)
  const inner = components.length === 0 ? type : components[component - 1]
  return compositeOf(inner?.type ?? 'ST', kind).member(subcomponent, 1)
}
