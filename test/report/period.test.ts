import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isZone, parseMoment, wallTime, writeMoment, zoneOffset } from '../../src/report/period.ts'

const at = (text: string, zone = 'Asia/Shanghai') => {
  const ms = parseMoment(text, zone)
  return ms === null ? null : new Date(ms).toISOString()
}

test('local dates and times are those of the zone, not of the machine', () => {
  assert.equal(at('2027-03-01'), '2027-02-28T16:00:00.000Z')
  assert.equal(at('2027-03-01T08:30'), '2027-03-01T00:30:00.000Z')
  assert.equal(at('2027-03-01 08:30:15'), '2027-03-01T00:30:15.000Z')
  assert.equal(at('2027-03-01T00:00:00Z'), '2027-03-01T00:00:00.000Z')
  assert.equal(at('2027-03-01T00:00+09:00'), '2027-02-28T15:00:00.000Z')
  assert.equal(at('2027-07-01', 'America/New_York'), '2027-07-01T04:00:00.000Z')
  assert.equal(at('2027-01-01', 'Asia/Kolkata'), '2026-12-31T18:30:00.000Z')
})

test('what names no moment is refused', () => {
  for (const text of ['', 'today', '2027-02-30', '2027-13-01', '2027-03-01T24:00', '2027-03-01T10:60', '2027-3-1'])
    assert.equal(at(text), null, text)
  // skipped and doubled hours of a zone with summer time
  assert.equal(at('2027-03-14T02:30', 'America/New_York'), null)
  assert.equal(at('2027-11-07T01:30', 'America/New_York'), '2027-11-07T05:30:00.000Z')
})

test('moments are written in the zone', () => {
  const ms = Date.parse('2027-02-28T16:05:09Z')
  assert.equal(writeMoment(ms, 'Asia/Shanghai'), '2027-03-01 00:05:09')
  assert.equal(wallTime(ms, 'Asia/Shanghai').hour, 0)
  assert.equal(zoneOffset(ms, 'Asia/Shanghai'), 8 * 3_600_000)
  assert.equal(isZone('Asia/Shanghai'), true)
  assert.equal(isZone('Asia/Nowhere'), false)
})
