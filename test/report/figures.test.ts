/** Known calls, known figures: told by the rule the calls are made by, and held against the golden report. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { columnBars, rowBars } from '../../src/report/bars.ts'
import { escapeHtml } from '../../src/report/escape-html.ts'
import { type Figures, figuresOf } from '../../src/report/figures.ts'
import { emptySum, mergeSum, sumsOf, tally } from '../../src/report/hour-sum.ts'
import { renderHtml } from '../../src/report/html.ts'
import { STYLE } from '../../src/report/style.ts'
import { callRecord } from '../fixtures/call-records.ts'
import { DAY_START, reportCalls } from '../fixtures/report-calls.ts'

const DAY = 86_400_000
const PERIOD = { from: DAY_START, to: DAY_START + DAY, zone: 'Asia/Shanghai' }
const calls = reportCalls()
const figures = figuresOf(sumsOf(calls), PERIOD)

test('calls, rows and denials are those of the rule', () => {
  // 200 calls: 20 without permission, 10 expired, 4 timeouts, 166 delivered, of these 20 to the interface without masking
  assert.deepEqual(figures.calls, {
    total: 200,
    byOthers: 180,
    allowed: 166,
    denied: 30,
    failed: 4,
    interrupted: 0,
    delivered: 166,
  })
  assert.deepEqual(figures.rows, { delivered: 146 * 3 + 20 * 5, unknownCalls: 0 })
  assert.deepEqual(figures.denied, {
    interceptions: 20,
    byCode: [
      { code: 'TOKEN_PERMISSION', count: 20 },
      { code: 'TOKEN_EXPIRED', count: 10 },
    ],
  })
})

test('response times leave refusals out and keep timeouts at their limit', () => {
  const timed = calls.filter((c) => c.decision !== 'deny').map((c) => c.times.total)
  const sorted = timed.toSorted((a, b) => a - b)
  assert.equal(figures.times.count, 170)
  assert.equal(figures.times.mean, Number((timed.reduce((a, b) => a + b, 0) / 170).toFixed(3)))
  assert.equal(figures.times.max, 5000)
  assert.equal(figures.times.timeouts, 4)
  assert.equal(figures.times.deniedMean, 1)
  for (const [key, p] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    const exact = sorted[Math.ceil(p * 170) - 1]!
    assert.ok(figures.times[key]! >= exact && figures.times[key]! <= exact * (1 + 1 / 64), key)
  }
})

test('the control rate is by rows, and says where control is missing', () => {
  const { control } = figures
  assert.equal(control.rowRate, Number((438 / 538).toFixed(6)))
  assert.equal(control.callRate, Number((146 / 166).toFixed(6)))
  assert.deepEqual(control.uncontrolled, [{ interface: 'files', calls: 20, rows: 100 }])
  assert.deepEqual(
    figures.interfaces.map((i) => [i.interface, i.calls, i.rows, i.rowRate]),
    [
      ['his.patient', 180, 438, 1],
      ['files', 20, 100, 0],
    ],
  )
})

test('hours are local', () => {
  assert.equal(figures.hours.length, 24)
  assert.equal(
    figures.hours.reduce((n, h) => n + h.calls, 0),
    200,
  )
  // 8 1/3 calls an hour from local midnight on
  assert.deepEqual(
    figures.hours.slice(0, 3).map((h) => h.calls),
    [9, 8, 8],
  )
})

test('any split of the records gives the same figures', () => {
  const shuffled = calls.toSorted((a, b) => (a.id.slice(-2) < b.id.slice(-2) ? -1 : 1))
  const split = [sumsOf(shuffled.slice(0, 77)), sumsOf(shuffled.slice(77))].flat()
  assert.deepEqual(figuresOf(split, PERIOD), figures)
  const merged = emptySum({ hour: 0, institution: null, provider: null, interface: null, scenario: null })
  const tallied = structuredClone(merged)
  for (const sum of sumsOf(calls)) mergeSum(merged, sum)
  for (const call of calls) tally(tallied, call)
  assert.deepEqual(merged, tallied)
})

test('the whole is the golden report', () => {
  const golden = readFileSync(new URL('./day.golden.json', import.meta.url), 'utf8')
  assert.deepEqual(figures, JSON.parse(golden) as Figures)
})

test('an interrupted call is counted as such and in no rate', () => {
  const record = callRecord(1, DAY_START, { outcome: 'interrupted', code: 'INTERNAL', status: 0, rows: null })
  const { calls: c, times, control } = figuresOf(sumsOf([record]), PERIOD)
  assert.deepEqual([c.total, c.interrupted, c.allowed, c.delivered], [1, 1, 0, 0])
  assert.deepEqual([times.count, times.mean, times.p95, control.rowRate, control.callRate], [0, null, null, null, null])
})

test('rows that are not known are told and not guessed', () => {
  const { rows, control } = figuresOf(sumsOf([callRecord(1, DAY_START, { rows: null })]), PERIOD)
  assert.deepEqual(rows, { delivered: 0, unknownCalls: 1 })
  assert.deepEqual([control.rowRate, control.callRate], [null, 1])
})

test('the HTML report is one file with every headline, and escapes names', () => {
  const html = renderHtml(figures, DAY_START + DAY)
  for (const part of [
    '安全管控率',
    '81.41%',
    '2027-03-01 00:00:00',
    '2027-03-02 00:00:00',
    'TOKEN_EXPIRED',
    '<svg',
    STYLE,
  ])
    assert.ok(html.includes(part), part)
  assert.ok(!/<script|https?:|src=|@import|url\(/.test(html), 'nothing is fetched')
  const evil = '<img src=x onerror="alert(1)">&'
  const hostile = calls.map((c) => ({ ...c, interface: evil, institution: evil, provider: evil }))
  const page = renderHtml(figuresOf(sumsOf(hostile), PERIOD), DAY_START)
  assert.ok(!page.includes('<img'))
  assert.ok(page.includes(escapeHtml(evil).slice(0, 20)))
  assert.ok(!rowBars('t', [{ label: evil, value: 1 }]).includes('<img'))
  assert.ok(!columnBars('t', [{ label: evil, value: 1, part: 1 }]).includes('<img'))
})

test('a period without calls is a report too', () => {
  const html = renderHtml(figuresOf([], PERIOD), DAY_START)
  assert.ok(html.includes('无 None') && !html.includes('NaN'))
})
