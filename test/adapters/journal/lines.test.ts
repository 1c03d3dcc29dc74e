import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Contexts } from '../../../src/adapters/journal/context.ts'
import {
  closingLine,
  interruptedRecord,
  openingLine,
  readLines,
  wholeLine,
} from '../../../src/adapters/journal/lines.ts'
import { ownOpening, ownRecord } from '../../../src/base/record-text.ts'
import { callRecord, openingOf } from '../../fixtures/call-records.ts'

const call = callRecord(1, Date.parse('2027-03-01T02:00:00Z'))
const opening = openingOf(call)

test('an opening and a record come back whole, as text and as value', () => {
  const contexts = new Contexts()
  const own = ownOpening(opening)
  const lines =
    openingLine(call.id, contexts.numberOf(opening), own) +
    closingLine(call.id, contexts.numberOf(call), ownRecord(call, opening, own))
  const read = readLines(contexts.lines + lines)
  assert.deepEqual(
    read.map((line) => [line.opening, line.id]),
    [
      [true, call.id],
      [false, call.id],
    ],
  )
  assert.deepEqual(read[0]!.openingLine(), opening)
  assert.deepEqual(JSON.parse(read[0]!.json), opening)
  assert.deepEqual(read[1]!.record(), call)
  assert.deepEqual(JSON.parse(read[1]!.json), call)
})

test('a record is the same whether its opening is used again or not', () => {
  const own = ownOpening(opening)
  const alone = ownRecord(call, null, '')
  assert.equal(ownRecord(call, opening, own), alone)
  const other = { ...call, masking: { ...call.masking!, kept: 99 } }
  const contexts = new Contexts()
  const line = closingLine(other.id, contexts.numberOf(other), ownRecord(other, opening, own))
  assert.deepEqual(readLines(contexts.lines + line)[0]!.record(), other)
})

test('whole records, padding, strange lines, and lines whose context their frame does not have', () => {
  const contexts = new Contexts()
  const number = contexts.numberOf(call)
  const text = `${wholeLine(call)}\n\nnothing\n${closingLine('b', number, ownRecord(call, null, ''))}`
  assert.deepEqual(
    readLines(text).map((line) => line.record()),
    [call],
  )
  assert.deepEqual(
    readLines(contexts.lines + text).map((line) => line.id),
    [call.id, 'b'],
  )
})

test('an interrupted call claims nothing that nobody knows', () => {
  const record = interruptedRecord(opening)
  assert.equal(record.id, call.id)
  assert.deepEqual(
    [record.outcome, record.code, record.status, record.rows, record.bytesOut],
    ['interrupted', 'INTERNAL', 0, null, 0],
  )
})
