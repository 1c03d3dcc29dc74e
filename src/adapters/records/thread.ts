/** The records thread. */
import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadOptions } from './protocol.ts'
import { serveRecords } from './serve-records.ts'

serveRecords(parentPort!, workerData as ThreadOptions)
