/** The operational log (ports/log.ts): lines of a closed set of fields, whatever writes them. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { MemoryLog } from '../../src/adapters/log/memory.ts'
import { WinstonLog } from '../../src/adapters/log/winston.ts'
import type { Log } from '../../src/ports/log.ts'

interface Candidate {
  readonly name: string
  readonly log: Log
  lines(): Promise<readonly Record<string, unknown>[]>
  end(): void
}

function winston(strict: boolean): Candidate {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-log-'))
  const file = join(folder, 'veilgate.log')
  const log = new WinstonLog({ file, node: 'n', worker: 2, strict })
  return {
    name: `winston ${strict ? 'strict' : 'lenient'}`,
    log,
    async lines() {
      await log.close()
      return readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function memory(): Candidate {
  const log = new MemoryLog()
  return { name: 'memory', log, lines: async () => log.lines as never, end: () => {} }
}

for (const make of [memory, () => winston(true), () => winston(false)]) {
  const candidate = make()
  describe(`log contract: ${candidate.name}`, () => {
    test('writes level, event and fields', async () => {
      const { log } = candidate
      try {
        log.info('a.started', { port: 1 })
        log.warn('b', { code: 'X', interface: 'his.record' })
        log.error('c', { file: 'f', line: 1, col: 2 })
        const stray = { payload: '张三', port: 7 } as never
        if (candidate.name === 'winston lenient') log.info('stray', stray)
        else assert.throws(() => log.info('stray', stray), RangeError)
        const lines = await candidate.lines()
        assert.deepEqual(lines.map((l) => [l['level'], l['event']]).slice(0, 3), [
          ['info', 'a.started'],
          ['warn', 'b'],
          ['error', 'c'],
        ])
        assert.equal(lines[0]!['port'], 1)
        assert.equal(lines[1]!['interface'], 'his.record')
        assert.ok(!JSON.stringify(lines).includes('张三'))
        if (candidate.name === 'winston lenient') assert.equal(lines[3]!['port'], 7)
        if (candidate.name !== 'memory') {
          assert.match(String(lines[0]!['time']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
          assert.equal(lines[0]!['node'], 'n')
          assert.equal(lines[0]!['worker'], 2)
        }
      } finally {
        candidate.end()
      }
    })
  })
}

test('a file that grows is rotated, and old ones go', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-log-'))
  try {
    const log = new WinstonLog({ file: join(folder, 'v.log'), node: 'n', maxBytes: 2000, maxFiles: 3 })
    for (let i = 0; i < 200; i++) {
      log.info('line', { count: i })
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await log.close()
    const files = readdirSync(folder)
    assert.ok(files.length > 1 && files.length <= 3, files.join())
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
