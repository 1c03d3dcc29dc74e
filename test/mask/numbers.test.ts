/** Readers of dates, resident IDs, telephone numbers, names and regions, below the kinds that use them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ageOn, formatDate, isReal, oldestOn, parseDate } from '../../src/mask/dates.ts'
import { clean, isStable, shadowOf } from '../../src/mask/normal.ts'
import { areaLength, canonicalPhone, isMobile, parseLandline } from '../../src/mask/phone.ts'
import { isRegionName, regionName, truncateAddress } from '../../src/mask/regions.ts'
import { checkDigit, parseResidentId } from '../../src/mask/resident-id.ts'
import { isCompoundPair, isCompoundSurname, isSurnamed } from '../../src/mask/surnames.ts'

const day = (text: string) => parseDate(text)!

test('the calendar', () => {
  assert.ok(isReal({ year: 2024, month: 2, day: 29 }) && isReal({ year: 2000, month: 2, day: 29 }))
  for (const year of [1900, 2023, 2100]) assert.ok(!isReal({ year, month: 2, day: 29 }))
  for (const text of ['1990-00-01', '1990-01-00', '1990-04-31', '19901301', '1990-1', '199013']) {
    const date = parseDate(text)
    if (text === '1990-1') assert.deepEqual(date, { year: 1990, month: 1, day: 0 })
    else assert.equal(date, null, text)
  }
  assert.equal(formatDate({ year: 90, month: 1, day: 2 }), '0090-01-02')
})

test('ages of whole and partial dates', () => {
  const now = day('2026-11-21')
  assert.equal(ageOn(day('1990-11-21'), now), 36)
  assert.equal(ageOn(day('1990-11-22'), now), 35)
  assert.deepEqual([ageOn(day('1990'), now), oldestOn(day('1990'), now)], [35, 36])
  assert.deepEqual([ageOn(day('1990-11'), now), oldestOn(day('1990-11'), now)], [35, 36])
})

test('resident IDs: check digit, province, date, 15 digits', () => {
  assert.equal(checkDigit('11010519491231002'), 'X')
  assert.equal(parseResidentId('11010519491231002X')?.checked, true)
  assert.equal(parseResidentId('110105194912310020')?.checked, false)
  assert.deepEqual(parseResidentId('500103900307002')?.birth, { year: 1990, month: 3, day: 7 })
  for (const value of [
    '161051949123100202',
    '500103199002300020',
    '50010319900307002',
    '500103199003070025 ',
    '50010319900307002x',
    '',
  ])
    assert.equal(parseResidentId(value), null, value)
})

test('telephone numbers', () => {
  assert.ok(isMobile('19912345678') && !isMobile('12012345678'))
  assert.deepEqual(parseLandline('02368765432'), { area: '023', local: '68765432' })
  assert.deepEqual(parseLandline('05718765432-12'), { area: '0571', local: '8765432' })
  for (const value of ['0231876543', '023687654321', '13812345678', '02368765432-', ''])
    assert.equal(parseLandline(value), null, value)
  assert.deepEqual([areaLength('010'), areaLength('0571')], [3, 4])
  assert.equal(canonicalPhone('+1 (202) 555-0100'), '+12025550100')
  assert.equal(canonicalPhone('400-820-8820'), '4008208820')
  assert.equal(canonicalPhone('无 电话'), '无 电话')
})

test('regions by code', () => {
  assert.equal(regionName('320583', 'city'), '江苏省苏州市')
  assert.equal(regionName('320583', 'province'), '江苏省')
  assert.equal(regionName('500103', 'city'), '重庆市')
  assert.equal(regionName('429004', 'city'), '湖北省', 'administered by the province')
  assert.equal(regionName('830000', 'province'), '台湾省')
  assert.equal(regionName('990000', 'province'), null)
  assert.ok(
    isRegionName('江苏省苏州市', 'city') &&
      !isRegionName('江苏省苏州市', 'province') &&
      !isRegionName('苏州市', 'city'),
  )
})

test('every prefecture is found by its full name, alone and after its province, and comes out again', () => {
  let cities = 0
  for (let code = 1100; code < 8300; code++) {
    const name = regionName(`${code}00`, 'city')
    const province = regionName(`${code}00`, 'province')
    if (name === null || name === province) continue
    cities++
    assert.equal(truncateAddress(`${name}某区某路1号`, 'city'), `${name}***`)
    assert.equal(truncateAddress(`${name.slice(province!.length)}某区某路1号`, 'city'), `${name}***`)
    assert.equal(truncateAddress(`${name}***`, 'city'), `${name}***`)
    assert.equal(truncateAddress(`${name}某区`, 'province'), `${province}***`)
  }
  assert.ok(cities > 320, `${cities}`)
})

test('surnames', () => {
  assert.ok(isCompoundSurname('欧阳') && !isCompoundSurname('王小'))
  assert.ok(isCompoundPair('欧'.charCodeAt(0), '阳'.charCodeAt(0)))
  assert.ok(isSurnamed('张三') && isSurnamed('尉迟恭') && !isSurnamed('自述'))
})

test('normalised text and its offsets', () => {
  assert.ok(isStable('abc张、。') && !isStable('Ａ') && !isStable('\u3007'))
  assert.equal(clean(' Ａ\u200bＢ　'), 'AB')
  const text = '㈱１\u200b２😀3'
  const shadow = shadowOf(text)
  assert.equal(shadow.text, '(株)12😀3')
  assert.equal(text.slice(shadow.origin(3), shadow.origin(5)), '１\u200b２')
  assert.equal(shadow.origin(shadow.text.length), text.length)
})
