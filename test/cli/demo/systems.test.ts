import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readSamples } from '../../../src/cli/demo/samples.ts'
import { type Systems, startSystems } from '../../../src/cli/demo/systems.ts'

describe('the demo systems', () => {
  const samples = readSamples()
  let systems: Systems
  before(async () => {
    systems = await startSystems(samples)
  })
  after(() => systems.close())

  const bytes = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer())

  it('answer with the samples, byte for byte', async () => {
    assert.deepEqual(await bytes(`${systems.teaching}/api/zyjl/ZY20260001`), samples.inpatient)
    assert.deepEqual(await bytes(`${systems.teaching}/fhir/Bundle/referral-2026-0001`), samples.referral)
    assert.deepEqual(await bytes(`${systems.teaching}/hl7/report/ZY20260001`), samples.report)
    assert.match((await bytes(`${systems.teaching}/api/zyjl/ZY0`)).toString(), /"total":0/)
  })
  it('do not know other paths', async () => assert.equal((await fetch(`${systems.county}/x`)).status, 404))
  it('acknowledge a message and keep it', async () => {
    const answer = await fetch(`${systems.research}/intake`, {
      method: 'POST',
      body: new Uint8Array(samples.admission),
    })
    assert.match(await answer.text(), /\rMSA\|AA\|MSG00001\r$/)
    assert.deepEqual(systems.registered.at(-1), samples.admission)
  })
})
