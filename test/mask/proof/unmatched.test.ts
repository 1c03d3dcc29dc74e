import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unmatchedBindings } from '../../../src/mask/proof/unmatched.ts'
import { policy, rulesOf } from '../language/fixture.ts'

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
const shown = ({ bindings }: ReturnType<typeof unmatchedBindings>): string[] =>
  bindings.map((b) => `${b.at.file}:${b.at.line}:${b.at.col} ${b.path ?? b.key ?? b.pair}`)

const OWN = `interface: his.record
person-name: [$.data.brxm, $.data.name]
mobile: [{ path: $.data.tel, status: proposed }, { pair: 电话 }]
`

test('selectors of an interface that match nothing in its samples are told with their place', () => {
  const rules = rulesOf({ 'bindings/own.yaml': OWN })
  const sample = { name: 'a.json', interfaceId: 'his.record', bytes: bytes({ data: { brxm: '张三', dh: '138' } }) }
  const told = unmatchedBindings(rules, [sample])
  assert.deepEqual(shown(told), [
    'bindings/own.yaml:2:28 $.data.name',
    'bindings/own.yaml:3:10 $.data.tel',
    'bindings/own.yaml:3:50 电话',
  ])
  assert.equal(told.asked, 4)
  const more = { ...sample, bytes: bytes({ data: { tel: '1', name: 'x' }, list: [{ name: '电话', value: '2' }] }) }
  assert.deepEqual(shown(unmatchedBindings(rules, [sample, more])), [])
})

test('without an interface the selectors of the format are asked, those hidden by a narrower one too', () => {
  const rules = rulesOf({
    'bindings/his.yaml': 'format: json\nperson-name: [brxm]\nfacility: $.brxm\nmobile: [sjh]\n',
    'policies/research.yaml': policy('p', 'undecided: drop\nunknown: drop\n'),
  })
  const told = unmatchedBindings(rules, [{ name: 'a.json', bytes: bytes({ brxm: '张三' }) }])
  assert.deepEqual(shown(told), ['bindings/his.yaml:4:10 sjh'])
})

test('what cannot be read is named and asks nothing', () => {
  const told = unmatchedBindings(rulesOf(), [
    { name: 'a.json', bytes: Buffer.from('{') },
    { name: 'a.pdf', bytes: Buffer.from('x') },
  ])
  assert.deepEqual([told.skipped, told.asked], [['a.json', 'a.pdf'], 0])
})
