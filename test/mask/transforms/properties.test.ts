/** What holds of every method for any text, any date, any number: found by search, not by example. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cellsOf } from '../../../scripts/methods-doc.ts'
import { atScale, formatDecimal, parseDecimal, roundTo } from '../../../src/mask/decimal.ts'
import { canonical } from '../../../src/mask/kinds.ts'
import type { Level } from '../../../src/mask/model.ts'
import { shiftDate } from '../../../src/mask/shift-date.ts'
import { groupsShown, personsIn, statisticOf } from '../../../src/mask/statistics.ts'
import { METHODS, methodByName } from '../../../src/mask/transforms/index.ts'
import type { Method } from '../../../src/mask/transforms/transform.ts'
import { bind, ELEMENTS, effects, elementById, type Params, placeOf } from '../fixtures.ts'

const world = effects()
const RUNS = { numRuns: 300 }
/** Texts of every script, with the shapes that identifiers have mixed in. */
const TEXT = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 24 }),
  fc.string({ unit: 'binary', maxLength: 12 }).map((s) => s.toWellFormed()),
  fc.stringMatching(/^[0-9]{1,20}[Xx]?$/),
  fc.stringMatching(/^[*?X0-9a-z@-]{1,16}$/),
  fc.constantFrom('张三', '13812345678', '500103199003070025', '1990-03-07', 'C34.900x001', '***', '6.5', '-0', '1e9'),
)
/** Methods whose job is to leave a text that holds nothing to hide. */
const READERS: ReadonlySet<string> = new Set(['keep', 'scrub', 'codes-only'])
/** `{}` where a dictionary file would be needed: contract.test.ts examines substitute with one. */
const usable = (method: Method): Params[] => (method.name === 'substitute' ? [] : cellsOf(method).slice(0, 12))

for (const method of METHODS.filter((m) => !READERS.has(m.name)))
  test(`${method.name}: fails closed for any text; masking twice is masking once where it says so`, () => {
    for (const params of usable(method))
      for (const e of ELEMENTS) {
        if (!method.kinds.includes(e.kind) || (method.check?.(params, e) ?? []).length > 0) continue
        const bound = bind(method.name, params, e, world)
        const place = placeOf(e, { owner: 'POWNER' })
        fc.assert(
          fc.property(TEXT, (text) => {
            const value = canonical(e.kind, text)
            if (value === '' || value === '***') return
            const result = bound.apply(value, place)
            if (result === null) return
            if (!method.idempotent) {
              assert.notEqual(result, value)
              return
            }
            assert.equal(bound.apply(canonical(e.kind, result), place), result)
          }),
          { numRuns: 25 },
        )
      }
  })

test('leaves: between nothing and the level, and never falling with it, over every choice of parameters', () => {
  for (const method of METHODS)
    for (const params of cellsOf(method)) {
      let before = 0
      for (const level of [1, 2, 3, 4, 5] as Level[]) {
        const left = method.leaves(level, params)
        assert.ok(left >= before && left <= level, `${method.name} ${JSON.stringify(params)}`)
        before = left
      }
    }
})

test('leaves: what hides more leaves less', () => {
  const falls = (name: string, cells: readonly Params[]): void => {
    const left = cells.map((c) => methodByName(name)!.leaves(4, c))
    for (let i = 1; i < left.length; i++) assert.ok(left[i]! < left[i - 1]!, `${name} ${JSON.stringify(cells[i])}`)
  }
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
  falls(
    'date-shift',
    upTo(359).map((i) => ({ days: i + 7 })),
  )
  falls('date-shift', [{ days: 30 }, { days: 30, clock: 'drop' }])
  falls(
    'mask-range',
    upTo(30).map((i) => ({ from: 1, to: i + 1 })),
  )
  falls(
    'mask-ends',
    upTo(30).map((i) => ({ first: i + 1, last: 1 })),
  )
  falls(
    'keep-range',
    upTo(30).map((i) => ({ from: 1, to: 31 - i })),
  )
  falls(
    'round',
    upTo(13).map((i) => ({ places: 6 - i })),
  )
  falls(
    'round',
    upTo(6).map((i) => ({ digits: 6 - i })),
  )
  falls(
    'noise',
    upTo(50).map((i) => ({ percent: i + 1 })),
  )
  falls('hash', [{ scope: 'recipient' }, { scope: 'pair' }, { scope: 'dataset' }])
  falls(
    'aggregate',
    upTo(50).map((i) => ({ as: 'mean', k: i + 3 })),
  )
  falls('aggregate', [
    { as: 'max' },
    { as: 'group' },
    { as: 'group', by: 'year' },
    { as: 'sum' },
    { as: 'mean' },
    { as: 'count' },
  ])
})

const DAY_MS = 86_400_000
const iso = (ms: number): string => new Date(ms).toISOString()
const dates = fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2026, 9, 1) })

test('date-shift: one offset within the bound and never 0 for a person, so intervals and order stay', () => {
  const e = elementById('birth-date')
  fc.assert(
    fc.property(
      fc.integer({ min: 7, max: 365 }),
      fc.string({ minLength: 1, maxLength: 8 }),
      dates,
      dates,
      (days, owner, a, b) => {
        const bound = bind('date-shift', { days }, e, world)
        const shifted = [a, b].map((ms) => bound.apply(iso(ms).slice(0, 10), placeOf(e, { owner, raw: iso(ms) })))
        assert.ok(shifted[0] !== null && shifted[1] !== null)
        const [x, y] = shifted.map((text) => Date.parse(text!)) as [number, number]
        assert.equal(x - y, a - b, 'the interval, to the millisecond')
        const moved = (x - a) / DAY_MS
        assert.ok(Number.isInteger(moved) && moved !== 0 && Math.abs(moved) <= days)
      },
    ),
    RUNS,
  )
})

test('shiftDate: forth and back is where it was, in every spelling; what is no whole day is none', () => {
  const spellings = [
    (d: Date) => d.toISOString(),
    (d: Date) => d.toISOString().slice(0, 10),
    (d: Date) => d.toISOString().slice(0, 10).replaceAll('-', ''),
    (d: Date) => `${d.toISOString().slice(0, 10).replaceAll('-', '')}083000.1234+0800`,
    (d: Date) => `${d.toISOString().slice(0, 10).replaceAll('-', '/')} 08:30`,
    (d: Date) => `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日 8时30分`,
    (d: Date) => `${d.getUTCFullYear()}-${d.getUTCMonth() + 1}-${d.getUTCDate()}`,
  ]
  fc.assert(
    fc.property(dates, fc.integer({ min: -400, max: 400 }), fc.constantFrom(...spellings), (ms, days, spell) => {
      const text = spell(new Date(ms))
      const there = shiftDate(text, days, true)
      assert.ok(there !== null, text)
      const back = shiftDate(there, -days, true)
      assert.equal(canonical('date', back ?? ''), canonical('date', text))
      assert.equal(back?.replace(/^\D*\d+\D+\d+\D+\d+/, ''), text.replace(/^\D*\d+\D+\d+\D+\d+/, ''), 'time and zone')
    }),
    RUNS,
  )
  for (const none of ['1990', '1990-03', '199003', '1990年3月', '', '张三', '2026-13-01', '0001-01-01', '13812345678'])
    assert.equal(shiftDate(none, none === '0001-01-01' ? -1 : 5, true), null, none)
})

const decimals = fc.tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 6 }))

test('decimals: read and written again they are the same number, and rounding never goes farther than half a place', () => {
  fc.assert(
    fc.property(decimals, fc.integer({ min: -6, max: 6 }), ([units, scale], to) => {
      const text = formatDecimal({ units, scale })
      const again = parseDecimal(text)
      assert.ok(again !== null)
      assert.equal(atScale(again, 6).units, atScale({ units, scale }, 6).units)
      const rounded = roundTo(again, to)
      const fine = Math.max(scale, to, 0) + 1
      const off = atScale(rounded, fine).units - atScale(again, fine).units
      assert.ok((off < 0n ? -off : off) * 2n <= 10n ** BigInt(fine - to))
    }),
    RUNS,
  )
})

test('statistics: exact; no group under k is shown, and none that is held back is told by the rest', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 30 }), (numbers) => {
      const values = numbers.map((n) => ({ units: BigInt(n), scale: 0 }))
      const sum = numbers.reduce((a, b) => a + b, 0)
      assert.equal(statisticOf('sum', values), String(sum))
      assert.equal(statisticOf('min', values), String(Math.min(...numbers)))
      assert.equal(statisticOf('max', values), String(Math.max(...numbers)))
      assert.ok(Math.abs(Number(statisticOf('mean', values)) - sum / numbers.length) <= 0.005 + 1e-9)
    }),
    RUNS,
  )
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 }),
      fc.integer({ min: 3, max: 9 }),
      (sizes, k) => {
        const groups = sizes.map((size) => ({ size }))
        const shown = groupsShown(groups, k)
        const held = groups.filter((g) => !shown.has(g)).reduce((n, g) => n + g.size, 0)
        for (const g of shown) assert.ok(g.size >= k)
        assert.ok(shown.size === 0 || held === 0 || held >= k)
      },
    ),
    RUNS,
  )
  assert.equal(personsIn(['a', 'a', null, null, 'b']), 3, 'all who are not named count as one')
})
