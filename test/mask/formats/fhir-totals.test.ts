/** Declared counts follow the records that were left out: of the bundle, and of a bundle inside it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, planOf, rulesOf } from './folded.ts'

const rules = rulesOf()
const plan = planOf('outside', 'fhir', rules)
const condition = (code: string) => ({
  resource: { resourceType: 'Condition', id: 'c', code: { coding: [{ code }] }, subject: { reference: 'Patient/1' } },
})
const bundle = (codes: readonly string[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: codes.length,
  entry: codes.map(condition),
})

describe('Bundle.total', () => {
  const cases: readonly [string, readonly (readonly string[])[], number, readonly number[]][] = [
    ['inside: only the inner one', [['I10', 'B20', 'J18']], 1, [2]],
    [
      'two inside, each its own',
      [
        ['B20', 'I10'],
        ['I10', 'B20', 'B21'],
      ],
      2,
      [1, 1],
    ],
    ['nothing to leave out', [['I10']], 1, [1]],
  ]
  for (const [name, inner, outerTotal, innerTotals] of cases)
    it(name, () => {
      const payload = {
        resourceType: 'Bundle',
        type: 'collection',
        total: inner.length,
        entry: inner.map((codes) => ({ resource: bundle(codes) })),
      }
      const out = JSON.parse(mask(plan, JSON.stringify(payload)))
      assert.equal(out.total, outerTotal)
      assert.deepEqual(
        out.entry.map((e: { resource: { total: number } }) => e.resource.total),
        innerTotals,
      )
      assert.ok(
        out.entry.every(
          (e: { resource: { total: number; entry: unknown[] } }) => e.resource.total === e.resource.entry.length,
        ),
      )
    })
  it('of the bundle itself', () => {
    const out = JSON.parse(mask(plan, JSON.stringify(bundle(['I10', 'B20']))))
    assert.deepEqual([out.total, out.entry.length], [1, 1])
  })
})
