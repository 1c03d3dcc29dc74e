import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Budget, Lease } from '../../src/gateway/budget.ts'

test('takes until the limit, then waits in order, then refuses', async () => {
  const budget = new Budget({ limit: 100, patienceMs: 50 })
  const a = new Lease(budget)
  const b = new Lease(budget)
  assert.equal(a.take(80), null)
  const large = b.take(50)
  const small = b.take(10)
  assert.ok(large !== null && small !== null, 'a small one does not overtake a large one')
  a.end()
  await Promise.all([large, small])
  assert.equal(budget.used, 60)
  b.end()
  assert.equal(budget.used, 0)
  await assert.rejects(new Lease(budget).take(101)!, { code: 'OVERLOADED' })
  const full = new Lease(budget)
  assert.equal(full.take(100), null)
  await assert.rejects(new Lease(budget).take(1)!, { code: 'OVERLOADED' })
  assert.equal(budget.waiting, 0)
})

test('one that gives up lets the next one through', async () => {
  const budget = new Budget({ limit: 100, patienceMs: 40 })
  const held = new Lease(budget)
  held.take(60)
  const tooLarge = new Lease(budget).take(90)!
  await new Promise((resolve) => setTimeout(resolve, 20))
  const fits = new Lease(budget).take(30)!
  await assert.rejects(tooLarge, { code: 'OVERLOADED' })
  await fits
  assert.equal(budget.used, 90)
})

test('a call that ended while it waited, or gives more than it has, leaves the count right', async () => {
  const budget = new Budget({ limit: 10, patienceMs: 1000 })
  const first = new Lease(budget)
  first.take(10)
  const gone = new Lease(budget)
  const waiting = gone.take(5)!
  gone.end()
  first.give(100)
  await waiting
  assert.equal(budget.used, 0)
  assert.equal(gone.take(3), null)
  gone.force(3)
  assert.equal(budget.used, 0)
  first.force(25)
  assert.equal(budget.used, 25)
  assert.equal(first.held, 25)
  first.end()
  assert.equal(budget.used, 0)
})

test('what can be done without takes only room that is free and that nobody waits for', async () => {
  const budget = new Budget({ limit: 100, patienceMs: 1000 })
  const held = new Lease(budget)
  const copy = new Lease(budget)
  held.take(80)
  assert.equal(copy.tryTake(30), false)
  assert.equal(copy.tryTake(10), true)
  const waiting = new Lease(budget).take(20)!
  assert.equal(copy.tryTake(5), false, 'it does not overtake')
  assert.equal(copy.held, 10)
  held.end()
  await waiting
  copy.end()
  assert.equal(copy.tryTake(1), false)
  assert.equal(budget.used, 20)
})

test('a crowd of bodies is told once when it gathers and once when it is gone', () => {
  const told: string[] = []
  const crowd = { crowded: () => void told.push('crowded'), eased: () => void told.push('eased') }
  const budget = new Budget({ limit: 64 << 20, patienceMs: 50, crowd })
  const MIB = 1 << 20
  for (let i = 0; i < 16; i++) assert.equal(budget.take(MIB), null)
  assert.deepEqual(told, [])
  budget.force(1)
  budget.force(MIB)
  assert.deepEqual(told, ['crowded'])
  budget.give(10 * MIB)
  assert.deepEqual(told, ['crowded'])
  budget.give(4 * MIB)
  assert.deepEqual(told, ['crowded', 'eased'])
  budget.force(20 * MIB)
  assert.deepEqual(told, ['crowded', 'eased', 'crowded'])
})
