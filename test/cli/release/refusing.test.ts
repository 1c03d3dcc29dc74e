/** `rules reject`, `rules withdraw`, `rules shadow --stop` as their users run them, over the example deployment's own store. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { Bench, type Officers, officers } from '../../acceptance/fixtures/officers.ts'
import { rulesWithMobile } from '../../fixtures/release-rules.ts'

let people: Officers
let bench: Bench
const folder = mkdtempSync(join(tmpdir(), 'veilgate-refusing-'))

before(async () => {
  people = await officers('lin.wei', 'chen.yu')
  const example = readFileSync(new URL('../../../veilgate.yaml', import.meta.url), 'utf8')
  const config = example
    .replace('source: folder ', 'source: store ')
    .replace(/ {2}approvers:[^\n]*\n(?: +#[^\n]*\n)*(?: {4}- [^\n]*\n)+/, `  approvers: ${people.approvers}\n`)
  writeFileSync(join(folder, 'veilgate.yaml'), config)
  for (const { path, text } of rulesWithMobile('mask')) {
    mkdirSync(dirname(join(folder, 'rules', path)), { recursive: true })
    writeFileSync(join(folder, 'rules', path), text)
  }
  mkdirSync(join(folder, 'state'))
  bench = new Bench(folder, people)
  await bench.release(await bench.submit('lin.wei'), 'lin.wei', 'chen.yu')
})
after(() => {
  people?.remove()
  rmSync(folder, { recursive: true, force: true })
})

const propose = (from: string, to: string) =>
  bench.submit('lin.wei', { 'policies/research.yaml': (text) => text.replace(`mobile: ${from}`, `mobile: ${to}`) })

test('a proposal refused by command is closed for everybody, and the history says by whom and why', async () => {
  const id = await propose('mask', 'keep')
  const signer = people.as('chen.yu')
  const mute = await bench.run('reject', id, ...signer)
  assert.deepEqual([mute.code, /--why/.test(mute.err)], [2, true])
  assert.match(await bench.good('reject', id, ...signer, '--why', '不可放宽'), /^refused; .*\(chen\.yu\)/)
  const closed = await bench.approve(id, 'lin.wei')
  assert.deepEqual([closed.code, /PROPOSAL_CLOSED/.test(closed.err)], [1, true])
  assert.match((await bench.activate(id, 'lin.wei')).err, /PROPOSAL_CLOSED/)
  assert.match(await bench.good('history', '--limit', '1'), /refused .* chen\.yu {2}不可放宽/)
  assert.match(await bench.good('bundles'), new RegExp(`${id.slice(7, 19)} {2}refused`))
})

test('its author withdraws one, nobody else; a run of a candidate is ended by name', async () => {
  const id = await propose('keep', 'drop')
  assert.match((await bench.run('withdraw', id, '--as', 'chen.yu')).err, /PROPOSAL_NOT_YOURS/)
  assert.equal((await bench.run('withdraw', id)).code, 2)
  await bench.good('shadow', id, ...people.as('chen.yu'), '--for', '10m', '--why', '试')
  assert.equal((await bench.run('shadow', '--stop')).code, 2)
  assert.match(await bench.good('shadow', '--stop', '--as', 'lin.wei', '--why', '够了'), /ended/)
  assert.match((await bench.run('shadow', '--stop', '--as', 'lin.wei')).err, /SHADOW_NOT_RUNNING/)
  assert.match(await bench.good('withdraw', id, '--as', 'lin.wei', '--why', '写错了'), /withdrawn/)
  assert.match((await bench.run('withdraw', id, '--as', 'lin.wei')).err, /PROPOSAL_NOT_OPEN/)
})
