/**
 * The engine: walks a tape once, decides every leaf by the plan and turns results into edits. It knows no format and
 * no method; both come in through the plan.
 */
import { GatewayError } from '../base/errors.ts'
import type { Edits } from '../base/splice.ts'
import { aggregateRows } from './aggregate.ts'
import { type Counts, countKept, countMethod, countQuick, countTreated } from './counts.ts'
import { Cursor } from './cursor.ts'
import { settleGroup } from './group.ts'
import { settleGroupBytes } from './group-bytes.ts'
import { isOfItsKind } from './kept.ts'
import { treatAsResidentId } from './kept-id.ts'
import { canonical, isBlank as isBlankText } from './kinds.ts'
import type { Element } from './model.ts'
import { ownerOf } from './owner.ts'
import { isWholePayload } from './payload-bounds.ts'
import { type Decision, type Document, leavesOf, type Plan, type Raise, type Why } from './plan.ts'
import { type Quick, quickOf } from './quick.ts'
import { type QuickKeeps, quickKeepsOf } from './quick-keep.ts'
import { raiseOf, type Subject, subjectOf, tellsOfRecords } from './records.ts'
import { linkGoes, treatReference } from './reference.ts'
import type { Observer, Outcome, Run } from './run.ts'
import { isTextOf, isVisible } from './same-text.ts'
import type { Candidate, Site } from './site.ts'
import { BOOLEAN, CLOSE, LEAF, NUMBER, OPEN, SETTLED, STRING, type Tape, TYPE_MASK } from './tape.ts'
import { PayloadText } from './text/payload-text.ts'
import { type Prose, type ProseSites, proseSitesOf } from './text/prose.ts'
import type { Place } from './transforms/transform.ts'
import { isWrapped } from './wrapped.ts'

interface RecordFrame {
  readonly open: number
  readonly raise: Raise
  readonly subject: Subject | null
  readonly owner: string | null
}

/** Quick sites per plan; sites are numbered by the plan's own reader. */
const quickSites = new WeakMap<Plan, (Quick | null | undefined)[]>()

/** Runs the plan over one tape. Throws GatewayError LEVEL5_FORBIDDEN, PAYLOAD_INVALID (unknown: withhold), or what a method threw. */
export function applyPlan(
  plan: Plan,
  doc: Document,
  tape: Tape,
  edits: Edits,
  counts: Counts,
  observe: Observer | null,
): void {
  new Walk(plan, doc, tape, edits, counts, observe).walk()
}

class Walk implements Run {
  readonly plan: Plan
  readonly doc: Document
  readonly tape: Tape
  readonly edits: Edits
  readonly counts: Counts
  readonly observe: Observer | null
  readonly cursor: Cursor
  readonly #records: RecordFrame[] = []
  readonly #quick: (Quick | null | undefined)[]
  readonly #keeps: QuickKeeps
  readonly #prose: ProseSites
  /** made on first use: only plans that read sentences need it */
  #text: PayloadText | null = null
  /** made on first use: most payloads have no such keys */
  #keyNames: Map<string, string> | null = null
  /** quick sites met in this payload; their hits are counted when it is over */
  readonly #touched: Quick[] = []

  constructor(plan: Plan, doc: Document, tape: Tape, edits: Edits, counts: Counts, observe: Observer | null) {
    this.plan = plan
    this.doc = doc
    this.tape = tape
    this.edits = edits
    this.counts = counts
    this.observe = observe
    this.cursor = new Cursor(plan, doc, tape)
    let quick = quickSites.get(plan)
    if (quick === undefined) quickSites.set(plan, (quick = []))
    this.#quick = quick
    this.#keeps = quickKeepsOf(plan)
    this.#prose = proseSitesOf(plan)
  }

  get raise(): Raise {
    const n = this.#records.length
    return n === 0 ? 0 : this.#records[n - 1]!.raise
  }

  get subject(): Subject | null {
    return this.#records.at(-1)?.subject ?? null
  }

  get #owner(): string | null {
    const n = this.#records.length
    return n === 0 ? null : this.#records[n - 1]!.owner
  }

  walk(): void {
    try {
      this.#steps()
    } finally {
      if (this.#touched.length > 0) countQuick(this.counts, this.#touched)
    }
  }

  #steps(): void {
    const { words } = this.tape
    const count = this.tape.count
    const { open } = this.cursor
    const rows = this.plan.aggregates === true ? aggregateRows(this) : null
    for (let i = 0; i < count; ) {
      const head = words[i << 2]!
      const type = head & TYPE_MASK
      if (type === LEAF) {
        if ((head & SETTLED) === 0) this.#leaf(i, head)
        i++
      } else if (type === OPEN) i = this.#scope(i, rows)
      else if (type === CLOSE) {
        open.pop()
        const n = this.#records.length
        if (n > 0 && this.#records[n - 1]!.open === words[(i << 2) + 3]) this.#records.pop()
        i++
      } else this.#key(i++)
    }
  }

  #leaf(index: number, head: number): void {
    const words = this.tape.words
    const at = index << 2
    const id = words[at + 1]!
    if (this.observe === null && this.raise === 0) {
      const quick = this.quickAt(id)
      if (quick === null ? this.#keeps.settles(this, index) : this.#fast(quick, head, words[at + 2]!, words[at + 3]!))
        return
      const prose = this.#prose.at(id)
      if (prose !== null && this.#write(prose, index, head)) return
    }
    const site = this.plan.reader.layout.sites[id]!
    if (site.stays?.test(this.cursor.text(index)) === true) return this.#structure(index)
    const candidate = this.cursor.choose(index)
    if (candidate === null) this.#unbound(index, site)
    else if (site.reference) treatReference(this, index, candidate)
    else this.treat(index, candidate)
  }

  /** Byte road for the commonest case; false = take the full one. */
  #fast(quick: Quick, head: number, start: number, end: number): boolean {
    const { doc, edits } = this
    if (!doc.plain(head, start, end)) return false
    const q = doc.quote
    if (end - start === 2 * q) return false
    const at = edits.reserve(start + q, (end - start) * 4 + 64)
    const used = quick.bytes(doc.source, start + q, end - q, edits.scratch, at)
    if (used < 0) return false
    edits.commit(start + q, end - q, used)
    if (quick.hits++ === 0) this.#touched.push(quick)
    return true
  }

  /** Byte road of texts written anew; false = take the full one. */
  #write({ dictionaries, element, why }: Prose, index: number, head: number): boolean {
    const words = this.tape.words
    const { doc } = this
    const start = words[(index << 2) + 2]!
    const end = words[(index << 2) + 3]!
    const plain = doc.plain(head, start, end)
    // Numbers and booleans as JSON writes them are their bytes too.
    if (!plain && (head & (NUMBER | BOOLEAN)) === 0) return false
    const q = plain ? doc.quote : 0
    const text = this.textAt(index).codesOf(doc.source, start + q, end - q, dictionaries)
    if (text === undefined) return false
    if (element === null) this.counts.unknown++
    this.write(index, text, element, why, 'codes-only')
    return true
  }

  quickAt(id: number): Quick | null {
    const quick = this.#quick[id]
    return quick === undefined ? (this.#quick[id] = quickOf(this.plan, id, this.#quick)) : quick
  }

  /** Enters a scope; returns the index to go on from. */
  #scope(index: number, rows: ReadonlySet<number> | null): number {
    const words = this.tape.words
    const at = index << 2
    const scope = this.plan.reader.layout.scopes[words[at + 1]!]!
    const close = words[at + 3]!
    if (rows?.has(index) === true || linkGoes(this, index, scope)) return close + 1
    if (scope.dropWhole && this.#dropsWhole()) {
      this.removeScope(index)
      countMethod(this.counts, 'drop')
      return close + 1
    }
    if (scope.group && this.observe === null && this.raise === 0 && settleGroupBytes(this, index)) return close + 1
    if (scope.record && !this.#enterRecord(index)) return close + 1
    this.cursor.open.push(index)
    if (scope.group && settleGroup(this, index) === 'removed') {
      this.cursor.open.pop()
      return close + 1
    }
    return index + 1
  }

  /** Narrative and signatures repeat what is masked elsewhere: only who is shown the unknown is shown them. */
  #dropsWhole(): boolean {
    if (this.plan.unknown.treatment !== 'keep') return true
    const text = this.plan.rules.elementById.get('report-text')
    return text !== undefined && !this.plan.decide(text, this.raise).bound.keeps
  }

  #enterRecord(index: number): boolean {
    const { plan, counts } = this
    const own = plan.levelSearch ? raiseOf(this.cursor, index) : 0
    const raise = (own | this.raise) as Raise
    if (own !== 0) {
      counts.recordsRaised++
      if (own & 1) counts.levelIn = 5
    }
    if ((raise & 1) !== 0 && plan.dropRaised) {
      if (this.#isRoot(index)) throw new GatewayError('LEVEL5_FORBIDDEN')
      this.removeScope(index)
      counts.recordsDropped++
      return false
    }
    const owner = plan.needsOwner === true ? (ownerOf(this.cursor, index) ?? this.#owner) : null
    this.#records.push({ open: index, raise, subject: plan.needsSubject ? this.#subjectIn(index) : null, owner })
    return true
  }

  /** A record without a number of its own speaks of the outer one's subject where that is named. */
  #subjectIn(index: number): Subject {
    const own = subjectOf(this.cursor, index)
    const outer = this.subject
    return own.token !== null || outer === null || outer.name === null ? own : outer
  }

  /** A record that is the whole payload was asked for directly: leaving it out would answer with nothing. */
  #isRoot(index: number): boolean {
    if (this.plan.format === 'ndjson') return false
    const words = this.tape.words
    return isWholePayload(this.doc.source, words[(index << 2) + 2]!, words[(words[(index << 2) + 3]! << 2) + 2]!)
  }

  removeScope(index: number): void {
    const words = this.tape.words
    const at = index << 2
    this.doc.removeScope(this.edits, words[at + 1]!, words[at + 2]!, words[(words[at + 3]! << 2) + 2]!)
  }

  #unbound(index: number, site: Site): void {
    if (this.cursor.isEmpty(index)) return
    if (site.structure === null || tellsOfRecords(this.cursor, site, index, this.raise)) return this.unknown(index)
    if (this.plan.unknown.treatment === 'keep' || site.structure.test(this.cursor.text(index)))
      return this.#structure(index)
    if (site.structure.otherwise === 'pseudonym') return this.#offShape(index)
    this.unknown(index)
  }

  #structure(index: number): void {
    this.counts.structure++
    this.observe?.(index, null, { source: 'structure', policy: null, at: null }, 'kept', 'keep')
  }

  /** Control ids and facility codes off their shape: receivers dedupe by them, so they become a token, never `***`. */
  #offShape(index: number): void {
    const { plan } = this
    const element = plan.rules.elementById.get('resource-id') ?? plan.rules.elements[0]!
    const text = plan.effects.pseudonym(element, plan.provider, canonical('identifier', this.cursor.text(index)))
    this.write(index, text, null, { source: 'structure', policy: null, at: null }, 'pseudonym')
  }

  /** A scalar no binding knows, or a kept value off its kind. */
  unknown(index: number): void {
    const { treatment, why } = this.plan.unknown
    if (this.cursor.isEmpty(index)) return
    if (treatment === 'withhold') throw new GatewayError('PAYLOAD_INVALID')
    this.counts.unknown++
    if (treatment === 'keep') {
      this.observe?.(index, null, why, 'kept', 'keep')
      return
    }
    const result =
      treatment === 'scrub' || treatment === 'codes-only'
        ? this.textAt(index).unknown(this.cursor.text(index), treatment)
        : treatment === 'redact'
          ? '***'
          : null
    this.write(index, result, null, why, treatment)
  }

  /** One bound leaf outside a composite. */
  treat(index: number, candidate: Candidate): void {
    if (this.cursor.isEmpty(index)) return
    const { element } = candidate
    const decision = this.plan.decide(element, this.raise)
    if (decision.bound.drops === true && isVisible(this.doc, this.tape.words, index))
      return this.write(index, null, element, decision.why, decision.bound.method.name)
    const raw = this.cursor.text(index)
    if (decision.bound.keeps) return this.keep(index, element, decision, raw)
    // Sentences are read as sent.
    const value = decision.bound.method.prose === true ? raw.trim() : canonical(element.kind, raw)
    if (value === '') {
      if (!isBlankText(raw)) this.write(index, null, element, decision.why, decision.bound.method.name)
      return
    }
    // Another form of a value (a pinyin key) never feeds the method: it goes whenever the value is treated.
    const result =
      candidate.role === 'echo'
        ? null
        : decision.bound.apply(value, this.place(index, element, candidate, value, null, raw))
    this.write(index, result, element, decision.why, decision.bound.method.name)
  }

  /** keep by kind outside direct care: what is not of its kind is nobody's known value. */
  keep(index: number, element: Element, decision: Decision, raw: string): void {
    if ((decision.keepByKind && !isOfItsKind(this, index, element, raw)) || isWrapped(raw)) return this.unknown(index)
    if (decision.holding != null && treatAsResidentId(this, index, decision.holding, raw)) return
    countKept(this.counts, element.level)
    this.observe?.(index, element, decision.why, 'kept', 'keep')
  }

  place(
    index: number,
    element: Element,
    candidate: Candidate,
    value: string,
    companion: string | null = null,
    raw = value,
  ): Place {
    const subject = this.subject
    return {
      element,
      text: this.plan.needsText === true ? this.textAt(index) : undefined,
      namespace: element.local ? this.cursor.namespace(index) : '',
      subject:
        element.id === 'person-name' && subject !== null && (subject.name === null || subject.name === value)
          ? subject.token
          : null,
      role: candidate.role,
      companion,
      raw,
      owner: this.#owner,
    }
  }

  readonly textAt = (index: number): PayloadText => (this.#text ??= new PayloadText(this)).at(index)

  /** Writes a result: text where the carrier admits it, else the leaf goes. Equal text leaves the bytes alone. */
  write(index: number, result: string | null, element: Element | null, why: Why, method: string): void {
    const words = this.tape.words
    const at = index << 2
    const head = words[at]!
    const start = words[at + 2]!
    const end = words[at + 3]!
    let outcome: Outcome = 'removed'
    // A number or boolean that scrub finds nothing in, or substitute keeps, keeps its type.
    if (
      result !== null &&
      ((head & STRING) !== 0 || method === 'scrub' || method === 'substitute') &&
      isTextOf(this.doc, head, start, end, result)
    )
      outcome = 'kept'
    else if (result === null || !this.doc.replace(this.edits, words[at + 1]!, head, start, end, result))
      this.doc.remove(this.edits, head, start, end)
    else outcome = 'replaced'
    if (element !== null) this.#count(element, method, outcome)
    else if (why.source !== 'unknown') countMethod(this.counts, method)
    this.observe?.(index, element, why, outcome, method)
  }

  #count(element: Element, method: string, outcome: Outcome): void {
    const left = outcome === 'removed' ? 0 : leavesOf(this.plan.decide(element, this.raise), element)
    countTreated(this.counts, method, element.level, left)
  }

  #key(index: number): void {
    const words = this.tape.words
    const start = words[(index << 2) + 2]!
    const end = words[(index << 2) + 3]!
    const key = this.doc.text(words[index << 2]! | STRING, start, end)
    this.doc.replaceKey(this.edits, start, end, this.#keyName(key))
    this.counts.keysReplaced++
  }

  #keyName(key: string): string {
    const names = (this.#keyNames ??= new Map())
    for (let digits = 6; ; digits += 2) {
      const name = `?${this.plan.keyName(key, digits)}`
      const owner = names.get(name)
      if (owner === undefined || owner === key) {
        names.set(name, key)
        return name
      }
    }
  }
}
