/**
 * Lists as tables of statistics (method aggregate). Rows are the records of a payload that hold no record and are not
 * the payload itself: HIS rows at the entry's row path, entries of a FHIR Bundle. One row of every group that is large
 * enough stays and stands for it: structure, grouping values and statistics; everything else in it is removed, with the
 * other rows. What is shown of a grouping value is the key itself, so nothing of one row alone can leave.
 */

import type { AggregateSpec } from './aggregate-spec.ts'
import { parseDecimal } from './decimal.ts'
import { canonical, fitsKind } from './kinds.ts'
import type { Element } from './model.ts'
import { ownerOf } from './owner.ts'
import { boundsOf } from './payload-bounds.ts'
import type { Raise } from './plan.ts'
import { forEachLeaf, raiseOf } from './records.ts'
import type { Run } from './run.ts'
import { type Contribution, groupsShown, personsIn, statisticOf } from './statistics.ts'
import { CLOSE, KEY, LEAF, OPEN, STRING, TYPE_MASK } from './tape.ts'

interface Leaf {
  readonly index: number
  readonly element: Element
  readonly spec: AggregateSpec
  /** part of a grouping value, or the number's text */
  readonly value: string | null
}

interface Row {
  readonly open: number
  readonly owner: string | null
  readonly leaves: readonly Leaf[]
}

interface Group {
  readonly rows: readonly Row[]
  readonly size: number
}

/** Settles all rows and returns the indexes of their OPENs; null where no row holds a cell to aggregate. */
export function aggregateRows(run: Run): ReadonlySet<number> | null {
  const rows = rowsOf(run)
  const cells = rows.flatMap((r) => r.leaves)
  if (cells.length === 0) return null
  const k = cells.reduce((most, c) => Math.max(most, c.spec.k), 0)
  const perRow = cells.every((c) => c.spec.per === 'row')
  const stays = new Set<number>()
  for (const group of groupsShown(groupsOf(rows, perRow), k)) stays.add(writeGroup(run, group, k, perRow))
  for (const { open } of rows) {
    if (stays.has(open)) continue
    run.removeScope(open)
    run.counts.recordsDropped++
  }
  return new Set(rows.map((r) => r.open))
}

/** Records without a record inside that are not the whole payload. */
function rowsOf(run: Run): Row[] {
  const { cursor, tape } = run
  const words = tape.words
  const { scopes } = run.plan.reader.layout
  const whole = boundsOf(run.doc.source)
  const around: { open: number; holds: boolean }[] = []
  const rows: Row[] = []
  for (let i = 0; i < tape.count; i++) {
    const type = words[i << 2]! & TYPE_MASK
    if (type !== OPEN && type !== CLOSE) continue
    const isRecord = scopes[words[(i << 2) + 1]!]!.record
    if (type === OPEN) {
      cursor.open.push(i)
      if (!isRecord) continue
      const outer = around.at(-1)
      if (outer !== undefined) outer.holds = true
      around.push({ open: i, holds: false })
      continue
    }
    cursor.open.pop()
    if (!isRecord) continue
    const { open, holds } = around.pop()!
    const isPayload = words[(open << 2) + 2]! <= whole.start && words[(i << 2) + 2]! >= whole.end
    if (!holds && !isPayload) rows.push(readRow(run, open))
  }
  cursor.open.length = 0
  return rows
}

/** A row with its cells to aggregate; a record that a floor would leave out has none. */
function readRow(run: Run, open: number): Row {
  const { plan, cursor } = run
  const raise: Raise = plan.levelSearch ? raiseOf(cursor, open) : 0
  if (raise !== 0) run.counts.recordsRaised++
  const leaves: Leaf[] = []
  if ((raise & 1) !== 0 && plan.dropRaised) return { open, owner: null, leaves }
  forEachLeaf(cursor, open, (index) => {
    if (cursor.isEmpty(index)) return
    const candidate = cursor.choose(index)
    if (candidate === null || candidate.role === 'use' || candidate.role === 'echo') return
    const { element } = candidate
    const spec = plan.decide(element, raise).bound.aggregate
    if (spec === undefined) return
    const value = canonical(element.kind, cursor.text(index))
    leaves.push({ index, element, spec, value: spec.as === 'group' ? spec.part(value) : value })
  })
  return { open, owner: ownerOf(cursor, open), leaves }
}

/** What rows of one group have in common: every grouping leaf, in the order of the elements, then of the row. */
function keyOf(row: Row): string {
  const parts = row.leaves.filter((l) => l.spec.as === 'group').map((l) => [l.element.index, l.value] as const)
  return JSON.stringify(parts.toSorted(([a], [b]) => a - b))
}

/** Rows without a cell to aggregate (patients beside their observations) stand in no group and are not counted. */
function groupsOf(rows: readonly Row[], perRow: boolean): Group[] {
  const byKey = new Map<string, Row[]>()
  for (const row of rows) {
    if (row.leaves.length === 0) continue
    const key = keyOf(row)
    const list = byKey.get(key)
    if (list === undefined) byKey.set(key, [row])
    else list.push(row)
  }
  return [...byKey.values()].map((list) => ({
    rows: list,
    size: perRow ? list.length : personsIn(list.map((r) => r.owner)),
  }))
}

/** Writes the group into its fullest row and returns that row's OPEN. */
function writeGroup(run: Run, group: Group, k: number, perRow: boolean): number {
  const row = group.rows.reduce((a, b) => (elementsIn(b) > elementsIn(a) ? b : a))
  const results = new Map<number, string | null>()
  const written = new Set<Element>()
  for (const { index, element, spec, value } of row.leaves) {
    if (spec.as === 'group') results.set(index, value)
    else if (!written.has(element)) {
      written.add(element)
      results.set(index, resultOf(group, element, spec, k, perRow))
    }
  }
  writeRow(run, row, results)
  return row.open
}

const elementsIn = (row: Row): number => new Set(row.leaves.map((l) => l.element)).size

function resultOf(group: Group, element: Element, { as }: AggregateSpec, k: number, perRow: boolean): string | null {
  if (as === 'group') return null
  if (as === 'count') return String(group.size)
  const given: Contribution[] = group.rows.flatMap((row) =>
    row.leaves.flatMap((leaf) => {
      const value = leaf.element === element && isNumber(leaf.value) ? parseDecimal(leaf.value) : null
      return value === null ? [] : [{ value, owner: row.owner }]
    }),
  )
  const size = perRow ? given.length : personsIn(given.map((c) => c.owner))
  return size < k
    ? null
    : statisticOf(
        as,
        given.map((c) => c.value),
      )
}

/** What would not be kept as a number is not reckoned with either: a telephone number could be told from its sum. */
const isNumber = (text: string | null): text is string => text !== null && fitsKind('number', text)

const STRUCTURE = { source: 'structure', policy: null, at: null } as const

/** Everything in the row but its results and structure on its shape goes; keys that are payload get the marks of keys. */
function writeRow(run: Run, row: Row, results: ReadonlyMap<number, string | null>): void {
  const { plan, cursor, tape, doc, edits } = run
  const words = tape.words
  const elements = new Map(row.leaves.map((l) => [l.index, l.element]))
  const close = words[(row.open << 2) + 3]!
  for (let i = row.open + 1; i < close; i++) {
    const at = i << 2
    const type = words[at]! & TYPE_MASK
    if (type === OPEN && plan.reader.layout.scopes[words[at + 1]!]!.dropWhole) {
      run.removeScope(i)
      i = words[at + 3]!
    } else if (type === KEY) {
      const key = doc.text(words[at]! | STRING, words[at + 2]!, words[at + 3]!)
      doc.replaceKey(edits, words[at + 2]!, words[at + 3]!, `?${plan.keyName(key, 16)}`)
      run.counts.keysReplaced++
    } else if (type === LEAF && !cursor.isEmpty(i)) {
      const element = elements.get(i)
      if (element !== undefined) {
        const { why } = plan.decide(element, 0)
        run.write(i, results.get(i) ?? null, element, why, 'aggregate')
      } else if (!isStructure(run, i)) run.write(i, null, null, STRUCTURE, 'aggregate')
    }
  }
}

/** Structure of the row itself: what no rule binds and what stands there in its shape. */
function isStructure(run: Run, index: number): boolean {
  const site = run.plan.reader.layout.sites[run.tape.words[(index << 2) + 1]!]!
  if (site.candidates.length > 0 || site.reference || site.structure === null) return false
  return site.structure.test(run.cursor.text(index))
}
