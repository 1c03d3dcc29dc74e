/** Known values and detectors in the prose of care: what is spelled like somebody's number may be a dose. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, planFor } from './fixture.ts'

const CARE = ['nurse', 'doctor', 'consult'] as const
/** numbers the care policies treat, short enough to be a dose */
const NUMBERS = { ybkh: '800000', yhkh: '12000000', sjh: '1500000', sbkh: '250ml' }
const PROSE = ['bz', 'bgnr', 'zzz']

describe('doses in the prose of care', () => {
  for (const who of CARE) {
    const plan = planFor(who, 'json')
    const said = (key: string, text: string): string =>
      JSON.parse(mask(plan, { ...NUMBERS, [key]: text }))[key] as string

    it(`${who}: a dose that is spelled like a number of a field stays`, () => {
      for (const key of PROSE)
        for (const text of [
          '青霉素 800000U 静滴 q12h',
          '青霉素 800000 IU',
          '青霉素钠12000000U qd',
          '尿激酶1500000单位',
          '盐水 250ml 静滴',
          '氯化钾 800000 mg。',
          '肝素 800000u',
        ])
          assert.equal(said(key, text), text, key)
    })

    it(`${who}: the number itself goes`, () => {
      for (const key of PROSE)
        for (const text of [
          '医保 800000',
          '医保800000 Unit',
          '医保 800000 支付',
          '800000，U',
          '卡 12000000 g1',
          '8000-00 U',
        ])
          assert.doesNotMatch(said(key, text).replace('-', ''), /800000|12000000/, text)
    })
  }

  it('nothing a detector looks for', () => {
    for (const text of [
      '评分 1 3 8 1 2 3 4 5 6 7',
      '血压 138/86mmHg，心率 78',
      'WBC 13.81×10^9/L，Na 138 mmol/L',
      '0.9%NS 100ml+头孢曲松 2.0g',
      '国药准字H20013812，批号 20261121',
      '1:1000 肾上腺素 0.3ml',
      '复合维生素B12 500μg',
      '阿莫西林 0.5g @ 8:00',
    ])
      for (const who of CARE)
        for (const key of PROSE) {
          const payload = { [key]: text }
          assert.equal(mask(planFor(who, 'json'), payload), JSON.stringify(payload), `${who} ${key}`)
        }
  })
})
