/** `veilgate doctor` over a real deployment: what is sound, what fails and what will, by code; never a secret. */
import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { EXIT } from '../../src/cli/command.ts'
import { coreFindings } from '../../src/cli/doctor/process.ts'
import { veilgate } from '../fixtures/command.ts'
import { type Deployment, deploy } from '../fixtures/deployment.ts'

const INTERFACES = `provider: teaching
upstream: { base: "http://127.0.0.1:1" }
entries:
  his.record: { zh: 住院病历, status: published, call: "GET /teaching/records/{no}", format: json, roles: [doctor] }
`
let deployment: Deployment
const kafka = createServer((socket) => socket.end())

before(async () => {
  await new Promise<void>((resolve) => kafka.listen(0, '127.0.0.1', resolve))
  const { port } = kafka.address() as { port: number }
  deployment = await deploy({
    interfaces: INTERFACES,
    more: `kafka: { brokers: ["127.0.0.1:${port}", "127.0.0.1:1"] }\n`,
  })
})
after(async () => {
  kafka.close()
  await deployment.remove()
})

async function codes(): Promise<{ code: number; found: Map<string, string>; out: string }> {
  const { code, out } = await veilgate(['doctor', '--config', deployment.config, '--json'])
  const { findings } = JSON.parse(out) as { findings: { state: string; code: string }[] }
  return { code, out, found: new Map(findings.map((f) => [f.code, f.state])) }
}

test('a sound deployment: nothing fails, what will is warned of', async () => {
  const { code, found, out } = await codes()
  assert.deepEqual(
    [...found.entries()].filter(([, state]) => state === 'fail'),
    [],
    out,
  )
  assert.equal(code, EXIT.done)
  for (const sound of ['CONFIG', 'KEYRING', 'ISSUER_KEYS', 'RULES', 'STATE', 'KAFKA'])
    assert.equal(found.get(sound), 'ok', sound)
  // the test's authority lives for days, its lists for one, and nobody escrowed its ring
  for (const soon of ['KEYRING_ESCROW', 'CERTIFICATE_ENDS_SOON', 'AUTHORITY_ENDS_SOON', 'CRL_DUE', 'KAFKA_UNREACHABLE'])
    assert.equal(found.get(soon), 'warn', soon)
  assert.ok(!out.includes(deployment.read('keyring.secret')), 'no secret is printed')
  const text = await veilgate(['doctor', '--config', deployment.config])
  assert.match(text.out, /^ok {3}KEYRING keyring\.json: opens; 1 epochs, 1 active$/m)
  assert.match(text.out, /^warn KAFKA_UNREACHABLE 127\.0\.0\.1:1: takes no connection/m)
})

test('X60: a process whose memory may be written to disk is warned of', async () => {
  const limits = (soft: string) =>
    `Limit   Soft Limit  Hard Limit  Units\nMax core file size        ${soft}   unlimited   bytes\n`
  for (const [soft, state] of [
    ['0', 'ok'],
    ['unlimited', 'warn'],
    ['1024', 'warn'],
  ] as const)
    assert.deepEqual(
      coreFindings(limits(soft)).map((f) => [f.code, f.state]),
      [['CORE_DUMPS', state]],
    )
  assert.deepEqual(coreFindings(''), [])
  if (process.platform === 'linux') assert.ok((await codes()).found.has('CORE_DUMPS'))
})

test('what is broken is told by code, each thing by itself, and the exit code is 1', async () => {
  const faults: readonly (readonly [string, string, string])[] = [
    ['keyring.secret', 'another secret of enough bytes', 'KEYRING_SECRET'],
    ['keyring.json', 'hello', 'KEYRING_SYNTAX'],
    ['rules/elements.yaml', 'elements: {}\nx: 1\n', 'RULES_REFUSED'],
  ]
  for (const [name, text, expected] of faults) {
    const good = deployment.read(name)
    deployment.write(name, text)
    const { code, found } = await codes()
    assert.deepEqual([code, found.get(expected)], [EXIT.refused, 'fail'], expected)
    assert.equal(found.get('ISSUER_KEYS'), 'ok', 'the rest is examined all the same')
    deployment.write(name, good)
  }
  chmodSync(deployment.path('keyring.json'), 0o644)
  assert.equal((await codes()).found.get('KEYRING_UNREADABLE'), 'fail')
  chmodSync(deployment.path('keyring.json'), 0o600)
})

test('a store that is not there yet is not made; one that is answers', async () => {
  const good = deployment.read('veilgate.yaml')
  deployment.write('veilgate.yaml', good.replace('rules: { approval: off }', 'rules: { approval: off, source: store }'))
  assert.equal((await codes()).found.get('STORE_EMPTY'), 'warn')
  deployment.write('state/bundles.sqlite', '')
  assert.equal((await codes()).found.get('STORE'), 'ok')
  writeFileSync(deployment.path('state', 'bundles.sqlite'), 'this is no database, whatever its name says')
  assert.equal((await codes()).found.get('STORE_UNREACHABLE'), 'fail')
  deployment.write('veilgate.yaml', `${good}controll: {}\n`)
  const { code, err } = await veilgate(['doctor', '--config', deployment.config])
  assert.equal(code, EXIT.refused)
  assert.match(err, /did you mean "control"\?/)
})
