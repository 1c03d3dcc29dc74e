import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { chooseAnew, freePort } from '../../../src/cli/demo/free-port.ts'

it('gives the usual port while it is free and another one when it is taken', async () => {
  const usual = await freePort(0)
  assert.ok(usual > 0)
  assert.equal(await freePort(usual), usual)
  const holder = createServer().listen(usual, '127.0.0.1')
  await once(holder, 'listening')
  try {
    const other = await freePort(usual)
    assert.notEqual(other, (holder.address() as AddressInfo).port)
    assert.ok(other > 0)
  } finally {
    holder.close()
  }
})

it('chooses a port anew that somebody took meanwhile, and leaves the others', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const taken = (holder.address() as AddressInfo).port
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-ports-'))
  const config = join(folder, 'veilgate.yaml')
  try {
    const free = await freePort(0)
    const text = (operations: number): string => `data:\n  port: ${free}\noperations: { port: ${operations} }\n`
    writeFileSync(config, text(taken))
    assert.equal(await chooseAnew(config), true)
    const chosen = Number(/operations: \{ port: (\d+)/.exec(readFileSync(config, 'utf8'))![1])
    assert.notEqual(chosen, taken)
    assert.equal(readFileSync(config, 'utf8'), text(chosen))
    assert.equal(await chooseAnew(config), false)
  } finally {
    rmSync(folder, { recursive: true })
    holder.close()
  }
})
