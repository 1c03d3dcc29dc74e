/** `veilgate report` over a call log on disk. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openCallLog } from '../../src/adapters/call-log/index.ts'
import type { Io } from '../../src/cli/command.ts'
import { UsageError } from '../../src/cli/command.ts'
import { CALL_LOG, command } from '../../src/cli/report.ts'
import type { Figures } from '../../src/report/index.ts'
import { reportCalls } from '../fixtures/report-calls.ts'

let dir: string
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veilgate-report-'))
  const log = openCallLog(join(dir, CALL_LOG))
  log.add(reportCalls(), 'p')
  log.close()
})
after(() => rm(dir, { recursive: true, force: true }))

async function report(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const io: Io = {
    stdin: process.stdin,
    out: (text) => void (out += text),
    raw: () => Promise.resolve(),
    err: (text) => void (err += text),
    env: {},
    cwd: dir,
  }
  return { code: await command.run(args, io), out, err }
}

const DAY = ['--state', '.', '--from', '2027-03-01', '--to', '2027-03-02']

test('the JSON of a day is the golden report', async () => {
  const { code, out } = await report(...DAY, '--format', 'json')
  assert.equal(code, 0)
  const golden = await readFile(new URL('../report/day.golden.json', import.meta.url), 'utf8')
  assert.deepEqual(JSON.parse(out), JSON.parse(golden))
  assert.equal((await report(...DAY, '--json')).out, out)
})

test('any period adds up, whole hours or not', async () => {
  const total = async (from: string, to: string) =>
    (JSON.parse((await report('--state', '.', '--from', from, '--to', to, '--json')).out) as Figures).calls.total
  const cuts = ['2027-03-01', '2027-03-01T00:20', '2027-03-01T07:00', '2027-03-01T13:37:21', '2027-03-02']
  let sum = 0
  for (let i = 1; i < cuts.length; i++) sum += await total(cuts[i - 1]!, cuts[i]!)
  assert.equal(sum, 200)
  assert.equal(await total('2027-02-28T16:00:00Z', '2027-03-01T16:00:00Z'), 200)
})

test('HTML goes to a file', async () => {
  const { code, out } = await report(...DAY, '--out', 'report.html')
  assert.deepEqual([code, out], [0, ''])
  assert.match(await readFile(join(dir, 'report.html'), 'utf8'), /^<!doctype html>/)
})

test('wrong usage and a state folder without calls', async () => {
  for (const args of [
    [],
    ['--from', '2027-03-01'],
    [...DAY, '--format', 'pdf'],
    [...DAY, '--zone', 'Nowhere'],
    ['--from', 'x', '--to', '2027-03-01'],
    ['--from', '2027-03-01', '--to', 'x'],
    ['--from', '2027-03-02', '--to', '2027-03-01'],
  ])
    await assert.rejects(report(...args), UsageError)
  const { code, err } = await report('--from', '2027-03-01', '--to', '2027-03-02', '--state', 'absent')
  assert.deepEqual([code, err], [1, 'veilgate report: no call log in absent\n'])
})
