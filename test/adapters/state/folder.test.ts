import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { holdState, keepRules, keptRules, StateHeldError } from '../../../src/adapters/state/folder.ts'
import { watchFiles } from '../../../src/adapters/watched-files.ts'

const base = mkdtempSync(join(tmpdir(), 'veilgate-state-'))
after(() => rmSync(base, { recursive: true, force: true }))

test('one process holds a state folder; what a dead one left is taken over', () => {
  const path = join(base, 'a')
  const held = holdState(path)
  assert.equal(statSync(path).mode & 0o777, 0o700)
  held.release()
  writeFileSync(join(path, 'serve.lock'), '1\n')
  assert.throws(
    () => holdState(path),
    (error) => error instanceof StateHeldError && error.pid === 1,
  )
  for (const left of ['999999999\n', 'nothing', '']) {
    writeFileSync(join(path, 'serve.lock'), left)
    holdState(path).release()
  }
})

test('the last good rules come back whole, and damage is none', () => {
  const files = [{ path: 'elements.yaml', text: 'elements: {}\n' }]
  assert.equal(keptRules(base), null)
  keepRules(base, 'sha256:x', files)
  assert.deepEqual(keptRules(base), files)
  const file = join(base, 'rules.last-good.json')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -5))
  assert.equal(keptRules(base), null)
  writeFileSync(file, '{"version":1,"files":[{"path":1}]}')
  assert.equal(keptRules(base), null)
})

test('a replaced, removed or new file is told once', async () => {
  const file = join(base, 'watched')
  writeFileSync(file, 'a')
  let told = 0
  const watch = watchFiles(
    () => [file],
    () => told++,
    20,
  )
  const settle = () => new Promise((resolve) => setTimeout(resolve, 90))
  await settle()
  assert.equal(told, 0)
  writeFileSync(file, 'bb')
  await settle()
  assert.equal(told, 1)
  rmSync(file)
  await settle()
  assert.equal(told, 2)
  watch.close()
  writeFileSync(file, 'c')
  await settle()
  assert.equal(told, 2)
})
