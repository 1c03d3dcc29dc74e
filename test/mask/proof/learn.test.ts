/** Proposals for interfaces nobody has bound: what is proposed, on what evidence, and what never. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoSamples, medflowSamples, score, shippedRules, withoutAliases } from '../../../bench/learn.ts'
import { DEMO, MEDFLOW } from '../../../bench/learn-labels.ts'
import { learn } from '../../../src/mask/proof/learn.ts'

const rules = await shippedRules()
const propose = (...documents: unknown[]) =>
  learn(
    rules,
    'x.y',
    documents.map((d) => JSON.stringify(d)),
  )
const elementAt = (document: unknown, of = rules) => learn(of, 'x.y', [JSON.stringify(document)]).map((p) => p.element)

test('an alias, a detector, a shape and words each count as evidence, and no value is in any', () => {
  const found = propose({ data: [{ brxm: '张三丰', contactPhoneNumber: '13812345678', xb: '女' }] })
  assert.deepEqual(
    found.map((p) => [p.address, p.element, p.level, p.evidence.map((e) => e.by).join()]),
    [
      ['$.data[*].brxm', 'person-name', 4, 'alias,shape'],
      ['$.data[*].contactPhoneNumber', 'mobile', 4, 'words,detector,shape'],
      ['$.data[*].xb', 'sex', 2, 'alias,shape'],
    ],
  )
  const text = JSON.stringify(found)
  for (const secret of ['张三丰', '13812345678', '女']) assert.ok(!text.includes(secret), secret)
})

test('a key that is payload itself is not told, and no path to it is proposed', () => {
  const found = propose({ list: { '500103199003070025': { sjh: '13812345678' }, ZY20260001: '13812345678' }, sjh: '1' })
  assert.deepEqual(
    found.map((p) => [p.address, p.element]),
    [
      ['$.list.?.sjh', null],
      ['$.list.?', null],
      ['$.sjh', 'mobile'],
    ],
  )
  assert.doesNotMatch(JSON.stringify(found), /500103|20260001|1381234/)
})

test('numbers are found by what they are, whatever their key is called', () => {
  const bare = withoutAliases(rules)
  assert.deepEqual(elementAt({ f1: '500103199003070025', f2: '13812345678', f3: 'x@example.com' }, bare), [
    'resident-id',
    'mobile',
    'email',
  ])
  assert.deepEqual(elementAt({ unit: '13812345678', refRange: '500103199003070025' }), ['mobile', 'resident-id'])
})

test('a pair is proposed by its label, one address a label', () => {
  const found = propose({
    items: [
      { name: '身份证号', value: '500103199003070025' },
      { name: '性别', value: '男' },
    ],
  })
  const pairs = found.filter((p) => 'pair' in p.selector)
  assert.deepEqual(
    pairs.map((p) => [p.selector, p.element]),
    [
      [{ pair: '身份证号' }, 'resident-id'],
      [{ pair: '性别' }, 'sex'],
    ],
  )
})

test('what nothing speaks for stays unknown; null and empty are no evidence', () => {
  assert.deepEqual(
    propose({ qqq: 'zzz', www: null, eee: '' }).map((p) => [p.element, p.filled, p.seen]),
    [
      [null, 1, 1],
      [null, 0, 1],
      [null, 0, 1],
    ],
  )
})

test('the demo HIS: precision and recall, and nothing of level 4 or 5 as level 1', () => {
  const s = score(rules, demoSamples(), DEMO)
  assert.deepEqual([s.strange, s.underrated], [[], []])
  assert.ok(s.precision >= 0.95 && s.recall >= 0.95, s.wrong.join('\n'))
  assert.deepEqual(score(withoutAliases(rules), demoSamples(), DEMO).underrated, [])
})

const medflow = medflowSamples()
test('medflow payloads', { skip: medflow === null ? 'the corpora are not there: 6 payloads skipped' : false }, () => {
  const s = score(rules, medflow!, MEDFLOW)
  assert.deepEqual([s.strange, s.underrated], [[], []])
  assert.ok(s.precision >= 0.9 && s.recall >= 0.95, s.wrong.join('\n'))
})
