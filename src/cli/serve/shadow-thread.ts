/** The shadow thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { serveShadow } from './serve-shadow.ts'
import type { ShadowSides } from './shadow-compare.ts'

serveShadow(parentPort!, workerData as ShadowSides)
