/** The closing lines of a test run, of a real one: what passed, failed and was skipped, single tests and whole suites. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { ROOT } from './tree.ts'

const TESTS = `import { describe, it, test } from 'node:test'
test('good', () => {})
describe('a suite', () => {
  it('good', () => {})
  it('not here', { skip: 'reads /proc' }, () => {})
})
describe('all of it', { skip: 'Chromium: none here' }, () => {
  it('one', () => {})
  it('two', () => {})
})
test('no server', { skip: 'Redis: none here' }, () => {})
test('no server either', { skip: 'Redis: none here' }, () => {})
`
const BAD = `import { test } from 'node:test'\ntest('bad', () => { throw new Error('x') })\n`

async function closing(
  files: Readonly<Record<string, string>>,
  ci: boolean,
): Promise<{ lines: string[]; code: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-tally-'))
  try {
    const paths = Object.entries(files).map(([name, text]) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    })
    const script = `import { run } from 'node:test'
import { Tally } from ${JSON.stringify(pathToFileURL(join(ROOT, 'scripts/tally.mjs')).href)}
const tally = new Tally()
const stream = run({ files: ${JSON.stringify(paths)} })
stream.on('test:pass', (event) => tally.pass(event))
stream.on('test:fail', (event) => tally.fail(event))
for await (const _ of stream);
console.log(JSON.stringify(tally.close({ scale: '0.1', ci: ${ci} })))`
    // a run within a test's process would do nothing
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    writeFileSync(join(folder, 'run.mjs'), script)
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'run.mjs')], { env })
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a suite that is skipped whole is said, with its reason', async () => {
  const { lines, code } = await closing({ 'a.test.mjs': TESTS }, false)
  assert.deepEqual(lines, [
    '',
    'scale 0.1',
    'skipped 1: reads /proc',
    'skipped 1: Chromium: none here',
    'skipped 2: Redis: none here',
    '2 passed, 0 failed, 4 skipped',
  ])
  assert.equal(code, 0)
})

test('under CI a missing service fails the run, for a suite as for a test', async () => {
  const { lines, code } = await closing({ 'a.test.mjs': TESTS }, true)
  assert.deepEqual(lines.slice(-2), ['under CI=true a missing service is a failure', '2 passed, 3 failed, 1 skipped'])
  assert.equal(code, 1)
})

test('a failure is named with its file', async () => {
  const { lines, code } = await closing({ 'b.test.mjs': BAD }, false)
  assert.match(lines[2]!, /^failed: .*b\.test\.mjs bad$/)
  assert.equal(lines.at(-1), '0 passed, 1 failed, 0 skipped')
  assert.equal(code, 1)
})
