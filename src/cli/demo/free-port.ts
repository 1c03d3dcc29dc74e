/** The usual port if it is free, else any free one: a second demo, or a gateway that already runs, is no obstacle. */
import { createServer } from 'node:net'

export async function freePort(usual: number, host = '127.0.0.1'): Promise<number> {
  return (await tryPort(usual, host)) ?? (await tryPort(0, host)) ?? 0
}

function tryPort(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(null))
    probe.listen(port, host, () => {
      const address = probe.address()
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null))
    })
  })
}
