/** Keys a narrower binding takes down a level. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loweredKeys } from '../../../src/mask/proof/lowered.ts'
import { rulesOf } from '../language/fixture.ts'

const at = (text: string) =>
  loweredKeys(rulesOf({ 'bindings/b.yaml': text })).map((l) => [
    l.key,
    l.from.element.id,
    l.by.element.id,
    l.by.at.line,
  ])

test('a scope, a path and an interface can lower; what is as high or wider cannot', () => {
  assert.deepEqual(at('format: json\nfacility: [{ key: sjh, in: org }]\n'), [['sjh', 'mobile', 'facility', 2]])
  assert.deepEqual(at('format: json\nfacility: "$.org.sjh"\n'), [['sjh', 'mobile', 'facility', 2]])
  assert.deepEqual(at('format: json\nfacility: "$.org[\'S_JH\']"\n'), [['sjh', 'mobile', 'facility', 2]])
  assert.deepEqual(at('interface: his.x\nfacility: sjh\n'), [['sjh', 'mobile', 'facility', 2]])
  assert.deepEqual(at('interface: his.x\naddress: sjh\n'), [])
  assert.deepEqual(at('interface: his.x\nfacility: jgmc\n'), [])
})
