/**
 * Reading a tape with its layout: which candidate a leaf has, whether a condition holds. Conditions are judged within
 * one instance of their scope, and a duplicate member that fulfils one counts (fail closed towards the narrower rule).
 */
import type { Document, Plan } from './plan.ts'
import type { Candidate } from './site.ts'
import { LEAF, OPEN, type Tape, TYPE_MASK } from './tape.ts'

export class Cursor {
  readonly plan: Plan
  readonly doc: Document
  readonly tape: Tape
  /** indexes of the OPEN entries around the current place, outermost first */
  readonly open: number[] = []
  #held = new Map<number, boolean>()

  constructor(plan: Plan, doc: Document, tape: Tape) {
    this.plan = plan
    this.doc = doc
    this.tape = tape
  }

  text(index: number): string {
    const w = this.tape.words
    const at = index << 2
    return this.doc.text(w[at]!, w[at + 2]!, w[at + 3]!)
  }

  isEmpty(index: number): boolean {
    const w = this.tape.words
    const at = index << 2
    return this.doc.isEmpty(w[at]!, w[at + 2]!, w[at + 3]!)
  }

  /** The binding that counts for a leaf: the narrowest whose condition holds; among equals the higher level. */
  choose(index: number): Candidate | null {
    const site = this.plan.reader.layout.sites[this.tape.words[(index << 2) + 1]!]!
    let best: Candidate | null = null
    for (const candidate of site.candidates) {
      if (best !== null && candidate.rank < best.rank) break
      if (candidate.condition >= 0 && !this.holds(candidate.condition)) continue
      if (best === null || candidate.element.level > best.element.level) best = candidate
    }
    return best
  }

  /** Does the condition hold in the innermost open instance of its scope? */
  holds(condition: number): boolean {
    const { layout } = this.plan.reader
    const wanted = layout.conditions[condition]!
    const words = this.tape.words
    for (let i = this.open.length - 1; i >= 0; i--) {
      const at = this.open[i]!
      if (words[(at << 2) + 1] !== wanted.scope) continue
      const key = at * 65_536 + condition
      const known = this.#held.get(key)
      if (known !== undefined) return known
      const found = this.#witnessed(at, condition)
      this.#held.set(key, found)
      return found
    }
    return false
  }

  #witnessed(openIndex: number, condition: number): boolean {
    const { layout } = this.plan.reader
    const words = this.tape.words
    const scope = words[(openIndex << 2) + 1]!
    const test = layout.conditions[condition]!.test
    const close = words[(openIndex << 2) + 3]!
    for (let i = openIndex + 1; i < close; i++) {
      const at = i << 2
      const type = words[at]! & TYPE_MASK
      if (type === OPEN && words[at + 1] === scope) i = words[at + 3]!
      else if (type === LEAF && layout.sites[words[at + 1]!]!.witnesses.includes(condition) && test(this.text(i)))
        return true
    }
    return false
  }

  /** Namespace of a local identifier: the institution its authority belongs to, else the provider. */
  namespace(index: number): string {
    const { plan } = this
    const authority = this.doc.authority(this.tape, index)
    if (authority === null || authority === '') return plan.provider
    const known = plan.authorities.get(authority)
    // A FHIR system often names a national numbering scheme, not an issuer: unknown ones do not split the namespace.
    return known ?? (plan.format === 'hl7v2' ? authority : plan.provider)
  }
}
