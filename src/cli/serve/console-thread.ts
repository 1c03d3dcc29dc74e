/** The console's thread: what officers ask for never holds up a call. */
import { parentPort, workerData } from 'node:worker_threads'
import { serveConsole } from './console-protocol.ts'

void serveConsole(parentPort!, workerData)
