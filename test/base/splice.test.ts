/** Edits on bytes: whatever is not in a span comes out as it went in, few edits or many, in any order. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Edits } from '../../src/base/splice.ts'

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function model(source: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = []
  let from = 0
  for (const e of edits.toSorted((a, b) => a.start - b.start)) {
    parts.push(source.subarray(from, e.start), Buffer.from(e.text))
    from = e.end
  }
  return Buffer.concat([...parts, source.subarray(from)])
}

let seed = 7
const random = (n: number): number => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
  return (seed >>> 8) % n
}

function randomEdits(size: number, count: number): Edit[] {
  const places = new Set<number>()
  while (places.size < Math.min(count * 2, size)) places.add(random(size + 1))
  const sorted = [...places].sort((a, b) => a - b)
  const edits: Edit[] = []
  for (let i = 0; i + 1 < sorted.length; i += 2)
    edits.push({ start: sorted[i]!, end: sorted[i + 1]!, text: '某*a'.repeat(random(9)).slice(0, random(20)) })
  return edits
}

/** The same bytes with room behind them, as a scanner has them. */
function viewWithRoom(source: Buffer): DataView {
  const bytes = new Uint8Array(source.length + 64)
  bytes.set(source)
  return new DataView(bytes.buffer)
}

describe('edits', () => {
  it('agree with a model on random spans, few and many, in and out of order', () => {
    const edits = new Edits()
    for (let round = 0; round < 2000; round++) {
      const source = Buffer.from(Array.from({ length: random(900) }, () => random(256)))
      const list = randomEdits(source.length, random(60))
      edits.reset()
      for (const e of round % 3 === 0 ? list.toReversed() : list) {
        if (e.text === '') edits.remove(e.start, e.end)
        else if (round % 2 === 0) edits.replaceText(e.start, e.end, e.text)
        else edits.replace(e.start, e.end, Buffer.from(e.text))
      }
      assert.deepEqual(edits.apply(source), model(source, list))
    }
  })

  it('woven as they come give what they give apart, whatever is reserved in vain, marked or out of order', () => {
    const edits = new Edits()
    for (let round = 0; round < 2000; round++) {
      const source = Buffer.from(Array.from({ length: random(1500) }, () => random(256)))
      const list = randomEdits(source.length, random(60))
      const lent = round % 2 === 0 ? viewWithRoom(source) : null
      edits.reset()
      edits.begin(source, lent)
      const late = round % 5 === 0 ? random(list.length + 1) : list.length
      for (const [i, e] of [...list.slice(0, late), ...list.slice(late).toReversed()].entries()) {
        if (random(3) === 0) edits.scratch.fill(0x78, edits.reserve(e.start + random(e.end - e.start), 9))
        if (e.text === '') edits.remove(e.start, e.end)
        else edits.replaceText(e.start, e.end, e.text)
        if (i === 0 && round % 7 === 0) edits.mark(e.end, e.end)
      }
      assert.deepEqual(edits.apply(source, lent), model(source, list))
    }
  })

  it('take nothing from a lent view that is no longer that of the source', () => {
    const edits = new Edits()
    const source = Buffer.from('abcdefghij'.repeat(50))
    const lent = viewWithRoom(source)
    edits.begin(source, lent)
    for (let i = 0; i < 20; i++) {
      edits.replaceText(i * 20 + 10, i * 20 + 12, 'XX')
      for (let k = 0; k < lent.byteLength; k++) lent.setUint8(k, 0x21)
    }
    const expected = 'abcdefghijXXcdefghij'.repeat(20) + 'abcdefghij'.repeat(10)
    assert.equal(edits.apply(source, null).toString(), expected)
  })

  it('give a large result away: nothing is written over it', () => {
    const edits = new Edits()
    const source = Buffer.from('0123456789'.repeat(90_000))
    const once = (text: string): Buffer => {
      edits.reset()
      edits.begin(source, null)
      for (let i = 0; i < source.length; i += 100) edits.replaceText(i, i + 2, text)
      return edits.apply(source, null)
    }
    const first = once('某某')
    const kept = Buffer.from(first)
    assert.equal(first.length, source.length + 9000 * 4)
    once('yy')
    edits.shrink()
    once('zzz')
    assert.deepEqual(first, kept)
  })

  it('give fresh memory: a later run does not change an earlier result', () => {
    const edits = new Edits()
    const source = Buffer.from('0123456789'.repeat(20))
    edits.replaceText(3, 5, 'xx')
    const first = edits.apply(source)
    const kept = Buffer.from(first)
    for (let i = 0; i < 50; i++) {
      edits.reset()
      edits.replaceText(3, 5, 'yy')
      edits.apply(source)
    }
    assert.deepEqual(first, kept)
  })

  it('refuse overlapping spans', () => {
    for (const many of [0, 20]) {
      const edits = new Edits()
      for (let i = 0; i < many; i++) edits.remove(i * 4, i * 4 + 1)
      edits.remove(100, 110)
      edits.remove(105, 120)
      assert.throws(() => edits.apply(Buffer.alloc(200)), RangeError)
    }
  })

  it('a cut wins over the edits inside it', () => {
    const edits = new Edits()
    const source = Buffer.from('abcdefghij')
    edits.replaceText(2, 3, 'XX')
    edits.replaceText(8, 9, 'YY')
    edits.cut(1, 5, '-')
    assert.equal(edits.apply(source).toString(), 'a-fghYYj')
  })
})
