import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical } from '../../../src/mask/kinds.ts'
import { formsOf } from '../../../src/mask/text/forms.ts'
import { KnownValues } from '../../../src/mask/text/known-values.ts'
import { read } from '../../../src/mask/text/reading.ts'
import { chance, elementById, randomValue } from '../fixtures.ts'

const known = (...values: readonly (readonly [string, string])[]): KnownValues => {
  const all = new KnownValues()
  for (const [id, raw] of values) {
    const element = { ...elementById(id), index: id.length }
    all.add({ element, value: canonical(element.kind, raw), namespace: '', within: [] })
  }
  return all
}
const found = (all: KnownValues, text: string): string[] => {
  const { shadow } = read(text)
  return all.find(shadow).map((h) => shadow.slice(h.start, h.end))
}

test('forms: what is too short, nobody or already masked has none', () => {
  for (const [kind, value] of [
    ['name', '张'],
    ['name', '无名氏'],
    ['name', '张**'],
    ['identifier', '12345'],
    ['identifier', 'ABCD'],
    ['phone', '12345'],
    ['address', '某'],
    ['date', '1990'],
    ['email', 'none'],
    ['text', '某厂'],
  ] as const)
    assert.deepEqual(formsOf(kind, value), [], `${kind} ${value}`)
})

const HITS: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['person-name', '张三丰', '患者张三丰来诊，张 三 丰诉', ['张三丰', '张 三 丰']],
  ['person-name', '李四之女', '李四之女，其母李四', ['李四之女', '李四']],
  ['person-name', '阿卜杜·热合曼', '阿卜杜•热合曼，热合曼', ['阿卜杜·热合曼', '热合曼']],
  ['person-name', 'Mary Ann Smith', 'SMITH, mary ann smith, smith', ['SMITH', 'mary ann smith']],
  ['mobile', '13812345678', '86 138-1234-5678 与 0138 12345678x', ['138-1234-5678']],
  ['landline', '023-68765432', '(023)68765432 或 6876-5432', ['023)68765432', '6876-5432']],
  ['resident-id', '500103199003070025', '500103 19900307 0025', ['500103 19900307 0025']],
  ['record-no', 'ZY-2026-0001', 'zy20260001；AZY20260001；ZY202600011', ['zy20260001']],
  ['birth-date', '1990-03-07', '1990年03月07日 1990.3.7 199037', ['1990年03月07日', '1990.3.7']],
  [
    'address',
    '重庆市渝中区示例路10号1单元',
    '家住示例路10号，渝中区示例路10号1单元',
    ['示例路10号', '渝中区示例路10号1单元'],
  ],
]
test('found in every spelling, not inside longer numbers and words', () => {
  for (const [id, value, text, expected] of HITS) assert.deepEqual(found(known([id, value]), text), expected, text)
})

test('the longest value wins, hits do not overlap and lie in the text', () => {
  const all = known(['person-name', '张三'], ['person-name', '张三丰'], ['record-no', '00123456'])
  assert.deepEqual(found(all, '张三丰张三00123456'), ['张三丰', '张三', '00123456'])
  const pick = chance(11)
  const many = known(...Array.from({ length: 60 }, () => ['person-name', randomValue(pick)] as const))
  for (let i = 0; i < 2000; i++) {
    const { shadow } = read(randomValue(pick) + randomValue(pick))
    let from = 0
    for (const { start, end } of many.find(shadow)) {
      assert.ok(start >= from && end > start && end <= shadow.length)
      from = end
    }
  }
})

test('time grows with the text and with the number of values, not with their product', () => {
  const all = new KnownValues()
  const name = elementById('person-name')
  for (let i = 0; i < 50_000; i++)
    all.add({
      element: name,
      value: `张${String.fromCharCode(0x4e00 + (i % 5000))}${String.fromCharCode(0x4e00 + Math.floor(i / 5000))}`,
      namespace: '',
      within: [],
    })
  const address = elementById('address')
  all.add({ element: address, value: `${'张'.repeat(300)}号1`, namespace: '', within: [] })
  const shadow = '张'.repeat(200_000)
  const began = process.cpuUsage()
  all.find(shadow)
  assert.ok(process.cpuUsage(began).user < 4_000_000)
})
