/**
 * What explain says against what came out, judged by the readers of this folder: a value said to be kept stands there in
 * its own bytes, one said to be gone does not, and nothing else has changed.
 */
import assert from 'node:assert/strict'
import type { Explained, Kind } from '../../../src/mask/index.ts'
import { member, type Node, readJson, textOf } from './json.ts'

type Said = Pick<Explained, 'outcome' | 'method' | 'element'>

/** A value of the source, what explain said of it, and what it became. */
export interface Fate {
  readonly address: string
  readonly value: string
  /** `silent`: explain does not speak of it, so nothing may have happened to it */
  readonly outcome: Said['outcome'] | 'silent'
  readonly method: string
  readonly kind: Kind | null
  /** null = gone */
  readonly result: string | null
}

export const fateOf = (address: string, value: string, said: Said | undefined, result: string | null): Fate => ({
  address,
  value,
  outcome: said?.outcome ?? 'silent',
  method: said?.method ?? '',
  kind: said?.element?.kind ?? null,
  result,
})

/** A node of the source with what explain says of it; a document in a string is opened where explain opened it. */
/** The same place in the source and in what came out. */
interface Place {
  readonly before: number
  readonly after: number
}

interface Marked {
  readonly node: Node
  readonly text: string
  readonly address: string
  readonly said: Said | undefined
  readonly inner: Marked | null
  readonly items: readonly Marked[]
}

/** Explained places by address, in document order where an address comes twice. */
export class Verdicts {
  readonly #queues = new Map<string, Said[]>()
  readonly #below = new Set<string>()

  constructor(leaves: readonly Explained[]) {
    for (const { address, outcome, method, element } of leaves) {
      const queue = this.#queues.get(address)
      if (queue === undefined) this.#queues.set(address, [{ outcome, method, element }])
      else queue.push({ outcome, method, element })
      for (let i = 1; i < address.length; i++)
        if (address[i] === '.' || address[i] === '[') this.#below.add(address.slice(0, i))
    }
  }

  take(address: string): Said | undefined {
    return this.#queues.get(address)?.shift()
  }

  has(address: string): boolean {
    return (this.#queues.get(address)?.length ?? 0) > 0
  }

  /** Is something below this address spoken of? */
  below(address: string): boolean {
    return this.#below.has(address)
  }

  left(): string[] {
    return [...this.#queues].filter(([, queue]) => queue.length > 0).map(([address]) => address)
  }
}

const step = (address: string, key: string): string =>
  /^[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*$/.test(key)
    ? `${address}.${key}`
    : `${address}[${JSON.stringify(key)}]`

function mark(node: Node, text: string, address: string, verdicts: Verdicts): Marked {
  const said = verdicts.take(address)
  const own = { node, text, address, said }
  if (node.kind === 'scalar') {
    const opened = node.raw.startsWith('"') && verdicts.below(address)
    const inner = opened ? mark(readJson(textOf(node.raw)), textOf(node.raw), address, verdicts) : null
    return { ...own, inner, items: [] }
  }
  if (node.kind === 'array') {
    const items = node.items.map((item, i) => mark(item, text, `${address}[${i}]`, verdicts))
    return { ...own, inner: null, items }
  }
  const columns = member(node, 'columns')
  const names = columns?.kind === 'array' ? columns.items.map((c) => (c.kind === 'scalar' ? textOf(c.raw) : '')) : null
  const items = node.members.map(({ key, value }) =>
    key === 'rows' && names !== null && value.kind === 'array'
      ? markRows(value, text, step(address, key), names, verdicts)
      : mark(value, text, step(address, key), verdicts),
  )
  return { ...own, inner: null, items }
}

/** Rows of a table are read as objects of its columns. */
function markRows(
  node: Node & { kind: 'array' },
  text: string,
  address: string,
  names: readonly string[],
  verdicts: Verdicts,
): Marked {
  const items = node.items.map((row, i): Marked => {
    const place = `${address}[${i}]`
    if (row.kind !== 'array') return mark(row, text, place, verdicts)
    const cells = row.items.map((cell, j) =>
      mark(
        cell,
        text,
        verdicts.below(`${place}[${j}]`) || !verdicts.below(place)
          ? `${place}[${j}]`
          : cellAddress(place, j, names, verdicts),
        verdicts,
      ),
    )
    return { node: row, text, address: place, said: undefined, inner: null, items: cells }
  })
  return { node, text, address, said: verdicts.take(address), inner: null, items }
}

function cellAddress(place: string, j: number, names: readonly string[], verdicts: Verdicts): string {
  // A cell no column names, or one whose name nobody knows, is `_`.
  const named = [step(place, names[j] ?? '_'), `${place}._`].find((address) => verdicts.has(address))
  return named ?? `${place}[${j}]`
}

/** Judges one JSON payload. @throws AssertionError where the output is not what was said */
export class JsonJudge {
  readonly #fhir: boolean
  readonly fates: Fate[] = []

  constructor(fhir: boolean) {
    this.#fhir = fhir
  }

  judge(leaves: readonly Explained[], source: string, output: string): void {
    const verdicts = new Verdicts(leaves)
    const before = readJson(source)
    const type = this.#fhir ? member(before, 'resourceType') : undefined
    const root = !this.#fhir ? '$' : type?.kind === 'scalar' ? textOf(type.raw) : 'Resource'
    const marked = mark(before, source, root, verdicts)
    assert.deepEqual(verdicts.left(), [], 'explain speaks of places that are not there')
    const after = readJson(output)
    this.#pair(marked, after, output)
    assert.equal(output.slice(0, after.start), source.slice(0, before.start), 'before the document')
    assert.equal(output.slice(after.end), source.slice(before.end), 'after the document')
  }

  #pair(m: Marked, after: Node | null, text: string): void {
    if (m.said?.outcome === 'removed' && m.node.kind !== 'scalar') return this.#goneWith(m)
    if (after === null) return this.#gone(m)
    if (this.#fhir && m.node.kind !== 'scalar' && survivors(m).every((l) => l.said === undefined) && isReason(after))
      return this.#goneWith(m)
    if (m.node.kind === 'scalar') return this.#scalar(m, after)
    assert.equal(after.kind, m.node.kind, `${m.address}: ${m.node.kind} became ${after.kind}`)
    if (m.node.kind === 'array' && after.kind === 'array') this.#array(m, after.items, text)
    else if (m.node.kind === 'object' && after.kind === 'object') this.#object(m, m.node, after, text)
  }

  #scalar(m: Marked, after: Node): void {
    const raw = m.node.kind === 'scalar' ? m.node.raw : ''
    assert.ok(after.kind === 'scalar', `${m.address}: a value became a structure`)
    if (m.inner !== null) {
      assert.ok(after.raw.startsWith('"'), `${m.address}: a document that was in a string`)
      return this.#pair(m.inner, readJson(textOf(after.raw)), textOf(after.raw))
    }
    const { said } = m
    if (said === undefined || said.outcome === 'kept')
      assert.equal(after.raw, raw, `${m.address}: ${said?.outcome ?? 'silent'}`)
    else if (said.outcome === 'replaced') {
      assert.notEqual(after.raw, 'null', `${m.address}: replaced, and gone`)
      // A number that rounds to itself is written again.
      if (raw.startsWith('"')) assert.notEqual(after.raw, raw, `${m.address}: replaced by itself`)
    } else assert.equal(after.raw, 'null', `${m.address}: removed, and there`)
    this.#note(m, said?.outcome === 'removed' ? null : textOf(after.raw))
  }

  /** Not there: nothing of it may have been said to stay. */
  #gone(m: Marked): void {
    if (m.inner !== null) return this.#gone(m.inner)
    if (this.#fhir && isBareExtension(m)) return this.#goneWith(m)
    if (m.node.kind !== 'scalar') {
      for (const item of m.items) this.#gone(item)
      return
    }
    assert.ok(
      m.said === undefined || m.said.outcome === 'removed',
      `${m.address}: said to be ${m.said?.outcome}, and gone`,
    )
    // What nobody speaks of goes only with a composite or a narrative, which is spoken of, or with blanks and nulls.
    this.#note(m, null)
  }

  #goneWith(m: Marked): void {
    if (m.inner !== null) return this.#goneWith(m.inner)
    if (m.node.kind !== 'scalar') {
      for (const item of m.items) this.#goneWith(item)
      return
    }
    this.#note(m, null)
  }

  #note(m: Marked, result: string | null): void {
    const value = m.node.kind === 'scalar' ? textOf(m.node.raw) : ''
    this.fates.push(fateOf(m.address, value, m.said, result))
  }

  #array(m: Marked, there: readonly Node[], text: string): void {
    if (this.#fhir && there.length === 1 && isReason(there[0]!)) {
      for (const item of m.items) this.#gone(item)
      return
    }
    let at = 0
    let last: Place | null = null
    for (const item of m.items) {
      const one = there[at]
      if (one === undefined || (item.node.kind !== 'scalar' && !this.#stays(item, one))) {
        last = null
        this.#gone(item)
        continue
      }
      this.#between(m, last, { before: item.node.start, after: one.start }, text)
      last = { before: item.node.end, after: one.end }
      at++
      this.#pair(item, one, text)
    }
    assert.equal(at, there.length, `${m.address}: more in it than there was`)
  }

  /** White space beside a container that lost members may have gone with them; else every byte is as it was. */
  #between(m: Marked, last: Place | null, next: Place, text: string): void {
    if (last === null) return
    const [out, was] = [text.slice(last.after, next.after), m.text.slice(last.before, next.before)]
    if (out !== was)
      assert.ok(this.#fhir && out.trim() === was.trim(), `${m.address}: between: ${JSON.stringify([was, out])}`)
  }

  /** Is `after` this object or array of the list, or the next one? */
  #stays(m: Marked, after: Node): boolean {
    if (m.said?.outcome === 'removed') return false
    if (!this.#fhir) return after.kind === m.node.kind
    if (isBareExtension(m)) return false
    const left = survivors(m)
    if (left.some((l) => l.said !== undefined)) return true
    const silent = left.flatMap((l) => (l.node.kind === 'scalar' && l.node.raw !== 'null' ? [l.node.raw] : []))
    return silent.length > 0 && silent.every((raw) => holds(after, raw)) ? true : isEmptied(m.node, after)
  }

  #object(m: Marked, before: Node & { kind: 'object' }, after: Node & { kind: 'object' }, text: string): void {
    let at = 0
    let last: Place | null = null
    for (const [i, one] of before.members.entries()) {
      const item = m.items[i]!
      at = this.#skipReasons(before, after.members, at)
      const there = after.members[at]
      if (there === undefined || !(there.key === one.key || /^\?[0-9a-f]{6,}$/.test(there.key))) {
        last = null
        this.#gone(item)
        continue
      }
      this.#between(m, last, { before: one.keyStart, after: there.keyStart }, text)
      const gap = m.text.slice(one.keyEnd, one.value.start)
      if (!(this.#fhir && holds(there.value, '"masked"')))
        assert.equal(text.slice(there.keyEnd, there.value.start), gap, `${item.address}: after the key`)
      last = { before: one.value.end, after: there.value.end }
      at++
      this.#pair(item, there.value, text)
    }
    at = this.#skipReasons(before, after.members, at)
    assert.equal(at, after.members.length, `${m.address}: a member nobody sent: ${after.members[at]?.key}`)
  }

  /** A required element that went leaves its reason. */
  #skipReasons(
    before: Node & { kind: 'object' },
    there: readonly { readonly key: string; readonly value: Node }[],
    from: number,
  ): number {
    let at = from
    for (; this.#fhir; at++) {
      const one = there[at]
      if (one === undefined || before.members.some((m) => m.key === one.key) || !holds(one.value, '"masked"')) break
      if (one.key !== 'extension' && !before.members.some((m) => `_${m.key}` === one.key)) break
    }
    return at
  }
}

const holds = (node: Node, raw: string): boolean =>
  node.kind === 'scalar'
    ? node.raw === raw
    : node.kind === 'array'
      ? node.items.some((item) => holds(item, raw))
      : node.members.some((m) => holds(m.value, raw))

/** What may still be there: said to be kept or replaced, or not spoken of. Of a bare extension nothing is. */
function survivors(m: Marked): Marked[] {
  if (m.said?.outcome === 'removed') return []
  if (m.inner !== null) return survivors(m.inner)
  if (m.node.kind === 'scalar') return [m]
  return isBareExtension(m) ? [] : m.items.flatMap(survivors)
}

/** An extension of which only the url is left says nothing and goes. */
function isBareExtension(m: Marked): boolean {
  if (!/\.(?:modifierE|e)xtension\[\d+\]$/.test(m.address)) return false
  return m.items.flatMap(survivors).every((l) => l.address === `${m.address}.url`)
}

/** What stands for a required element that went. */
const isReason = (node: Node): boolean =>
  node.kind === 'object' && node.members.length === 1 && node.members[0]!.key === 'extension' && holds(node, '"masked"')

/** An object of which the reasons of its required elements are left: can `after` be what became of `before`? */
function isEmptied(before: Node, after: Node): boolean {
  if (isReason(after)) return true
  if (before.kind === 'array' && after.kind === 'array')
    return after.items.every((item) => before.items.some((one) => isEmptied(one, item)))
  if (before.kind !== 'object' || after.kind !== 'object') return false
  return after.members.every(({ key, value }) => {
    if (!holds(value, '"masked"')) return false
    if (key.startsWith('_')) return before.members.some((m) => m.key === key.slice(1))
    return before.members.some((m) => m.key === key && isEmptied(m.value, value)) || key === 'extension'
  })
}
