/** X60: a process that breaks tells where, and nothing of what it was reading. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lastWords } from '../../../src/cli/serve/last-words.ts'
import { deploy } from '../../acceptance/fixtures/deployment.ts'
import { INTERFACES, POLICIES, until } from '../../acceptance/fixtures/plain-scene.ts'

const CANARY = '患者钱学文 13812345678'

test('a fault keeps its code and its places, never its message', () => {
  for (const message of [CANARY, `x\n    at ${CANARY}`, `x\n    at 13812345678 (file:///13812345678:1:2)`, '']) {
    const error = Object.assign(new Error(message), { code: 'EADDRINUSE' })
    const words = lastWords(error)
    assert.match(words, /\(EADDRINUSE\)/)
    assert.match(words, /at .*last-words\.test\.ts:\d+:\d+/)
    assert.doesNotMatch(words, /钱学文|13812345678/)
  }
  const parse = (): unknown => JSON.parse(`{"brxm":${CANARY}}`)
  assert.throws(parse, (error: Error) => error.message.includes('钱学文') && !lastWords(error).includes('钱学文'))
  for (const odd of [CANARY, null, undefined, { message: CANARY }, { code: CANARY, stack: CANARY }])
    assert.doesNotMatch(lastWords(odd), /钱学文/)
})

test('a served gateway whose callback throws words with a canary in them', { timeout: 120_000 }, async () => {
  const deployment = await deploy({ upstream: 'http://127.0.0.1:9', interfaces: INTERFACES, policies: POLICIES })
  const options = process.env['NODE_OPTIONS']
  try {
    const text = `process.on('SIGUSR2', () => setImmediate(() => { throw new Error(${JSON.stringify(CANARY)}) }))\n`
    process.env['NODE_OPTIONS'] = `--import ${deployment.write('fault.mjs', text)}`
    const serving = await deployment.serve()
    process.kill(serving.pid, 'SIGUSR2')
    await until(() => !serving.alive(), 'it has ended')
    assert.equal(await serving.stop(), 1)
    assert.match(serving.output(), /a fault ended this process/)
    assert.doesNotMatch(serving.output() + deployment.read('veilgate.log'), /钱学文|13812345678/)
  } finally {
    if (options === undefined) delete process.env['NODE_OPTIONS']
    else process.env['NODE_OPTIONS'] = options
    deployment.remove()
  }
})
