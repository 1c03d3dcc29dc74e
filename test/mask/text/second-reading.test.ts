import assert from 'node:assert/strict'
import { test } from 'node:test'
import { featuresOf } from '../../../src/mask/detectors/features.ts'
import { readAgain as again } from '../../../src/mask/text/second-reading.ts'

const readAgain = (text: string) => again(text, featuresOf(text))

test('numerals, other digits, letters among digits and one line break are read as digits, with the way back', () => {
  for (const [text, expected] of [
    ['电话一三八一二三四五六七八', '电话13812345678'],
    ['٠١٢٣٤٥٦٧', '01234567'],
    ['138l2345678', '13812345678'],
    ['1381234567O', '13812345670'],
    ['13812\n345678', '13812345678'],
    ['13812\\.br\\345678', '13812345678'],
    ['幺叁捌壹贰叁肆', '1381234'],
  ] as const) {
    const read = readAgain(text)
    assert.ok(read !== null, text)
    assert.equal(read.text, expected)
    assert.equal(read.at.length, read.text.length + 1)
    assert.equal(read.at.at(-1), text.length)
    assert.ok(
      read.at.every((at, i) => i === 0 || at > read.at[i - 1]!),
      'ascending',
    )
  }
})

test('nothing is read otherwise in ordinary text', () => {
  for (const text of [
    '',
    '第一二三次',
    '血压120\n80',
    'WBC 5.6\n110',
    '1\n2\n3\n4',
    'Oil 10',
    'IL-6 12345',
    '13812345678',
    'O2 5L',
  ])
    assert.equal(readAgain(text), null, text)
})

test('linear', () => {
  for (const unit of ['1\n', '一', 'O1', '1 ', '\\.br\\1']) {
    const began = process.cpuUsage()
    readAgain(unit.repeat(50_000))
    assert.ok(process.cpuUsage(began).user < 1_500_000, unit)
  }
})
