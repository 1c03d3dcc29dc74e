import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { asSet, canonicalHash, canonicalJson } from '../../src/base/canonical.ts'

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
