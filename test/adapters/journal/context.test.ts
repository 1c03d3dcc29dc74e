import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Contexts } from '../../../src/adapters/journal/context.ts'
import { closingLine, readLines } from '../../../src/adapters/journal/lines.ts'
import { ownRecord } from '../../../src/base/record-text.ts'
import type { CallRecord } from '../../../src/ports/record.ts'
import { callRecord } from '../../fixtures/call-records.ts'

const T = Date.parse('2027-03-01T02:00:00Z')
const line = (contexts: Contexts, record: CallRecord): string =>
  closingLine(record.id, contexts.numberOf(record), ownRecord(record, null, ''))

test('calls alike share one context; any field that differs makes another', () => {
  const contexts = new Contexts()
  const call = callRecord(1, T)
  const first = contexts.numberOf(call)
  assert.equal(
    contexts.numberOf({ ...callRecord(2, T + 5), user: call.user, interface: call.interface } as never),
    first,
  )
  const others: Partial<CallRecord>[] = [
    { user: 'somebody-else' },
    { interface: 'other.entry' },
    { decision: 'fail' },
    { bundle: 'sha256:other' },
    { sourceIp: '10.0.0.9' },
    { method: 'POST' },
    { uncontrolled: !call.uncontrolled },
    { role: null },
  ]
  const numbers = others.map((other) => contexts.numberOf({ ...call, ...other }))
  assert.equal(new Set([first, ...numbers]).size, others.length + 1)
})

test('every frame names what its lines need, also when there are more contexts than a writer remembers', () => {
  const contexts = new Contexts()
  const calls = Array.from({ length: 200 }, (_, i) => ({ ...callRecord(i, T + i), user: `user-${i % 90}` }))
  for (let from = 0; from < calls.length; from += 50) {
    const part = calls.slice(from, from + 50)
    const text = part.map((call) => line(contexts, call)).join('')
    const frame = contexts.lines + text
    contexts.nextFrame()
    assert.deepEqual(
      readLines(frame).map((read) => read.record()),
      part,
    )
  }
})

test('a context is written once a frame', () => {
  const contexts = new Contexts()
  const call = callRecord(1, T)
  for (let i = 0; i < 20; i++) contexts.numberOf(call)
  assert.equal(contexts.lines.split('\n').length, 2)
  contexts.nextFrame()
  assert.equal(contexts.lines, '')
  assert.equal(contexts.numberOf(call), 1)
  assert.match(contexts.lines, /^X1 \{/)
})
