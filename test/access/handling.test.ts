/** R081 to R084: each step moves the handling one way, and what it demands only grows. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { controlsOf, type Handling, type HandlingFacts, handlingOf, placeOf } from '../../src/access/handling.ts'

describe('handling', () => {
  const base: HandlingFacts = { level: 4, left: 4, stage: 'in-use', place: 'member' }
  const cases: readonly [string, Partial<HandlingFacts>, Handling][] = [
    ['clear between members', {}, 4],
    ['masked: one step lower (R082)', { left: 2 }, 3],
    ['stored: one step lower (R083)', { stage: 'stored' }, 3],
    ['inside one institution: looser (R084)', { place: 'inside' }, 3],
    ['to a third party: stricter', { place: 'third-party' }, 5],
    ['a level-5 record between members', { level: 5, left: 5 }, 5],
    ['never above 5', { level: 5, left: 5, place: 'third-party' }, 5],
    ['never below 1', { level: 0, left: 0, stage: 'stored', place: 'inside' }, 1],
    ['masked inside', { level: 5, left: 0, place: 'inside' }, 3],
  ]
  for (const [name, facts, want] of cases) it(name, () => assert.equal(handlingOf({ ...base, ...facts }), want))

  it('a higher handling never demands less', () => {
    for (const h of [1, 2, 3, 4] as const) {
      const [low, high] = [controlsOf(h), controlsOf((h + 1) as Handling)]
      assert.ok(Number(low.fsync) <= Number(high.fsync) && Number(low.verify) <= Number(high.verify))
      assert.ok(low.approvals <= high.approvals)
      assert.ok((low.stepUpMs ?? Number.POSITIVE_INFINITY) >= (high.stepUpMs ?? Number.POSITIVE_INFINITY))
    }
  })

  const places: readonly [Parameters<typeof placeOf>, HandlingFacts['place']][] = [
    [['county', 'teaching', 'doctor', 'treatment'], 'member'],
    [['teaching', 'teaching', 'doctor', 'treatment'], 'inside'],
    [['insurer', 'teaching', 'billing', 'insurance'], 'third-party'],
    [['x', 'teaching', 'third-party', null], 'third-party'],
    [['teaching', 'teaching', 'third-party', null], 'third-party'],
  ]
  for (const [args, want] of places) it(`${args.join(' ')}: ${want}`, () => assert.equal(placeOf(...args), want))
})
