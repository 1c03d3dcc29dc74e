/** One FHIR binding as the graph follows it: a parsed selector with its rank and its condition. */
import type { Binding, Element } from '../model.ts'
import type { FhirSelector } from './fhir-path.ts'
import type { ConditionSpec } from './layout-builder.ts'

export interface FhirBinding {
  readonly index: number
  readonly binding: Binding
  readonly element: Element
  readonly selector: FhirSelector
  /** narrowness without and with its condition */
  readonly rank: number
  readonly conditionalRank: number
  /** condition of the selector, or null */
  readonly condition: ConditionSpec | null
  /** paths, from where the condition stands, whose leaves can fulfil it */
  readonly witnesses: readonly (readonly string[])[]
  /** a leaf whose text fails this is no witness at all; null = any may be */
  readonly only: ((text: string) => boolean) | null
  /** steps after which the condition stands */
  readonly after: number
  readonly wanted: boolean
}
