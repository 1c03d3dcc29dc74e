/** What the threads run, over a message channel: refusals and failures a caller of the threads never sees. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { openCallLog } from '../../../src/adapters/call-log/index.ts'
import type { FromThread, ThreadOptions, ToThread } from '../../../src/adapters/records/protocol.ts'
import { type Answer, type Question, serveQueries } from '../../../src/adapters/records/serve-queries.ts'
import { serveRecords } from '../../../src/adapters/records/serve-records.ts'
import { callRecord } from '../../fixtures/call-records.ts'

const T = Date.parse('2027-03-01T02:00:00Z')
let dir: string
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'veilgate-serve-'))))
afterEach(() => rm(dir, { recursive: true, force: true }))

async function ask(port: MessagePort, question: Question): Promise<Answer> {
  port.postMessage(question)
  const [answer] = (await once(port, 'message')) as [Answer]
  return answer
}

test('queries: nothing before the first record, then what is there, and a code where the file is damaged', async () => {
  const path = join(dir, 'calls.sqlite')
  const { port1, port2 } = new MessageChannel()
  serveQueries(port2, path)
  const sums: Question = { id: 7, ask: 'sums', from: T, to: T + 1 }
  assert.deepEqual(await ask(port1, sums), { id: 7, found: [] })
  const log = openCallLog(path)
  log.add([callRecord(1, T)], 'p')
  const { found } = await ask(port1, sums)
  assert.equal((found as { calls: number }[])[0]?.calls, 1)
  assert.deepEqual(await ask(port1, { id: 8, ask: 'signals', since: 0, limit: 5 }), { id: 8, found: [] })
  log.close()
  port1.close()
  const damaged = new MessageChannel()
  await writeFile(join(dir, 'damaged.sqlite'), 'this is no database, and says so for long enough to be looked at')
  serveQueries(damaged.port2, join(dir, 'damaged.sqlite'))
  assert.deepEqual(await ask(damaged.port1, sums), { id: 7, failed: true })
  damaged.port1.close()
})

test('records: ready, counters on demand, and the port closes when everything is', async () => {
  const { port1, port2 } = new MessageChannel()
  const seen: FromThread[] = []
  port1.on('message', (message: FromThread) => seen.push(message))
  const options: ThreadOptions = {
    dir,
    key: Buffer.alloc(32, 5),
    callLog: join(dir, 'calls.sqlite'),
    kafka: null,
    anomalies: [],
    ended: [],
  }
  serveRecords(port2, options)
  const say = (message: ToThread) => port1.postMessage(message)
  say({ kind: 'wake' })
  say({ kind: 'ended', worker: 'gone' })
  say({ kind: 'watch', anomalies: [] })
  say({ kind: 'counters', id: 3 })
  const closed = once(port1, 'close')
  say({ kind: 'stop' })
  await closed
  assert.deepEqual(seen, [
    { kind: 'ready' },
    {
      kind: 'counters',
      id: 3,
      counters: { written: 0, sinks: [{ sink: 'call-log', sent: 0, waiting: 0, dropped: 0 }] },
    },
  ])
})
