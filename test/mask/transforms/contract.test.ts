/** The exam every masking method passes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileParams, compileSchema } from '../../../src/base/schema.ts'
import { detect } from '../../../src/mask/detectors/index.ts'
import { canonical, fitsKind } from '../../../src/mask/kinds.ts'
import { type Element, KINDS, type Level } from '../../../src/mask/model.ts'
import { isWellFormed } from '../../../src/mask/text/grammar.ts'
import { METHODS, methodByName } from '../../../src/mask/transforms/index.ts'
import type { Method } from '../../../src/mask/transforms/transform.ts'
import { bind, chance, DIAGNOSES, ELEMENTS, effects, type Params, placeOf, randomValue, TODAY } from '../fixtures.ts'

/** Parameters each method is examined with. */
const CELLS: Readonly<Record<string, readonly Params[]>> = {
  mask: [
    {},
    { char: 'X' },
    { char: '?', length: 'same' },
    { length: 'fixed' },
    { keep: '1+2' },
    { keep: '6+4', length: 'same' },
    { keep: '1+0', length: 'same' },
    { keep: '0+4' },
    { keep: '3+4', length: 'fixed', char: 'X' },
    { keep: '0+0', length: 'same' },
    { first: 2 },
    { last: 1, length: 'same' },
  ],
  truncate: [{ keep: 'city' }, { keep: 'province' }],
  region: [{ keep: 'province' }, { keep: 'city' }],
  'age-band': [
    { width: 5, top: 90 },
    { width: 10, top: 85 },
  ],
  substitute: [
    { dictionary: 'diagnosis', otherwise: 'redact', 'with-code': false },
    { dictionary: 'diagnosis', otherwise: 'drop', 'with-code': true },
    { dictionary: 'diagnosis', otherwise: 'category-code', 'with-code': true },
  ],
  pseudonym: [{}, { scope: 'pair' }, { scope: 'dataset' }],
  hash: [{}, { scope: 'pair', algorithm: 'sm3' }, { scope: 'dataset' }],
  'random-id': [{ dataset: 'this-project' }, { dataset: 'registry' }],
  encrypt: [{}, { cipher: 'sm4' }],
  'date-shift': [{ days: 50 }, { days: 7, clock: 'drop' }, { days: 365 }],
  fixed: [{ text: '已隐藏' }],
  'mask-range': [
    { from: 1, to: 3 },
    { from: 2, to: 6, char: 'X' },
    { from: 4, to: 4 },
  ],
  'keep-range': [
    { from: 1, to: 1 },
    { from: 3, to: 5, char: '?' },
  ],
  'mask-ends': [
    { first: 2, last: 2 },
    { first: 1, last: 0 },
  ],
  'mask-before': [{ mark: '@' }, { mark: '之' }, { mark: '12' }],
  'mask-after': [{ mark: '@' }, { mark: '市' }],
  aggregate: [{ as: 'group' }, { as: 'count', k: 10 }],
  round: [{ places: 0 }, { places: 2 }, { places: -1 }, { digits: 1 }, { digits: 3 }],
  scrub: [{}, { dictionary: 'diagnosis' }],
  'codes-only': [{}, { dictionary: ['diagnosis'] }],
  noise: [{ amount: 5 }, { amount: 0.5, places: 2 }, { percent: 10 }],
}

const ALL_TERMS = { today: () => TODAY, role: null, care: false, dictionaries: null, own: true } as const

const cellsOf = (method: Method): readonly Params[] => CELLS[method.name] ?? [{}]
const elementsOf = (method: Method): readonly Element[] =>
  ELEMENTS.filter((e) => method.kinds.includes(e.kind) && (method.check?.(cellsOf(method)[0]!, e) ?? []).length === 0)

/** What may come out as it went in: nobody's names, codes that are their own category, outputs of the cell itself. */
function mayStay(method: string, value: string): boolean {
  if (value === '***') return true
  if (value === '无名氏' || value === '未知') return method === 'mask'
  if (/^[*?X]+$/.test(value)) return method.includes('mask') || method === 'keep-range'
  return false
}

test('methods have unique English and Chinese names and full descriptions', () => {
  assert.equal(new Set(METHODS.map((m) => m.name)).size, METHODS.length)
  assert.equal(new Set(METHODS.map((m) => m.zh)).size, METHODS.length)
  for (const m of METHODS) {
    assert.match(m.name, /^[a-z]+(?:-[a-z]+)*$/)
    assert.match(m.zh, /^\p{Script=Han}+$/u)
    assert.ok(m.summary.zh.length > 3 && m.summary.en.length > 3)
    assert.ok(m.kinds.length > 0 && m.kinds.every((k) => KINDS.includes(k)))
    assert.equal(methodByName(m.name), m)
  }
  assert.equal(methodByName('format-preserving'), undefined)
})

test('parameters: schemas compile, close their properties, fill defaults and refuse strangers', () => {
  for (const m of METHODS) {
    assert.equal(m.params['additionalProperties'], false, m.name)
    const check = compileSchema(m.params)
    const fill = compileParams(m.params)
    for (const cell of cellsOf(m)) {
      assert.deepEqual(check(cell), [], `${m.name} ${JSON.stringify(cell)}`)
      assert.deepEqual(fill(cell).problems, [])
    }
    assert.notDeepEqual(check({ ...cellsOf(m)[0], surprise: 1 }), [], m.name)
  }
  assert.equal(compileParams(methodByName('mask')!.params)({}).value['char'], '*')
  assert.equal(compileParams(methodByName('age-band')!.params)({}).value['width'], 5)
  assert.notDeepEqual(
    compileSchema(methodByName('substitute')!.params)({ dictionary: 'd' }),
    [],
    'otherwise is required',
  )
})

test('leaves: keep its own level, drop nothing, all between; monotone in level; parameters matter', () => {
  for (const m of METHODS) {
    for (const cell of cellsOf(m)) {
      let before = -1
      for (const level of [1, 2, 3, 4, 5] as Level[]) {
        const left = m.leaves(level, cell)
        assert.ok(left >= 0 && left <= level && left >= before, `${m.name} ${level}`)
        if (m.name === 'keep') assert.equal(left, level)
        else if (m.name === 'drop') assert.equal(left, 0)
        else assert.ok(left > 0 && left < level, `${m.name} ${JSON.stringify(cell)} ${level}`)
        before = left
      }
    }
  }
  const left = (name: string, params: Params) => methodByName(name)!.leaves(4, params)
  assert.ok(left('mask', { keep: '0+4' }) < left('mask', { keep: '3+4' }))
  assert.ok(left('mask', { keep: '0+4' }) < left('mask', {}))
  assert.ok(left('mask', { keep: '1+2' }) < left('mask', { keep: '1+2', length: 'same' }))
  assert.ok(left('truncate', { keep: 'province' }) < left('truncate', { keep: 'city' }))
  assert.ok(left('year', {}) < left('month', {}))
  assert.ok(left('age-band', { width: 10 }) < left('age-band', { width: 5 }))
  assert.ok(left('age-band', { top: 80 }) < left('age-band', { top: 90 }))
  assert.ok(left('region', { keep: 'province' }) < left('region', { keep: 'city' }))
  assert.ok(left('region', {}) < left('birth', {}))
  assert.ok(left('drop', {}) < left('redact', {}) && left('redact', {}) < left('pseudonym', {}))
  assert.ok(left('pseudonym', { scope: 'dataset' }) < left('pseudonym', {}))
  const sub = (otherwise: string) => left('substitute', { dictionary: 'd', otherwise })
  assert.equal(sub('keep'), 4, 'the greater of both')
  assert.equal(sub('redact'), sub('drop'))
})

for (const method of METHODS) {
  test(`${method.name}: never the input, never its text in an error, deterministic, idempotent`, () => {
    const world = effects()
    const pick = chance(method.name.length * 7919)
    for (const e of elementsOf(method)) {
      for (const params of cellsOf(method)) {
        const bound = bind(method.name, params, e, world)
        const place = placeOf(e, { owner: 'POWNER' })
        for (let i = 0; i < 600; i++) {
          const value = canonical(e.kind, randomValue(pick))
          if (value === '') continue
          const label = `${method.name} ${JSON.stringify(params)} ${e.id} ${JSON.stringify(value)}`
          const result = bound.apply(value, place)
          if (method.name !== 'encrypt') assert.equal(bound.apply(value, place), result, label)
          else if (result !== '***') assert.notEqual(bound.apply(value, place), result, 'no two ciphertexts are alike')
          if (method.name === 'keep') {
            assert.equal(result, value)
            continue
          }
          if (result === null) continue
          assert.notEqual(result, '', label)
          if (result === value) assert.ok(mayStay(method.name, value) || isOwnOutput(method, params, value), label)
          if (!method.idempotent) continue
          // What comes back from an upstream gateway goes through canonical() again.
          const again = canonical(e.kind, result)
          assert.equal(bound.apply(again, place), result, `${label} -> ${result}`)
        }
      }
    }
  })
}

/** Values of the form the cell itself writes; such a value tells what the cell lets be told. */
function isOwnOutput(method: Method, params: Params, value: string): boolean {
  switch (method.name) {
    case 'mask':
      return value.includes(String(params['char'] ?? '*')) || value.endsWith('***')
    case 'year':
      return /^\d{4}$/.test(value)
    case 'month':
      return /^\d{4}-\d{2}$/.test(value)
    case 'birth':
      return /^\d{4}-\d{2}-\d{2}$/.test(value)
    case 'truncate':
      return value.endsWith('***')
    case 'substitute':
      return DIAGNOSES.rows.some((t) => t.replacement === value) || /^[A-Z]?\d{2}$/.test(value)
    case 'category-code':
      return /^[A-Z]?\d{2}$/.test(value)
    case 'mask-range':
    case 'keep-range':
    case 'mask-ends':
      return value.includes(String(params['char'] ?? '*'))
    case 'mask-before':
    case 'mask-after':
      return value.includes('***')
    case 'round':
      return /^-?\d+(?:\.\d+)?$/.test(value)
    // A text without identifiers stays; what codes-only lets through it writes as it was.
    case 'scrub':
      return detect(value, { prose: true }).length === 0 || value.includes('***')
    case 'codes-only':
      return isWellFormed(value, effects().lexicon!().matcher(ALL_TERMS))
    case 'region':
      return /^重庆市$/.test(value)
    default:
      return false
  }
}

test('fast roads: the same as apply on the canonical value, or -1; nothing outside the given bytes is read or written', () => {
  const world = effects()
  const pick = chance(42)
  let taken = 0
  for (const method of METHODS) {
    for (const e of elementsOf(method)) {
      for (const params of cellsOf(method)) {
        const bound = bind(method.name, params, e, world)
        if (bound.bytes === undefined) continue
        for (let i = 0; i < 400; i++) {
          const text = i % 4 === 0 ? likely(pick) : randomValue(pick)
          const value = canonical(e.kind, text)
          if (value === '') continue
          const bytes = Buffer.from(text)
          const source = Buffer.concat([Buffer.from('"9张'), bytes, Buffer.from('8"李')])
          const start = 5
          const room = 4 * bytes.length + 64
          const target = Buffer.alloc(3 + room + 3, 1)
          const end: number = bound.bytes(source, start, start + bytes.length, target, 3)
          if (end === -1) continue
          taken++
          const expected = bound.apply(value, placeOf(e))
          const label = `${method.name} ${JSON.stringify(params)} ${e.id} ${JSON.stringify(text)}`
          assert.equal(target.toString('utf8', 3, end), expected, label)
          assert.ok(end - 3 <= room, label)
          assert.ok(
            target.subarray(0, 3).every((b) => b === 1) && target.subarray(3 + room).every((b) => b === 1),
            label,
          )
        }
      }
    }
  }
  assert.ok(taken > 20_000, `only ${taken} values took the fast road`)
})

const LIKELY = [
  '张三',
  '欧阳娜娜',
  '王小明',
  'John Smith',
  '13812345678',
  '500103199003070025',
  '50010319900307002X',
  '00123456',
  '1990-03-07',
  '癌症',
  '免疫性血小板减少症',
  'diabetes mellitus',
  'DM',
  '重庆某某机械有限公司',
  '引号',
  'Li Si',
  '李四之女',
  '1935-01-01',
  '旧词',
]
const likely = (pick: (n: number) => number): string => LIKELY[pick(LIKELY.length)]!

test('dates that come out are dates', () => {
  const world = effects()
  const pick = chance(5)
  const e = ELEMENTS.find((x) => x.id === 'birth-date')!
  for (const name of ['year', 'month']) {
    const bound = bind(name, {}, e, world)
    for (let i = 0; i < 2000; i++) {
      const value = canonical('date', randomValue(pick))
      if (value === '' || value === '***') continue
      const result = bound.apply(value, placeOf(e))
      if (result !== null)
        assert.ok(
          fitsKind('date', result) || /^0/.test(result) || Number(result.slice(0, 4)) > 2199,
          `${value} -> ${result}`,
        )
    }
  }
})
