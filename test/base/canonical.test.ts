import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { asSet, canonicalHash, canonicalJson } from '../../src/base/canonical.ts'
import { asSetSteps, canonicalHashSteps } from '../../src/base/canonical-steps.ts'
import { finish } from '../../src/base/steps.ts'

test('members are sorted, lists are not, undefined members do not exist', () => {
  assert.equal(
    canonicalJson({ b: [2, 1], a: { d: null, c: '中"\n' }, e: undefined }),
    '{"a":{"c":"中\\"\\n","d":null},"b":[2,1]}',
  )
  assert.equal(canonicalJson({ b: 1, a: 2 }), canonicalJson({ a: 2, b: 1 }))
  assert.equal(canonicalHash({ a: 1 }), createHash('sha256').update('{"a":1}').digest('hex'))
})

test('what is not plain JSON throws: nothing may fall out of a hash', () => {
  for (const value of [new Map([['a', 1]]), new Set([1]), () => 1, Number.NaN, undefined, new Date(0), 1n])
    assert.throws(() => canonicalJson({ value: [value] }), TypeError)
})

test('a key called __proto__ is a key like any other', () => {
  assert.equal(canonicalJson(JSON.parse('{"__proto__":1,"a":2}')), '{"__proto__":1,"a":2}')
})

test('sets have one order', () => {
  assert.deepEqual(asSet(['b', 'a', 'ab']), ['a', 'ab', 'b'])
  assert.deepEqual(asSet([{ b: 1 }, { a: 1 }]), [{ a: 1 }, { b: 1 }])
  assert.deepEqual(asSet([]), [])
})

test('in steps, sets and hashes are the same, and no step is long', () => {
  const items = Array.from({ length: 10_000 }, (_, n) => ({ b: (n * 7919) % 9973, a: `x${n % 321}` }))
  assert.deepEqual(finish(asSetSteps(items)), asSet(items))
  assert.deepEqual(finish(asSetSteps([])), [])
  const values = [items, { parts: { mask: { items, none: {}, nil: null, no: undefined } }, v: 1 }, [], {}, [[]], 'x', 1]
  for (const value of values) assert.equal(finish(canonicalHashSteps(value)), canonicalHash(value))
  assert.ok([...asSetSteps(items)].length > 10 && [...canonicalHashSteps(items)].length > 2)
  assert.throws(() => finish(canonicalHashSteps({ a: [new Map()] })), TypeError)
})
