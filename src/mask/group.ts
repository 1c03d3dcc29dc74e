/**
 * Composites (HumanName, XPN, Address, XAD, CX, CodeableConcept ...): parts are joined, the method runs once, the
 * result goes to the whole leaf, else to the first part; other parts are removed, use codes stay; a removed group goes
 * with its use codes. The leaves of one coding are treated together (rules-language.md, Groups).
 */
import { countTreated } from './counts.ts'
import { joinParts } from './join.ts'
import { canonical, isBlank } from './kinds.ts'
import type { Element } from './model.ts'
import type { Decision } from './plan.ts'
import type { Run } from './run.ts'
import type { Candidate } from './site.ts'
import { CLOSE, LEAF, OPEN, SETTLED, TYPE_MASK } from './tape.ts'
import type { Bound, Result } from './transforms/transform.ts'

interface Member {
  readonly index: number
  readonly candidate: Candidate
  readonly empty: boolean
}

/** Settles the group opened at `index`. 'removed': the whole scope is gone, nothing inside is to be visited. */
export function settleGroup(run: Run, index: number): 'removed' | 'open' {
  const byElement = membersOf(run, index)
  const scope = run.plan.reader.layout.scopes[run.tape.words[(index << 2) + 1]!]!
  if (scope.phonetic >= 0 && run.cursor.holds(scope.phonetic)) {
    for (const [element, members] of byElement)
      if (members.some(isValue) && !run.plan.decide(element, run.raise).bound.keeps)
        return removeWhole(run, index, element)
  }
  // Judged first and written after: what one element leaves decides whether another's leaves are written at all.
  const judged: Judged[] = []
  for (const [element, members] of byElement) {
    const filled = members.filter((m) => !m.empty)
    if (filled.length > 0) judged.push(judge(run, element, filled))
  }
  for (const one of judged)
    if (one.removed && isAlone(run, byElement, one.element)) return removeWhole(run, index, one.element)
  for (const one of judged) write(run, one)
  return 'open'
}

/** When its values go, nothing but use codes is left: no other element has a value here, or none that stays. */
function isAlone(run: Run, byElement: ReadonlyMap<Element, readonly Member[]>, element: Element): boolean {
  if (byElement.size === 1) return true
  for (const [other, members] of byElement)
    if (other !== element && members.some((m) => !m.empty && m.candidate.role !== 'use'))
      if (run.plan.decide(other, run.raise).bound.method.name !== 'drop') return false
  return true
}

const isValue = (m: Member): boolean => !m.empty && m.candidate.role !== 'echo' && m.candidate.role !== 'use'

/** Bound leaves that belong directly to this group, by element, marked as settled. */
function membersOf(run: Run, index: number): Map<Element, Member[]> {
  const { cursor, plan } = run
  const words = run.tape.words
  const { scopes } = plan.reader.layout
  const close = words[(index << 2) + 3]!
  const found = new Map<Element, Member[]>()
  const depth = cursor.open.length
  for (let i = index + 1; i < close; i++) {
    const at = i << 2
    const type = words[at]! & TYPE_MASK
    if (type === OPEN) {
      // A composite inside a composite settles itself.
      const scope = scopes[words[at + 1]!]!
      if (scope.group || scope.record || scope.dropWhole) i = words[at + 3]!
      else cursor.open.push(i)
    } else if (type === CLOSE) cursor.open.pop()
    else if (type === LEAF) {
      const candidate = cursor.choose(i)
      if (candidate === null || plan.reader.layout.sites[words[at + 1]!]!.reference) continue
      words[at] = words[at]! | SETTLED
      const list = found.get(candidate.element)
      const member = { index: i, candidate, empty: cursor.isEmpty(i) }
      if (list === undefined) found.set(candidate.element, [member])
      else list.push(member)
    }
  }
  cursor.open.length = depth
  return found
}

function removeWhole(run: Run, index: number, element: Element): 'removed' {
  const { bound, why } = run.plan.decide(element, run.raise)
  run.removeScope(index)
  countTreated(run.counts, bound.method.name, element.level, 0)
  run.observe?.(index, element, why, 'removed', bound.method.name)
  return 'removed'
}

/** Another form of the value (pinyin, geolocation): it stays only where the value itself is kept. */
function settleEcho(run: Run, m: Member, element: Element): void {
  const decision = run.plan.decide(element, run.raise)
  if (decision.bound.keeps) run.keep(m.index, element, decision, run.cursor.text(m.index))
  else run.write(m.index, null, element, decision.why, decision.bound.method.name)
}

const byPart = (a: Member, b: Member): number => a.candidate.part - b.candidate.part || a.index - b.index

/** What becomes of one element's filled leaves in a group; nothing is written yet. */
interface Judged {
  readonly element: Element
  readonly members: readonly Member[]
  readonly decision: Decision
  /** what the method runs on; empty where it is not asked */
  readonly texts: readonly Source[]
  readonly results: ReadonlyMap<Member, Result>
  /** texts are whole leaves, not parts joined */
  readonly whole: boolean
  /** it had a value, and the method left nothing of it */
  readonly removed: boolean
}

const NO_RESULTS: ReadonlyMap<Member, Result> = new Map()

function judge(run: Run, element: Element, members: readonly Member[]): Judged {
  const decision = run.plan.decide(element, run.raise)
  const { bound } = decision
  const judged = { element, members, decision }
  if (bound.keeps || members.every((m) => m.candidate.role === 'echo'))
    return { ...judged, texts: [], results: NO_RESULTS, whole: false, removed: false }
  const { texts, whole } = textsOf(run, element, members)
  const codes = codesOf(run, members)
  const results = new Map<Member, Result>()
  treat(run, element, bound, texts, codes[0]?.value ?? null, results)
  treat(run, element, bound, codes, texts[0]?.value ?? null, results)
  return {
    ...judged,
    texts,
    results,
    whole,
    removed: results.size > 0 && [...results.values()].every((r) => r === null),
  }
}

function write(run: Run, { element, members, decision, texts, results, whole, removed }: Judged): void {
  if (members.every((m) => m.candidate.role === 'echo')) {
    for (const m of members) settleEcho(run, m, element)
    return
  }
  const { bound, why } = decision
  if (bound.keeps) return keepAll(run, element, members)
  removeForeignUses(run, members, element, decision)
  if (results.size === 0) {
    for (const m of members) removeHidden(run, m, element)
    return
  }
  const method = bound.method.name
  // A value the method lets pass (无名氏, an own token) passes with the parts it is made of; beside a whole leaf parts
  // are another spelling that nobody judged, and an echo always is one.
  const passes = !whole && texts.length > 0 && results.get(texts[0]!.member) === texts[0]!.raw
  if (passes) countTreated(run.counts, method, element.level, bound.method.leaves(element.level, bound.params))
  for (const m of members) {
    const { role } = m.candidate
    if (role === 'use' && (!removed || isForeignUse(run, m))) continue
    if (passes && role === 'part') run.observe?.(m.index, element, why, 'kept', method)
    else run.write(m.index, admitted(m, results.get(m) ?? null), element, why, method)
  }
}

function keepAll(run: Run, element: Element, members: readonly Member[]): void {
  const decision = run.plan.decide(element, run.raise)
  for (const m of members)
    if (m.candidate.role !== 'use') run.keep(m.index, element, decision, run.cursor.text(m.index))
}

/** A leaf that takes a result, and what the method runs on there. */
interface Source {
  readonly member: Member
  readonly raw: string
  readonly value: string
}

/** Every whole leaf that says something, each for itself; without one the first part, for all parts joined. */
function textsOf(
  run: Run,
  element: Element,
  members: readonly Member[],
): { readonly texts: readonly Source[]; readonly whole: boolean } {
  const source = (member: Member, raw: string): Source => ({ member, raw, value: canonical(element.kind, raw) })
  const wholes = members
    .filter((m) => m.candidate.role === 'whole')
    .map((m) => source(m, run.cursor.text(m.index)))
    .filter((s) => s.value !== '')
  if (wholes.length > 0) return { texts: wholes, whole: true }
  const parts = members.filter((m) => m.candidate.role === 'part').sort(byPart)
  if (parts.length === 0) return { texts: [], whole: false }
  const joined = source(parts[0]!, joinParts(parts.map((m) => run.cursor.text(m.index))))
  return { texts: joined.value === '' ? [] : [joined], whole: false }
}

/** The codes of a coding: each is treated with the text beside it, and the text with the first of them. */
function codesOf(run: Run, members: readonly Member[]): readonly Source[] {
  return members
    .filter((m) => m.candidate.role === 'code')
    .map((member) => {
      const raw = run.cursor.text(member.index)
      return { member, raw, value: canonical('code', raw) }
    })
    .filter((s) => s.value !== '')
}

function treat(
  run: Run,
  element: Element,
  bound: Bound,
  sources: readonly Source[],
  companion: string | null,
  results: Map<Member, Result>,
): void {
  for (const { member, value, raw } of sources)
    results.set(member, bound.apply(value, run.place(member.index, element, member.candidate, value, companion, raw)))
}

/** In a composite without a value blanks stay; other forms of it and characters nobody sees go. */
function removeHidden(run: Run, m: Member, element: Element): void {
  const { role } = m.candidate
  if (role === 'use' || (role !== 'echo' && isBlank(run.cursor.text(m.index)))) return
  const { bound, why } = run.plan.decide(element, run.raise)
  run.write(m.index, null, element, why, bound.method.name)
}

/** A use code off its shape says nothing of use: it is somebody's data in a place nobody looks at. */
const isForeignUse = (run: Run, { index, candidate }: Member): boolean => {
  if (candidate.role !== 'use') return false
  const { structure } = run.plan.reader.layout.sites[run.tape.words[(index << 2) + 1]!]!
  return structure !== null && !structure.test(run.cursor.text(index))
}

function removeForeignUses(run: Run, members: readonly Member[], element: Element, { bound, why }: Decision): void {
  for (const m of members) if (isForeignUse(run, m)) run.write(m.index, null, element, why, bound.method.name)
}

/** `***` is no code: a code leaf keeps only what still is one. */
const admitted = (m: Member, result: string | null): string | null =>
  m.candidate.role === 'code' && result !== null && /[*\s]/.test(result) ? null : result
