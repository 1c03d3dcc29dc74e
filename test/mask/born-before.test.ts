/** Who is said to be born before a year by their bytes is no minor by their text. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isBornBefore } from '../../src/mask/born-before.ts'
import { ageAt, canonical } from '../../src/mask/kinds.ts'
import { checkDigit } from '../../src/mask/resident-id.ts'
import { scaled } from '../fixtures/scale.ts'
import { chance } from './fixtures.ts'

const pad = (n: number, width: number): string => String(n).padStart(width, '0')

test('born before the year: never a minor', () => {
  const pick = chance(14)
  const signs = [...'0123456789-xX年 ']
  let told = 0
  for (let i = 0; i < scaled(200_000, 20_000); i++) {
    const day = [1900 + pick(130), 1 + pick(12), 1 + pick(31)] as const
    const body = `500103${pad(day[0], 4)}${pad(day[1], 2)}${pad(day[2], 2)}${pad(pick(1000), 3)}`
    const kind = pick(2) === 0 ? 'date' : 'identifier'
    let text = kind === 'date' ? `${day[0]}-${pad(day[1], 2)}-${pad(day[2], 2)}` : body + checkDigit(body)
    const at = pick(text.length)
    if (pick(3) === 0) text = text.slice(0, at) + signs[pick(signs.length)] + text.slice(at + pick(2))
    const bytes = Buffer.from(`"${text}"`)
    if (!isBornBefore(2012, kind, bytes, 1, bytes.length - 1)) continue
    told++
    const age = ageAt(kind, canonical(kind, text), '2026-11-21')
    assert.ok(age === null || age >= 14, text)
  }
  assert.ok(told > scaled(200_000, 20_000) / 3)
})

test('other kinds, lengths and years are not told', () => {
  const of = (kind: 'date' | 'identifier' | 'age', text: string) =>
    isBornBefore(2012, kind, Buffer.from(text), 0, Buffer.byteLength(text))
  assert.ok(of('date', '2011-12-31') && of('identifier', '50010320111231002x'))
  assert.ok(!of('date', '2012-01-01') && !of('identifier', '500103201201010020'))
  assert.ok(!of('age', '2011-12-31') && !of('date', '2011/12/31') && !of('date', '19900101'))
})
