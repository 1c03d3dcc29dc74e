/** Which stream carries the demo's records: the broker that was named, the one of the test harness, or none. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Stream } from './summary.ts'

export interface Broker extends Stream {
  /** HOST:PORT, or null when records stay in the embedded call log */
  readonly address: string | null
  stop(): Promise<void>
}

const HARNESS = fileURLToPath(new URL('../../../scripts/kafka-broker.ts', import.meta.url))
const START_MS = 60_000

const embedded = (note: string): Broker => ({
  name: 'embedded',
  note,
  address: null,
  stop: async () => undefined,
})

/** `undefined`: not asked for; empty: the harness' broker if it is there; else HOST:PORT. */
export async function chooseBroker(asked: string | undefined): Promise<Broker> {
  if (asked === undefined) return embedded('--kafka HOST:PORT streams them to Kafka')
  if (asked !== '') return { name: `Kafka ${asked}`, note: '', address: asked, stop: async () => undefined }
  return existsSync(HARNESS) ? startHarness() : embedded('no broker of the test harness here')
}

async function startHarness(): Promise<Broker> {
  // Its own process group would outlive Ctrl-C: it ends when our pipe to it does.
  const child = spawn(process.execPath, [HARNESS], { stdio: ['pipe', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const timer = setTimeout(() => child.stdin.end(), START_MS)
  try {
    const first = await Promise.race([once(lines, 'line'), exited.then(() => null)])
    if (first === null) return embedded('the jars or the Java of the test harness are missing')
    const address = String(first[0])
    const stop = async () => {
      child.stdin.end()
      await exited
    }
    return { name: `Kafka ${address}`, note: 'broker of the test harness', address, stop }
  } finally {
    clearTimeout(timer)
    lines.close()
  }
}
