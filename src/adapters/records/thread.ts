/** The records thread: the engine behind messages. It ends when it was told to stop and everything is closed. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Log, LogFields } from '../../ports/log.ts'
import { openCallLog } from '../call-log/index.ts'
import { KafkaSink } from '../record-sink/index.ts'
import { RecordEngine } from './engine.ts'
import type { FromThread, ThreadOptions, ToThread } from './protocol.ts'

const port = parentPort!
const say = (message: FromThread) => port.postMessage(message)

const telling =
  (level: keyof Log) =>
  (event: string, fields: LogFields = {}) =>
    say({ kind: 'log', level, event, fields })
const log: Log = { info: telling('info'), warn: telling('warn'), error: telling('error') }

const { callLog, kafka, ...options } = workerData as ThreadOptions
const engine = new RecordEngine({
  ...options,
  key: Buffer.from(options.key),
  callLog: callLog === null ? null : openCallLog(callLog),
  sink: kafka === null ? null : new KafkaSink(kafka),
  log,
  now: Date.now,
})

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'counters':
      return say({ kind: 'counters', id: message.id, counters: engine.counters() })
    case 'watch':
      return engine.watch(message.anomalies)
    case 'ended':
      return engine.workerEnded(message.worker)
    case 'wake':
      return engine.wake()
    case 'stop':
      return void engine.stop().then(() => port.close())
  }
})
engine.start()
say({ kind: 'ready' })
