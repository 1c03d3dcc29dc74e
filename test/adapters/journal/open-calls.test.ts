/** Open calls: what is added can be had once, whatever was added and taken before. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { OpenCalls } from '../../../src/adapters/journal/open-calls.ts'
import { callRecord, openingOf } from '../../fixtures/call-records.ts'

const call = (n: number) => {
  const line = openingOf(callRecord(n, 0))
  return { line, own: JSON.stringify(line), durable: n % 2 === 0 }
}

it('gives every call back once, and the rest in the order they were opened', () => {
  const open = new OpenCalls()
  const calls = Array.from({ length: 50 }, (_, n) => call(n))
  for (const c of calls) open.add(c)
  for (const c of calls.filter((_, n) => n % 3 === 0)) {
    assert.equal(open.get(c.line.id), c)
    assert.equal(open.take(c.line.id), c)
    assert.equal(open.take(c.line.id), undefined)
    assert.equal(open.get(c.line.id), undefined)
  }
  const late = call(99)
  open.add(late)
  const rest = [...calls.filter((_, n) => n % 3 !== 0), late]
  assert.deepEqual([...open.all()], rest)
  assert.equal(open.size, rest.length)
})

it('uses its slots again', () => {
  const open = new OpenCalls()
  for (let n = 0; n < 1000; n++) {
    const c = call(n)
    open.add(c)
    assert.equal(open.take(c.line.id), c)
  }
  assert.equal(open.size, 0)
  assert.deepEqual([...open.all()], [])
})
