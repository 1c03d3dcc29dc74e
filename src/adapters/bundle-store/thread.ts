/** The bundle store's thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { serveStore } from './serve-store.ts'

serveStore(parentPort!, (workerData as { readonly path: string }).path)
