/** `veilgate mask --stream` as its own process: memory of one record, however long the file is. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../../bin/veilgate.js', import.meta.url))
const MIB = 1024 * 1024
const cwd = mkdtempSync(join(tmpdir(), 'veilgate-stream-'))
after(() => rmSync(cwd, { recursive: true, force: true }))

const patient = {
  resourceType: 'Patient',
  name: [{ text: '张三丰' }],
  extension: [{ url: 'x', valueString: 'x'.repeat(60_000) }],
}
const line = Buffer.from(`${JSON.stringify(patient)}\n`)

interface Masked {
  readonly code: number
  readonly lines: number
  readonly leaked: boolean
  /** highest resident memory, bytes */
  readonly peak: number
}

/** `lines` lines through the command, their reader in no hurry. */
async function masked(lines: number, report: string): Promise<Masked> {
  const args = ['mask', '--format', 'ndjson', '--role', 'researcher', '--scenario', 'research', '--stream']
  const child = spawn(process.execPath, [CLI, ...args, '--report', report], { cwd, stdio: ['pipe', 'pipe', 'ignore'] })
  const seen = { lines: 0, leaked: false, peak: 0 }
  const look = setInterval(() => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    seen.peak = Math.max(seen.peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024)
  }, 50)
  const drained = (async () => {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (const byte of chunk) if (byte === 0x0a) seen.lines++
      seen.leaked ||= chunk.includes('张三丰')
    }
  })()
  for (let i = 0; i < lines; i++) if (!child.stdin.write(line)) await once(child.stdin, 'drain')
  // what is read by now was measured while it ran: a process that has ended has no memory to look at
  clearInterval(look)
  child.stdin.end()
  const [[code]] = await Promise.all([once(child, 'exit') as Promise<[number]>, drained])
  return { code, ...seen }
}

describe('veilgate mask --stream', { timeout: 300_000, skip: process.platform !== 'linux' && 'reads /proc' }, () => {
  it('masks 200 MiB in the memory that 8 MiB take', async () => {
    const few = await masked(Math.ceil((8 * MIB) / line.length), 'few.json')
    const many = Math.ceil((200 * MIB) / line.length)
    const all = await masked(many, 'all.json')
    assert.deepEqual([few.code, all.code, all.lines, all.leaked], [0, 0, many, false])
    assert.ok(few.peak > 0 && all.peak - few.peak < 128 * MIB, `${few.peak / MIB} and ${all.peak / MIB} MiB`)
    assert.equal(JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8')).length, many)
  })
})
