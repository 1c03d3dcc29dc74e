/**
 * What a place in a payload means under a rule set: which elements are bound there (narrowest first), whether it is
 * structure, and what its carrier admits. Built once per (rule set, format, interface) by the format; the engine
 * combines it with a policy's decisions.
 */
import type { Position } from '../base/problem.ts'
import type { Element } from './model.ts'

/**
 * How a leaf takes part in its composite (HumanName, XPN, Address, CX, CodeableConcept ...). `echo` is another form of
 * the value (pinyin, geolocation, birth time): it never feeds a method and goes whenever the value is treated.
 */
export type Role = 'whole' | 'part' | 'code' | 'use' | 'echo'

export interface Candidate {
  readonly element: Element
  readonly role: Role
  /** order among parts: family 0, given 1 ... ; state 0, city 1 ... */
  readonly part: number
  /** index into {@link Layout.conditions}; -1 = unconditional */
  readonly condition: number
  /** narrowness: type 0 < path 1 < path with condition 2; the interface's own file adds 10 */
  readonly rank: number
  readonly at: Position
}

/** Admission by shape of a place that carries structure, not data (rules-language.md, Structure). */
export interface Shape {
  readonly reason: string
  /** what stands there may say how sensitive its record is (FHIR `meta.security`) */
  readonly label?: boolean
  /** the decoded text exactly as sent */
  readonly test: (text: string) => boolean
  /** off shape: `unknown`, or a pseudonym where receivers dedupe by the value (MSH-10 and MSH-3..-6) */
  readonly otherwise: 'unknown' | 'pseudonym'
}

/** What the carrier's type takes as a result; what is not admitted is removed. */
export type Admits = 'text' | 'id' | 'code' | 'uri' | 'date' | 'datetime' | 'instant' | 'number' | 'none'

export interface Site {
  readonly id: number
  /** narrowest first; empty = no element bound */
  readonly candidates: readonly Candidate[]
  readonly structure: Shape | null
  readonly admits: Admits
  /** conditions this leaf can fulfil: index into {@link Layout.conditions} */
  readonly witnesses: readonly number[]
  /** a FHIR reference, fullUrl, request.url ...: the id part gets the treatment of resource-id */
  readonly reference: boolean
  /** of the references the address of a Bundle.link: a page of this very search, or it goes with its link */
  readonly link?: boolean
  /** removed whole, whatever it holds (narrative, meta.source, signatures); only in scopes */
  readonly dropWhole: boolean
  /** a text of this shape stays whatever is bound: labels of pairs the rules know, ids of contained resources */
  readonly stays?: Shape | null
  /** about somebody beside the record's subject (next of kin, guarantor, insured): its numbers are not the subject's */
  readonly someoneElse?: boolean
}

export interface Condition {
  /** the scope whose one instance both witness and leaf must share */
  readonly scope: number
  readonly test: (text: string) => boolean
  readonly at: Position
}

export interface Scope {
  readonly id: number
  /** members are joined, treated once, and the result goes to the whole leaf, else to the first part */
  readonly group: boolean
  /** a record in the sense of rules-language.md */
  readonly record: boolean
  /** condition that marks a phonetic form (XPN.8 A|P, SYL|ABC): the scope goes whenever its group is treated; -1 = none */
  readonly phonetic: number
  /** removed whole (narrative, meta.source, signature) unless unknown values and report-text are kept */
  readonly dropWhole: boolean
  /** a Bundle.link */
  readonly link?: boolean
  /** conditions judged in this scope */
  readonly conditions: readonly number[]
}

/** Sites, scopes and conditions of one (rule set, format, interface); grown lazily by the format's graph. */
export interface Layout {
  readonly sites: readonly Site[]
  readonly scopes: readonly Scope[]
  readonly conditions: readonly Condition[]
}

const wholes = new WeakMap<Element, Candidate>()

/** A value found where no binding says so stands for a whole one of its element. */
export function wholeOf(element: Element): Candidate {
  let whole = wholes.get(element)
  if (whole === undefined)
    wholes.set(element, (whole = { element, role: 'whole', part: 0, condition: -1, rank: 0, at: element.at }))
  return whole
}
