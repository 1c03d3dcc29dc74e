/** What every log keeps: one line an event, the closed set of fields, nothing that wandered in. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { MemoryLog } from '../../src/adapters/log/memory.ts'
import { WinstonLog } from '../../src/adapters/log/winston.ts'
import type { Log, LogFields } from '../../src/ports/log.ts'

interface Line {
  readonly level: string
  readonly event: string
  readonly [field: string]: unknown
}

/** A log and how its lines are read back once `count` are there. */
interface Subject {
  readonly log: Log
  lines(count: number): Promise<Line[]>
  end(): void
}

const SUBJECTS: Readonly<Record<string, (strict: boolean) => Subject>> = {
  winston: (strict) => {
    const folder = mkdtempSync(join(tmpdir(), 'veilgate-log-'))
    const file = join(folder, 'veilgate.log')
    return {
      log: new WinstonLog({ file, node: 'n1', strict }),
      lines: async (count) => {
        for (let tries = 0; tries < 100; tries++) {
          const found = readLines(file)
          if (found.length >= count) return found
          await pause(20)
        }
        throw new Error('the lines did not arrive')
      },
      end: () => rmSync(folder, { recursive: true, force: true }),
    }
  },
  memory: () => {
    const log = new MemoryLog()
    const lines = async () => log.lines.map((line) => ({ ...line }))
    return { log, lines, end: () => undefined }
  },
}

function readLines(file: string): Line[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line)
  } catch {
    return []
  }
}

for (const [name, make] of Object.entries(SUBJECTS)) {
  describe(`log: ${name}`, () => {
    it('writes an event with its level and fields', async () => {
      const subject = make(true)
      try {
        subject.log.info('call.closed', { code: 'TOKEN_EXPIRED', status: 401 })
        subject.log.warn('rules.refused', { file: 'policies/a.yaml', line: 3 })
        subject.log.error('worker.died')
        const lines = await subject.lines(3)
        assert.deepEqual(
          lines.map(({ level, event }) => [level, event]),
          [
            ['info', 'call.closed'],
            ['warn', 'rules.refused'],
            ['error', 'worker.died'],
          ],
        )
        assert.equal(lines[0]!['code'], 'TOKEN_EXPIRED')
        assert.equal(lines[0]!['status'], 401)
        assert.equal(lines[1]!['line'], 3)
      } finally {
        subject.end()
      }
    })

    it('throws in tests when a field is outside the set', () => {
      const subject = make(true)
      try {
        const stray = { name: '张三丰' } as unknown as LogFields
        assert.throws(
          () => subject.log.info('call.closed', stray),
          (error: Error) => !error.message.includes('张三丰'),
        )
      } finally {
        subject.end()
      }
    })
  })
}

it('winston drops a field outside the set in production, with the line break that came along', async () => {
  const subject = SUBJECTS['winston']!(false)
  try {
    subject.log.info('call.closed', { code: 'A\n{"level":"error"}', name: '张三丰' } as unknown as LogFields)
    const lines = await subject.lines(1)
    assert.equal(lines.length, 1)
    assert.ok(!JSON.stringify(lines).includes('张三丰'))
  } finally {
    subject.end()
  }
})
