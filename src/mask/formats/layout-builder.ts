/** Sites, scopes and conditions of one reader, each kept once: their number depends on the rules, never on a payload. */
import type { Position } from '../../base/problem.ts'
import type { Admits, Candidate, Condition, Layout, Scope, Shape, Site } from '../site.ts'

/** Site and scope of the JSON family know besides whether their removal must leave a data-absent-reason. */
export interface JsonSite extends Site {
  readonly required: boolean
  /** names the authority of the identifier beside it */
  readonly authority: boolean
  /** the declared count of a Bundle inside a record */
  readonly innerTotal?: boolean
}

export interface JsonScope extends Scope {
  readonly required: boolean
  /** companion of a primitive (`_given`): in an array it keeps its place, so it becomes null */
  readonly aligned: boolean
  /** an Extension of FHIR */
  readonly extension: boolean
  /** a record that declared counts count */
  readonly counted: boolean
}

export interface SiteSpec {
  readonly candidates: readonly Candidate[]
  readonly structure: Shape | null
  readonly admits: Admits
  readonly witnesses: readonly number[]
  readonly reference: boolean
  readonly required: boolean
  readonly authority: boolean
  readonly link?: boolean
  readonly innerTotal?: boolean
  readonly stays?: Shape | null
}

/** A condition before it has a scope; `key` tells equal ones. */
export interface ConditionSpec {
  readonly key: string
  readonly test: (text: string) => boolean
  readonly at: Position
}

export interface ScopeSpec {
  readonly group: boolean
  readonly record: boolean
  readonly counted: boolean
  readonly dropWhole: boolean
  readonly required: boolean
  readonly aligned: boolean
  readonly extension: boolean
  /** a Bundle.link: it goes as a whole when its address goes */
  readonly link: boolean
  /** the condition that marks a phonetic form; it is one of `conditions` */
  readonly phonetic: ConditionSpec | null
  readonly conditions: readonly ConditionSpec[]
}

/** A scope that does nothing; specs name what differs. */
export const PLAIN_SCOPE: ScopeSpec = {
  group: false,
  record: false,
  counted: true,
  dropWhole: false,
  required: false,
  aligned: false,
  extension: false,
  link: false,
  phonetic: null,
  conditions: [],
}

export class LayoutBuilder implements Layout {
  readonly sites: JsonSite[] = []
  readonly scopes: JsonScope[] = []
  readonly conditions: Condition[] = []
  readonly #siteIds = new Map<string, number>()
  readonly #scopeIds = new Map<string, number>()
  readonly #shapes = new Map<Shape, number>()

  site(spec: SiteSpec): number {
    const key = JSON.stringify([
      spec.candidates.map((c) => [
        c.element.index,
        c.role,
        c.part,
        c.condition,
        c.rank,
        c.at.file,
        c.at.line,
        c.at.col,
      ]),
      this.#shapeKey(spec.structure),
      spec.admits,
      spec.witnesses,
      spec.reference,
      spec.required,
      spec.authority,
      spec.link === true,
      spec.innerTotal === true,
      this.#shapeKey(spec.stays ?? null),
    ])
    let id = this.#siteIds.get(key)
    if (id === undefined) {
      id = this.sites.length
      this.sites.push({ id, dropWhole: false, ...spec })
      this.#siteIds.set(key, id)
    }
    return id
  }

  /** The scope's id; its conditions stand in {@link JsonScope.conditions} in the order given. */
  scope(spec: ScopeSpec): number {
    const flags = [
      spec.group,
      spec.record,
      spec.counted,
      spec.dropWhole,
      spec.required,
      spec.aligned,
      spec.extension,
      spec.link,
      spec.phonetic?.key ?? null,
    ]
    const key = JSON.stringify([flags, spec.conditions.map((c) => c.key)])
    const known = this.#scopeIds.get(key)
    if (known !== undefined) return known
    const id = this.scopes.length
    const conditions = spec.conditions.map((c) => this.conditions.push({ scope: id, test: c.test, at: c.at }) - 1)
    const phonetic = spec.phonetic === null ? -1 : conditions[spec.conditions.indexOf(spec.phonetic)]!
    const { group, record, counted, dropWhole, required, aligned, extension, link } = spec
    this.scopes.push({
      id,
      group,
      record,
      counted,
      dropWhole,
      required,
      aligned,
      extension,
      link,
      phonetic,
      conditions,
    })
    this.#scopeIds.set(key, id)
    return id
  }

  #shapeKey(shape: Shape | null): number {
    if (shape === null) return -1
    let key = this.#shapes.get(shape)
    if (key === undefined) {
      key = this.#shapes.size
      this.#shapes.set(shape, key)
    }
    return key
  }
}

/** Narrowest first; what stands behind the first unconditional candidate can never count. */
export function orderCandidates(candidates: readonly Candidate[]): Candidate[] {
  const sorted = candidates.toSorted(
    (a, b) => b.rank - a.rank || b.element.level - a.element.level || a.condition - b.condition,
  )
  const sure = sorted.find((c) => c.condition < 0)
  return sure === undefined ? sorted : sorted.filter((c) => c.rank >= sure.rank)
}
