/** Compiles bindings into what the HL7 v2 scanner asks for: plans of segments, fields and repetitions, made on first use. */

import type { Position } from '../../base/problem.ts'
import type { UnknownName } from '../drift.ts'
import type { Binding, Element, RuleSet } from '../model.ts'
import type { Interest } from '../plan.ts'
import {
  type FieldPlan,
  type Guard,
  type Program,
  type RepetitionPlan,
  type SegmentPlan,
  SKIP,
  type TextOf,
  unpackName,
} from '../scan/hl7v2-program.ts'
import type { Repetition } from '../scan/hl7v2-repetition.ts'
import type { Layout } from '../site.ts'
import { bindingsFor } from './binding-index.ts'
import { Hl7Cells, type Place, RECORD_SCOPE } from './hl7v2-cells.ts'
import { compositeOf } from './hl7v2-composites.ts'
import { type Bound, counts, isConditional, otherFields, SegmentFacts } from './hl7v2-conditions.ts'
import { componentsOf, fieldCount, fieldType, type Typed } from './hl7v2-datatypes.ts'
import { ObservationFacts, VALUE } from './hl7v2-observations.ts'
import { fitsSegment, isSelectorError, parseSelector, rankOf, type Selector } from './hl7v2-selector.ts'
import { fitsType } from './hl7v2-shapes.ts'
import { identifierElements } from './identifier-observations.ts'
import { treated, wanted } from './wants.ts'

const MAX_CONDITIONAL = 30
const INTERFACE_RANK = 10
const ANY_FIELD = 0
/** a field no definition and no binding reaches */
const BEYOND = 1000
const OBSERVATION: Position = { file: 'data/identifier-observations.json', line: 1, col: 1 }
/** QPD-3 and such hold whatever the query asks for */
const OPEN_TYPES: Readonly<Record<string, string>> = { identifier: 'CX', name: 'XPN', address: 'XAD', phone: 'XTN' }

/** Bindings of the format and of one interface, selectors read. Throws on a selector that `check` refuses. */
export function readBound(rules: RuleSet, interfaceId: string | null): Bound[] {
  return boundOf(bindingsFor(rules, interfaceId))
}

/** The same of some bindings only. */
export function boundOf(bindings: readonly Binding[]): Bound[] {
  const bound: Bound[] = []
  for (const binding of bindings) {
    const own = binding.interfaceId !== null
    if (!own && binding.format !== 'hl7v2') continue
    const selector = parseSelector(binding.path ?? '')
    if (isSelectorError(selector)) throw new Error(`${binding.at.file}:${binding.at.line}: ${selector.error}`)
    bound.push({ binding, selector, rank: rankOf(selector) + (own ? INTERFACE_RANK : 0) })
  }
  return bound
}

export class Hl7Program implements Program {
  readonly recordScope = RECORD_SCOPE
  readonly layout: Layout
  readonly guards: readonly Guard[]
  readonly #cells: Hl7Cells
  readonly #bound: readonly Bound[]
  readonly #wanted: (element: Element) => boolean
  readonly #unknown: boolean
  /** by element id: candidates of identifier observations */
  readonly #observed: ReadonlyMap<string, Bound>
  readonly #segments = new Map<number, SegmentPlan | null>()
  readonly #plain: SegmentPlan | null
  readonly #unknownName: UnknownName | undefined

  constructor(rules: RuleSet, interfaceId: string | null, interest: Interest, unknownName?: UnknownName) {
    this.#unknownName = unknownName
    this.#wanted = wanted(interest)
    this.#unknown = interest.unknown
    this.#bound = readBound(rules, interfaceId)
    this.#cells = new Hl7Cells(this.#wanted, treated(interest), interest.unknown)
    this.layout = this.#cells
    this.guards = this.#cells.guards
    this.#observed = new Map(
      [...identifierElements].flatMap((id) => {
        const element = rules.elementById.get(id)
        return element === undefined ? [] : [[id, observedAs(element)] as const]
      }),
    )
    const rest = this.#fixed({ segment: '   ', field: BEYOND, type: { type: 'ST', table: 0 }, bound: [] })
    this.#plain = rest === null ? null : { fields: [], rest, foresight: null, inOrder: true }
  }

  segment(packed: number): SegmentPlan | null {
    let plan = this.#segments.get(packed)
    if (plan === undefined) {
      plan = this.#compile(unpackName(packed))
      this.#segments.set(packed, plan)
    }
    return plan
  }

  #compile(name: string): SegmentPlan | null {
    const bound = this.#bound.filter((b) => fitsSegment(b.selector, name))
    const observation = name === 'OBX'
    if (bound.length === 0 && fieldCount(name) === 0) {
      this.#unknownName?.('', name)
      return this.#plain
    }
    const facts = observation ? new ObservationFacts(bound) : factsOf(bound)
    const anyField = bound.filter((b) => b.selector.field === ANY_FIELD)
    const last = Math.max(
      this.#unknown || anyField.length > 0 ? fieldCount(name) : 0,
      ...bound.map((b) => b.selector.field),
      observation ? VALUE : 0,
    )
    const fields: (FieldPlan | null)[] = [null]
    for (let field = 1; field <= last; field++) {
      const here = bound.filter((b) => b.selector.field === field || b.selector.field === ANY_FIELD)
      fields.push(
        observation && field === VALUE
          ? this.#observationValue(here, facts as ObservationFacts)
          : this.#field(name, field, here, facts),
      )
    }
    if (isHeader(name)) fields[1] = fields[2] = null
    const rest = this.#field(name, BEYOND, anyField, facts)
    // A field that stays as it is must not fall to what holds beyond the last one.
    if (rest === null) while (fields.length > 0 && fields.at(-1) === null) fields.pop()
    if (fields.length === 0 && rest === null) return null
    const foresees = facts !== null && (!observation || fields[VALUE] != null || bound.some(isConditional))
    const firstChoice = fields.findIndex((f) => f !== null && f.choose !== null)
    const inOrder = facts === null || (rest?.choose == null && (firstChoice < 0 || firstChoice >= facts.wanted.length))
    return { fields, rest, foresight: foresees ? facts : null, inOrder }
  }

  #field(segment: string, field: number, bound: readonly Bound[], facts: SegmentFacts | null): FieldPlan | null {
    const type = openType(fieldType(segment, field), bound)
    const always = bound.filter((b) => !isConditional(b))
    const sometimes = bound.filter(isConditional)
    if (sometimes.length === 0) return this.#fixed({ segment, field, type, bound: always })
    if (sometimes.length > MAX_CONDITIONAL)
      throw new Error(`${segment}-${field}: more than ${MAX_CONDITIONAL} bindings with conditions`)
    if (!this.#unknown && !bound.some((b) => this.#wanted(b.binding.element))) return null
    const plans = new Map<number, RepetitionPlan | null>()
    const choose: FieldPlan['choose'] = (repetition, number, text) => {
      const held = heldBy(sometimes, repetition, number, text, facts, null)
      return memo(plans, held, () => {
        const now = [...always, ...sometimes.filter((_, i) => (held & (1 << i)) !== 0)]
        return this.#repetition({ segment, field, type, bound: now })
      })
    }
    return { fixed: null, choose }
  }

  /** OBX-5: its type is told by OBX-2 unless that lies, its element by OBX-3 when that names an identifier. */
  #observationValue(bound: readonly Bound[], facts: ObservationFacts): FieldPlan | null {
    const sometimes = bound.filter(isConditional)
    if (sometimes.length > MAX_CONDITIONAL)
      throw new Error(`OBX-5: more than ${MAX_CONDITIONAL} bindings with conditions`)
    const ordinary = this.#unknown || bound.some((b) => this.#wanted(b.binding.element))
    if (!ordinary && ![...this.#observed.values()].some((b) => this.#wanted(b.binding.element))) return null
    const named = new Map<string, RepetitionPlan | null>()
    const plans = new Map<string, Map<number, RepetitionPlan | null>>()
    const make = (type: string, now: readonly Bound[]): RepetitionPlan | null =>
      this.#repetition({ segment: 'OBX', field: VALUE, type: { type, table: 0 }, bound: now })
    const choose: FieldPlan['choose'] = (repetition, number, text) => {
      const own = facts.element === null ? undefined : this.#observed.get(facts.element)
      if (own === undefined && !ordinary) return null
      const type = effectiveType(facts.type, repetition, text)
      if (own !== undefined) return memo(named, `${type} ${facts.element}`, () => make(type, [own]))
      const held = heldBy(sometimes, repetition, number, text, facts, type)
      const ofType = memo(plans, type, () => new Map<number, RepetitionPlan | null>())
      return memo(ofType, held, () =>
        make(
          type,
          bound.filter((b) => !isConditional(b) || (held & (1 << sometimes.indexOf(b))) !== 0),
        ),
      )
    }
    return { fixed: null, choose }
  }

  #fixed(place: Place): FieldPlan | null {
    const fixed = this.#repetition(place)
    return fixed === null ? null : { fixed, choose: null }
  }

  #repetition(place: Place): RepetitionPlan | null {
    const { rows, columns } = extent(place)
    const sites = new Int32Array(rows * columns).fill(SKIP)
    let any = false
    for (let component = 1; component < rows; component++)
      for (let sub = 1; sub < columns; sub++) {
        const site = this.#cells.cell(place, component, sub)
        if (site !== SKIP) any = true
        sites[component * columns + sub] = site
      }
    if (!any) return null
    return { scope: this.#cells.scopeOf(place), alone: this.#cells.aloneIn(place), sites, rows, columns }
  }
}

const isHeader = (name: string): boolean => name === 'MSH' || name === 'FHS' || name === 'BHS'

function factsOf(bound: readonly Bound[]): SegmentFacts | null {
  const needed = bound.some(({ selector: s }) => s.occurrence > 0 || s.filters.some((f) => f.field !== null))
  return needed ? new SegmentFacts(bound.flatMap(otherFields), []) : null
}

const observedAs = (element: Element): Bound => ({
  binding: {
    element,
    format: 'hl7v2',
    interfaceId: null,
    path: 'OBX-5',
    key: null,
    within: null,
    pair: null,
    at: OBSERVATION,
  } satisfies Binding,
  selector: {
    segment: 'OBX',
    wild: false,
    occurrence: 0,
    field: 5,
    repetition: 0,
    component: 0,
    subcomponent: 0,
    filters: [],
  } satisfies Selector,
  rank: 3,
})

/** A field whose type the query or trigger decides is laid out as its binding's kind usually is. */
function openType(type: Typed, bound: readonly Bound[]): Typed {
  if (type.type !== 'VARIES' || bound.length === 0) return type.type === 'VARIES' ? { type: 'ST', table: 0 } : type
  return { type: OPEN_TYPES[bound[0]!.binding.element.kind] ?? 'ST', table: 0 }
}

/** One row and column more than anything names: they stand for all beyond. */
function extent({ type, bound }: Place): { rows: number; columns: number } {
  const components = componentsOf(type.type)
  const inner = components.map((c) => componentsOf(c.type).length)
  const named = bound.map(({ selector, binding }) =>
    selector.component > 0 ? selector.component : compositeOf(type.type, binding.element.kind).last,
  )
  const rows = Math.max(1, components.length, ...named) + 2
  const columns = Math.max(1, ...inner, ...bound.map((b) => b.selector.subcomponent)) + 2
  return { rows, columns }
}

/** One bit for each conditional binding that counts for the repetition. */
function heldBy(
  bound: readonly Bound[],
  repetition: Repetition,
  number: number,
  text: TextOf,
  facts: SegmentFacts | null,
  type: string | null,
): number {
  let held = 0
  for (let i = 0; i < bound.length; i++) if (counts(bound[i]!, repetition, number, text, facts, type)) held |= 1 << i
  return held
}

function memo<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  let value = known.get(key)
  if (value === undefined) known.set(key, (value = make()))
  return value
}

const CHECKED: ReadonlySet<string> = new Set(['NM', 'SI', 'DT', 'TM', 'TS', 'DTM'])

/** What OBX-2 announces, or text where the value is not of that type. */
function effectiveType(announced: string, repetition: Repetition, text: TextOf): string {
  if (!CHECKED.has(announced)) return announced
  if (repetition.count === 0 || !(repetition.plain || announced === 'TS')) return 'ST'
  return fitsType(announced, text(repetition.from(0), repetition.to(0), repetition.escaped(0))) ? announced : 'ST'
}
