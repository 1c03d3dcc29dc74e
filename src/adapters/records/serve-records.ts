/** The engine behind messages: what the records thread runs. */
import type { MessagePort } from 'node:worker_threads'
import type { Log, LogFields } from '../../ports/log.ts'
import { openCallLog } from '../call-log/index.ts'
import { KafkaSink } from '../record-sink/index.ts'
import { RecordEngine } from './engine.ts'
import type { FromThread, ThreadOptions, ToThread } from './protocol.ts'

/** Says `ready`, then serves until it is told to stop; when everything is closed it closes the port. */
export function serveRecords(port: MessagePort, { callLog, kafka, ...options }: ThreadOptions): void {
  const say = (message: FromThread) => port.postMessage(message)
  const telling =
    (level: keyof Log) =>
    (event: string, fields: LogFields = {}) =>
      say({ kind: 'log', level, event, fields })
  const engine = new RecordEngine({
    ...options,
    key: Buffer.from(options.key),
    callLog: callLog === null ? null : openCallLog(callLog),
    sink: kafka === null ? null : new KafkaSink(kafka),
    log: { info: telling('info'), warn: telling('warn'), error: telling('error') },
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
}
