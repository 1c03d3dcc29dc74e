/** A dictionary of 100,000 terms comes in while `veilgate serve` answers: no call fails, none sees half of it. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signToken } from '../fixtures/consortium.ts'
import { type Deployment, type Served, serve } from '../fixtures/deployment.ts'
import { deployOneInterface } from '../fixtures/one-interface.ts'
import { ask } from '../fixtures/road.ts'
import { json, SCOPES } from '../fixtures/scene.ts'
import { httpUpstream, type UpstreamServer } from '../fixtures/upstream.ts'
import { largeDictionary } from '../mask/dictionary/scale.ts'

const HEAD = 'term,replacement,kind,mode,status,author,approver'
const FIRST = `${HEAD}\n癌症,CA,diagnosis,both,active,a,b\n`

describe('dictionary swap', { timeout: 240_000 }, () => {
  const { csv, terms } = largeDictionary(100_000)
  const term = terms[54_321]!
  let upstream: UpstreamServer
  let deployment: Deployment
  let served: Served | undefined
  before(async () => {
    upstream = await httpUpstream((...all) => json(`{"data":[{"zdmc":"${term}"},{"zdmc":"癌症"}]}`)(...all))
    deployment = await deployOneInterface(
      upstream.origin,
      '{ method: substitute, dictionary: diagnosis, otherwise: redact }',
    )
    deployment.write('rules/dictionaries/diagnosis.csv', FIRST)
    served = await serve(deployment)
  })
  after(async () => {
    served?.child.kill('SIGTERM')
    const code = await served?.ended
    await upstream.close()
    await deployment.remove()
    assert.equal(code, 0)
  })

  test('calls go on, each under one dictionary whole, and the new one is in force', async (t) => {
    const token = await signToken(deployment.consortium, 'county', { roles: ['researcher'], scopes: SCOPES })
    const call = async () => {
      const began = performance.now()
      const told = await ask(
        { port: served!.port, consortium: deployment.consortium },
        { path: '/teaching/records/1', token },
      )
      assert.equal(told.status, 200)
      const rows = told.json['data'] as unknown as { zdmc: string }[]
      return {
        bundle: told.headers['veilgate-receipt'],
        words: rows.map((r) => r.zdmc).join(' '),
        ms: performance.now() - began,
      }
    }
    const first = await call()
    assert.equal(first.words, '*** CA')
    const row = csv.split('\n').find((line) => line.startsWith(`${term},`))!
    const replacement = row.split(',')[1]!
    deployment.write('rules/dictionaries/diagnosis.csv', `${csv}癌症,CANCER${','.repeat(10)},active,8,a,b,\n`)
    const seen = new Map<string, string>()
    const until = performance.now() + 60_000
    let longest = 0
    let calls = 0
    while (!seen.has(`${replacement} CANCER`)) {
      assert.ok(performance.now() < until, `still ${[...seen.keys()].join(' | ')}`)
      const { bundle, words, ms } = await call()
      longest = Math.max(longest, ms)
      calls++
      const known = seen.get(words) ?? bundle
      assert.equal(bundle, known, 'one bundle, one answer')
      seen.set(words, String(bundle))
    }
    t.diagnostic(`${calls} calls meanwhile, the longest took ${Math.round(longest)} ms`)
    assert.deepEqual(
      [...seen.keys()].filter((words) => words !== '*** CA'),
      [`${replacement} CANCER`],
    )
    assert.ok(longest < 3000)
    const after = await call()
    assert.equal(after.words, `${replacement} CANCER`)
    assert.notEqual(after.bundle, first.bundle)
  })
})
