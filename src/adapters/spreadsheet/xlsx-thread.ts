/** The thread of xlsx.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { answerWith } from './sheet.ts'
import type { SheetQuestion } from './xlsx.ts'

answerWith(parentPort!, workerData as SheetQuestion)
