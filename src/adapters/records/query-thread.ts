/** The query thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { serveQueries } from './serve-queries.ts'

serveQueries(parentPort!, (workerData as { readonly path: string }).path)
