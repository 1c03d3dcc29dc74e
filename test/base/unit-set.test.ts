import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UnitSet } from '../../src/base/unit-set.ts'
import { chance } from '../mask/fixtures.ts'

test('a set of units holds what was added and nothing else', () => {
  const pick = chance(9)
  const set = new UnitSet()
  const held = new Set<number>([0, 31, 32, 0xffff])
  for (let i = 0; i < 5000; i++) held.add(pick(0x10000))
  for (const unit of held) set.add(unit)
  for (let unit = 0; unit < 0x10000; unit++) assert.equal(set.has(unit), held.has(unit))
  assert.equal(set.bytes, 8192)
})
