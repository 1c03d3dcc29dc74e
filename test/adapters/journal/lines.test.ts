import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  closingLine,
  interruptedRecord,
  openingLine,
  readLines,
  recordJson,
} from '../../../src/adapters/journal/lines.ts'
import { callRecord, openingOf } from '../../fixtures/call-records.ts'

const call = callRecord(1, Date.parse('2027-03-01T02:00:00Z'))

test('lines come back with their ids; padding and strange lines are skipped', () => {
  const text = `${openingLine('a', '{"x":1}')}\n\n${closingLine('b', '{"y":"第 2"}')}nothing\n${openingLine('c', '{}')}`
  assert.deepEqual(readLines(text), [
    { opening: true, id: 'a', json: '{"x":1}' },
    { opening: false, id: 'b', json: '{"y":"第 2"}' },
    { opening: true, id: 'c', json: '{}' },
  ])
})

test('a record is the same whether its opening is used again or not', () => {
  const opening = openingOf(call)
  const json = JSON.stringify(opening)
  assert.deepEqual(JSON.parse(recordJson(call, opening, json)), call)
  assert.deepEqual(JSON.parse(recordJson({ ...call, decision: 'fail' }, opening, json)), { ...call, decision: 'fail' })
})

test('an interrupted call claims nothing that nobody knows', () => {
  const record = interruptedRecord(openingOf(call))
  assert.equal(record.id, call.id)
  assert.deepEqual(
    [record.outcome, record.code, record.status, record.rows, record.bytesOut],
    ['interrupted', 'INTERNAL', 0, null, 0],
  )
})
