/**
 * Reading a tape with its layout: which candidate a leaf has, whether a condition holds. Conditions are judged within
 * one instance of their scope, and a duplicate member that fulfils one counts (fail closed towards the narrower rule).
 */
import type { Finding, Sign } from './level5-signs.ts'
import type { Element } from './model.ts'
import type { Document, Plan } from './plan.ts'
import type { Candidate } from './site.ts'
import { LEAF, OPEN, type Tape, TYPE_MASK } from './tape.ts'

interface Judged {
  readonly open: number
  /** conditions that hold: few, so a list is enough */
  readonly held: readonly number[]
}

const NONE: number[] = []
/** texts kept; a power of two, and how long one may be */
const KEPT = 128
const LONGEST = 256
// One payload at a time is read: all cursors share the place, which would cost each of them an array of its own.
const whose = new Int32Array(KEPT)
const kept = new Int32Array(KEPT)
const texts: string[] = new Array<string>(KEPT).fill('')
let cursors = 0

export class Cursor {
  readonly plan: Plan
  readonly doc: Document
  readonly tape: Tape
  /** indexes of the OPEN entries around the current place, outermost first */
  readonly open: number[] = []
  #findings: Map<readonly Sign[], Map<string, Finding>> | null = null
  /** tells its own among the texts read last */
  readonly #serial = (cursors = (cursors + 1) | 0)
  /** by depth in {@link open}: what holds in the scope instance there; never more than the nesting is deep */
  readonly #judged: (Judged | undefined)[] = []

  constructor(plan: Plan, doc: Document, tape: Tape) {
    this.plan = plan
    this.doc = doc
    this.tape = tape
  }

  /** What short texts of the payload were found to say, by the signs they were asked for (records.ts). */
  get findings(): Map<readonly Sign[], Map<string, Finding>> {
    return (this.#findings ??= new Map())
  }

  text(index: number): string {
    // A record's leaves are asked for its level, its subject and their treatment, one after the other.
    const slot = index & (KEPT - 1)
    if (kept[slot] === index && whose[slot] === this.#serial) return texts[slot]!
    const w = this.tape.words
    const at = index << 2
    const text = this.doc.text(w[at]!, w[at + 2]!, w[at + 3]!)
    if (text.length > LONGEST) return text
    whose[slot] = this.#serial
    kept[slot] = index
    return (texts[slot] = text)
  }

  isEmpty(index: number): boolean {
    const w = this.tape.words
    const at = index << 2
    return this.doc.isEmpty(w[at]!, w[at + 2]!, w[at + 3]!)
  }

  /** The binding that counts for a leaf: the narrowest whose condition holds; among equals the one of which less is left. */
  choose(index: number): Candidate | null {
    const site = this.plan.reader.layout.sites[this.tape.words[(index << 2) + 1]!]!
    let best: Candidate | null = null
    for (const candidate of site.candidates) {
      if (best !== null && candidate.rank < best.rank) break
      if (candidate.condition >= 0 && !this.holds(candidate.condition)) continue
      if (best === null || this.#isStricter(candidate.element, best.element)) best = candidate
    }
    return best
  }

  /** Rules that were checked leave no choice but where the payload does not say what it is (an unknown resource). */
  #isStricter(a: Element, b: Element): boolean {
    if (a === b) return false
    if (this.plan.policies.length === 0) return a.level > b.level
    const more = shareLeft(this.plan, a) - shareLeft(this.plan, b)
    return more < 0 || (more === 0 && a.level > b.level)
  }

  /** Does the condition hold in the innermost open instance of its scope? */
  holds(condition: number): boolean {
    const wanted = this.plan.reader.layout.conditions[condition]!.scope
    const words = this.tape.words
    for (let depth = this.open.length - 1; depth >= 0; depth--) {
      const at = this.open[depth]!
      if (words[(at << 2) + 1] !== wanted) continue
      let judged = this.#judged[depth]
      if (judged === undefined || judged.open !== at) {
        judged = { open: at, held: this.#judge(at) }
        this.#judged[depth] = judged
      }
      return judged.held.includes(condition)
    }
    return false
  }

  /** Every condition that holds in the scope instance opened at `openIndex`; its leaves are read once for all of them. */
  #judge(openIndex: number): readonly number[] {
    const { sites, conditions } = this.plan.reader.layout
    const words = this.tape.words
    const scope = words[(openIndex << 2) + 1]!
    const close = words[(openIndex << 2) + 3]!
    let held = NONE
    for (let i = openIndex + 1; i < close; i++) {
      const at = i << 2
      const type = words[at]! & TYPE_MASK
      if (type === OPEN && words[at + 1] === scope) i = words[at + 3]!
      if (type !== LEAF) continue
      const { witnesses } = sites[words[at + 1]!]!
      if (witnesses.length === 0) continue
      const text = this.text(i)
      for (const condition of witnesses) {
        const { scope: home, test } = conditions[condition]!
        if (home !== scope || held.includes(condition) || !test(text)) continue
        if (held === NONE) held = []
        held.push(condition)
      }
    }
    return held
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

/** What the plan leaves of an element, as a share of its level: keep 1, drop 0. */
function shareLeft(plan: Plan, element: Element): number {
  const { bound, keepByKind } = plan.decide(element, 0)
  // What is kept by kind may still turn out to be unknown: a little less than kept.
  return bound.method.leaves(element.level, bound.params) / element.level - (keepByKind ? 0.01 : 0)
}
