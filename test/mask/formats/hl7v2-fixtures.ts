/** What the HL7 v2 tests share: elements, a reader over given bindings, and a small engine of their own. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Edits } from '../../../src/base/splice.ts'
import { hl7v2 } from '../../../src/mask/formats/hl7v2.ts'
import { compilePlan, compileRules, createRing, Pseudonyms } from '../../../src/mask/index.ts'
import type { RuleSet } from '../../../src/mask/model.ts'
import type { Document, Interest, Plan, Reader, ReadHints } from '../../../src/mask/plan.ts'
import { LEAF, Tape, TYPE_MASK } from '../../../src/mask/tape.ts'
import { asking } from '../fixtures.ts'

const root = new URL('../../../', import.meta.url)
export const text = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** Rules of the shipped elements and the given binding lines (or the shipped ones). */
export function rulesWith(bindings: string | null): RuleSet {
  const { rules, problems } = compileRules([
    { path: 'elements.yaml', text: text('rules/elements.yaml') },
    {
      path: 'bindings/hl7v2.yaml',
      text: bindings === null ? text('rules/bindings/hl7v2.yaml') : `format: hl7v2\n${bindings}`,
    },
  ])
  if (rules === null) throw new Error(JSON.stringify(problems.filter((p) => p.severity === 'error')))
  return rules
}

export const EVERYTHING: Interest = { element: () => true, unknown: true, levelSearch: true, subject: true }
const OPTIONS = { interfaceId: null, rows: null, strictKeys: false, onTypeConflict: 'string', lines: 'json' } as const

export const readerOf = (bindings: string | null, interest: Interest = EVERYTHING): Reader =>
  hl7v2.compile(rulesWith(bindings), OPTIONS, interest)

export const NO_LIMITS = { maxDepth: 1000, maxBytes: Number.MAX_SAFE_INTEGER }
export const NO_HINTS: ReadHints = { charset: null, entryCharset: null }

export interface Leaf {
  readonly index: number
  readonly address: string
  readonly text: string
  /** element id, `structure`, or `unknown` */
  readonly is: string
  readonly role: string | null
}

export interface Read {
  readonly doc: Document
  readonly tape: Tape
  readonly leaves: readonly Leaf[]
}

export function read(reader: Reader, source: Buffer | string, hints: ReadHints = NO_HINTS): Read {
  const tape = new Tape()
  const doc = reader.read(Buffer.isBuffer(source) ? source : Buffer.from(source), tape, NO_LIMITS, hints)
  const at: number[] = []
  for (let i = 0; i < tape.count; i++) if ((tape.words[i << 2]! & TYPE_MASK) === LEAF) at.push(i)
  const addresses = doc.addresses(at.map((i) => tape.words[(i << 2) + 2]!))
  const leaves = at.map((index, n): Leaf => {
    const [head, id, start, end] = tape.words.subarray(index << 2, (index << 2) + 4) as unknown as [
      number,
      number,
      number,
      number,
    ]
    const site = reader.layout.sites[id]!
    const candidate = site.candidates[0]
    const is = candidate?.element.id ?? (site.structure?.test(doc.text(head, start, end)) ? 'structure' : 'unknown')
    return { index, address: addresses[n]!, text: doc.text(head, start, end), is, role: candidate?.role ?? null }
  })
  return { doc, tape, leaves }
}

/** Address -> element, for readable assertions. */
export const elements = (found: Read): Record<string, string> =>
  Object.fromEntries(found.leaves.map((l) => [l.address, l.is]))

/** Replaces leaves by address; `null` removes. */
export function edit(found: Read, changes: Readonly<Record<string, string | null>>): Buffer {
  const edits = new Edits()
  const left = new Set(Object.keys(changes))
  for (const leaf of found.leaves) {
    const to = changes[leaf.address]
    if (to === undefined) continue
    left.delete(leaf.address)
    const [head, site, start, end] = found.tape.words.subarray(leaf.index << 2, (leaf.index << 2) + 4) as unknown as [
      number,
      number,
      number,
      number,
    ]
    if (to === null || !found.doc.replace(edits, site, head, start, end, to)) found.doc.remove(edits, head, start, end)
  }
  if (left.size > 0) throw new Error(`no leaf at ${[...left].join(', ')}`)
  return edits.count === 0 ? found.doc.source : found.doc.finish(edits)
}

/** Lines joined as segments. */
export const er7 = (...segments: readonly string[]): string => segments.map((s) => `${s}\r`).join('')
export const MSH =
  'MSH|^~\\&|HIS|H0001|GW|H0002|20261121101500||ADT^A01^ADT_A01|MSG00001|P|2.4|||AL|NE|CHN|UNICODE UTF-8'

/** A plan of the shipped elements and bindings named, for an HL7 v2 answer under the policy's lines. */
export function hl7Plan(policy: string, bindings: readonly string[]): Plan {
  const { rules, problems } = compileRules([
    ...['elements.yaml', ...bindings.map((name) => `bindings/${name}.yaml`)].map((path) => ({
      path,
      text: text(`rules/${path}`),
    })),
    {
      path: 'policies/p.yaml',
      text: `policy: p\nbasis: b\nowner: o\nreview: 2099-01-01\nfor: { roles: [r] }\n${policy}`,
    },
  ])
  assert.ok(rules !== null, JSON.stringify(problems))
  const pseudonyms = new Pseudonyms(createRing(Buffer.alloc(32, 7), '2026-01-01T00:00:00Z'))
  return compilePlan(rules, asking('r', 'hl7v2'), { pseudonyms, today: () => '2026-11-21' })!
}
