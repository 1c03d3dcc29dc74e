/** A rule set made of a few bindings, and what a reader leaves on the tape for it. */
import assert from 'node:assert/strict'
import { Edits } from '../../../src/base/splice.ts'
import { formatOf, type ReaderOptions } from '../../../src/mask/formats/index.ts'
import type { Binding, Element, FormatName, RuleSet } from '../../../src/mask/model.ts'
import type { Document, Interest, Reader } from '../../../src/mask/plan.ts'
import { CLOSE, KEY, LEAF, OPEN, Tape, TYPE_MASK } from '../../../src/mask/tape.ts'

export const LIMITS = { maxDepth: 1024, maxBytes: 64 << 20 }
export const HINTS = { charset: null, entryCharset: null }
export const ALL: Interest = { element: () => true, unknown: true, levelSearch: false, subject: false }
export const BOUND: Interest = { ...ALL, unknown: false }
export const OPTIONS: ReaderOptions = {
  interfaceId: null,
  rows: null,
  strictKeys: false,
  onTypeConflict: 'string',
  lines: 'fhir',
}

const LOCAL: ReadonlySet<string> = new Set(['record-no', 'order-no', 'resource-id'])

function element(id: string, index: number): Element {
  const at = { file: 'elements.yaml', line: index + 1, col: 3 }
  return { index, id, zh: id, kind: 'text', level: 3, group: null, local: LOCAL.has(id), detect: null, sign: null, at }
}

type Keyed = { readonly key: string; readonly in?: string } | { readonly pair: string }
/** element, selector, interface of its file (null = the format's) */
export type Line = readonly [string, string | Keyed, (string | null)?]

export function rulesOf(format: FormatName, lines: readonly Line[]): RuleSet {
  const elements = [...new Set(lines.map(([id]) => id))].map(element)
  const elementById = new Map(elements.map((e) => [e.id, e]))
  const bindings = lines.map(([id, selector, own = null], i): Binding => {
    const isPath = typeof selector === 'string'
    return {
      element: elementById.get(id)!,
      format: own === null ? format : null,
      interfaceId: own,
      path: isPath ? selector : null,
      key: !isPath && 'key' in selector ? selector.key : null,
      within: !isPath && 'key' in selector ? (selector.in ?? null) : null,
      pair: !isPath && 'pair' in selector ? selector.pair : null,
      at: { file: 'bindings.yaml', line: i + 1, col: 3 },
    }
  })
  return { elements, elementById, bindings, policies: [], dictionaries: new Map() }
}

export class Read {
  readonly reader: Reader
  readonly source: Buffer
  readonly tape = new Tape()
  readonly doc: Document
  readonly edits = new Edits()

  constructor(
    format: FormatName,
    rules: RuleSet,
    payload: unknown,
    interest = ALL,
    options: Partial<ReaderOptions> = {},
  ) {
    this.reader = formatOf(format).compile(rules, { ...OPTIONS, ...options }, interest)
    this.source = Buffer.isBuffer(payload)
      ? payload
      : Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
    this.doc = this.reader.read(this.source, this.tape, LIMITS, HINTS)
    this.#balanced()
  }

  /** Offsets rise, every OPEN has its CLOSE. */
  #balanced(): void {
    const w = this.tape.words
    const open: number[] = []
    let last = 0
    for (let i = 0; i < this.tape.count; i++) {
      const at = i << 2
      assert.ok(w[at + 2]! >= last, 'offsets rise')
      last = w[at + 2]!
      if ((w[at]! & TYPE_MASK) === OPEN) open.push(i)
      else if ((w[at]! & TYPE_MASK) === CLOSE) assert.equal(w[at + 3], open.pop())
    }
    assert.deepEqual(open, [])
  }

  /** Index of the LEAF whose raw bytes are these. */
  leaf(raw: string, nth = 0): number {
    const w = this.tape.words
    for (let i = 0; i < this.tape.count; i++) {
      const at = i << 2
      if ((w[at]! & TYPE_MASK) === LEAF && this.source.toString('utf8', w[at + 2], w[at + 3]) === raw && nth-- === 0)
        return i
    }
    return -1
  }

  site(raw: string, nth = 0) {
    const index = this.leaf(raw, nth)
    assert.ok(index >= 0, `no leaf ${raw}`)
    return this.reader.layout.sites[this.tape.words[(index << 2) + 1]!]!
  }

  /** Elements bound to a leaf with their part in it, narrowest first. */
  bound(raw: string, nth = 0): string[] {
    return this.site(raw, nth).candidates.map((c) => `${c.element.id} ${c.role}${c.condition < 0 ? '' : ' if'}`)
  }

  remove(raw: string, nth = 0): this {
    const at = this.leaf(raw, nth) << 2
    const w = this.tape.words
    this.doc.remove(this.edits, w[at]!, w[at + 2]!, w[at + 3]!)
    return this
  }

  replace(raw: string, text: string): boolean {
    const at = this.leaf(raw) << 2
    const w = this.tape.words
    return this.doc.replace(this.edits, w[at + 1]!, w[at]!, w[at + 2]!, w[at + 3]!, text)
  }

  /** Scopes in order of opening: flags that are set and the bytes they span. */
  scopes(): { flags: string; text: string }[] {
    const w = this.tape.words
    const out = []
    for (let i = 0; i < this.tape.count; i++) {
      const at = i << 2
      if ((w[at]! & TYPE_MASK) !== OPEN) continue
      const s = this.reader.layout.scopes[w[at + 1]!]!
      const flags = (['group', 'record', 'dropWhole'] as const).filter((f) => s[f])
      out.push({ flags: flags.join(' '), text: this.source.toString('utf8', w[at + 2], w[(w[at + 3]! << 2) + 2]) })
    }
    return out
  }

  /** Does some leaf on the tape fulfil the condition? */
  holds(condition: number): boolean {
    const w = this.tape.words
    const { layout } = this.reader
    for (let i = 0; i < this.tape.count; i++) {
      const at = i << 2
      if ((w[at]! & TYPE_MASK) !== LEAF || !layout.sites[w[at + 1]!]!.witnesses.includes(condition)) continue
      if (layout.conditions[condition]!.test(this.doc.text(w[at]!, w[at + 2]!, w[at + 3]!))) return true
    }
    return false
  }

  keys(): string[] {
    const w = this.tape.words
    const out = []
    for (let i = 0; i < this.tape.count; i++) {
      if ((w[i << 2]! & TYPE_MASK) === KEY) out.push(this.source.toString('utf8', w[(i << 2) + 2], w[(i << 2) + 3]))
    }
    return out
  }

  removeScope(flag: 'group' | 'record' | 'dropWhole', nth = 0): this {
    const w = this.tape.words
    for (let i = 0; i < this.tape.count; i++) {
      const at = i << 2
      if ((w[at]! & TYPE_MASK) !== OPEN || !this.reader.layout.scopes[w[at + 1]!]![flag] || nth-- > 0) continue
      this.doc.removeScope(this.edits, w[at + 1]!, w[at + 2]!, w[(w[at + 3]! << 2) + 2]!)
      return this
    }
    throw new Error(`no scope ${flag}`)
  }

  finish(): string {
    return this.doc.finish(this.edits).toString('utf8')
  }
}
