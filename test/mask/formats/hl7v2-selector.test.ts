import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSelectorError, parseSelector, rankOf } from '../../../src/mask/formats/hl7v2-selector.ts'

const parsed = (text: string) => {
  const selector = parseSelector(text)
  assert.ok(!isSelectorError(selector), `${text}: ${JSON.stringify(selector)}`)
  return selector
}

test('selectors in every form', () => {
  const { segment, field, component, subcomponent } = parsed('PID-3.4.2')
  assert.deepEqual([segment, field, component, subcomponent], ['PID', 3, 4, 2])
  assert.equal(parsed('OBX[2]-5').occurrence, 2)
  assert.equal(parsed('PID-3[2].1').repetition, 2)
  const [filter] = parsed('PID-3[5=NNCHN|NI].1').filters
  assert.deepEqual([filter?.field, filter?.component, [...filter!.values]], [null, 5, ['NNCHN', 'NI']])
  const [other] = parsed('OBX-5[@3.1=身份证号]').filters
  assert.deepEqual([other?.field, other?.component, [...other!.values]], [3, 1, ['身份证号']])
  assert.deepEqual([parsed('Z*').wild, parsed('Z*').segment, parsed('Z*').field], [true, 'Z', 0])
  assert.equal(parsed('ZP*-3').segment, 'ZP')
  assert.equal(parsed('PID-3[2][5=MR].1').filters.length, 1)
})

test('errors say where and what', () => {
  for (const [text, offset] of [
    ['', 0],
    ['pid-5', 0],
    ['PI-5', 0],
    ['PID5', 3],
    ['PID-', 4],
    ['PID-0', 4],
    ['PID-5.', 6],
    ['PID-5.0', 6],
    ['PID-5x', 5],
    ['PID-5[', 6],
    ['PID-5[1', 7],
    ['PID-5[5=]', 8],
    ['PID-5[5=A', 9],
    ['PID-5[5=A||B]', 10],
    ['PID-5[1][2]', 9],
    ['PID-5[@2]', 8],
    ['MSH-1', 4],
    ['BHS-2', 4],
    ['PID-1000', 4],
    ['PID-5.1.2.3', 9],
    ['Z-1', 0],
  ] as const) {
    const failed = parseSelector(text)
    assert.ok(isSelectorError(failed), text)
    assert.equal(failed.offset, offset, `${text}: ${failed.error}`)
    assert.ok(failed.error.length > 5)
  }
})

test('narrower selectors rank higher', () => {
  const order = ['Z*', 'ZP*', 'ZPI', 'ZPI-3', 'ZPI-3.1', 'ZPI-3.1.2', 'ZPI-3[1]', 'ZPI-3[5=A].1']
  const ranks = order.map((text) => rankOf(parsed(text)))
  assert.deepEqual(
    ranks,
    [...new Set(ranks)].toSorted((a, b) => a - b),
  )
})
