import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isQuantity, quantitiesIn } from '../../../src/mask/text/quantity.ts'

const found = (text: string): string[] => quantitiesIn(text).map((q) => `${q.number}|${q.unit}`)

const ADMITTED: readonly (readonly [string, readonly string[]])[] = [
  ['5 mg', ['5|mg']],
  ['5mg', ['5|mg']],
  ['体重62.5kg。', ['62.5|kg']],
  ['<0.5 mmol/L', ['<0.5|mmol/L']],
  ['≥ 10 mg', ['≥10|mg']],
  ['125×10^9/L', ['125|×10^9/L']],
  ['125 10*9/L', ['125|10*9/L']],
  ['36.5°C', ['36.5|°C']],
  ['98%', ['98|%']],
  ['500毫升', ['500|毫升']],
  ['服药3天', ['3|天']],
  ['2片', ['2|片']],
  ['123456 U/L', ['123456|U/L']],
  ['血红蛋白 132', ['132|']],
]
test('numbers with a unit of the list, and those that stand alone', () => {
  for (const [text, expected] of ADMITTED) assert.deepEqual(found(text), expected, text)
})

const REFUSED = [
  '1234567 mg',
  '1234.567 mg',
  'A5 mg',
  '5-10 mg',
  '-5 mg',
  '120/80mmHg',
  '3次/日',
  '2026年',
  '3月',
  '7日',
  '36岁',
  '36周岁',
  '36 岁',
  '3个月',
  '3 年余',
  '2号',
  '5元',
  '3次',
  '12楼',
  '8床',
  '3天龄',
  '5mgX',
  '5mg/x',
  '13812345678',
  'x5',
  '5x',
  '10:15',
  '1.2.3',
  '12室',
]
test('what a date, an age, a place, a range or a code could be', () => {
  for (const text of REFUSED) assert.deepEqual(found(text), [], text)
})

test('the check of one written number', () => {
  for (const good of ['5mg', '<0.5mmol/L', '98%', '3天', '45×10^9/L']) assert.ok(isQuantity(good, false), good)
  for (const bad of ['5', '5mgX', '1234567mg', 'mg', '36岁', '5 mg', '']) assert.ok(!isQuantity(bad, false), bad)
  assert.ok(isQuantity('5', true) && !isQuantity('1234567', true) && !isQuantity('x', true))
})
