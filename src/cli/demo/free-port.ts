/** The usual port if it is free, else any free one: a second demo, or a gateway that already runs, is no obstacle. */
import { readFileSync, writeFileSync } from 'node:fs'
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

/** Ports of a configuration that somebody took since they were chosen are chosen anew; false when all are free. */
export async function chooseAnew(config: string): Promise<boolean> {
  const before = readFileSync(config, 'utf8')
  let text = before
  for (const [, digits] of before.matchAll(/\bport: (\d+)\b/g)) {
    const free = await freePort(Number(digits))
    text = text.replace(new RegExp(`\\bport: ${digits}\\b`), `port: ${free}`)
  }
  if (text === before) return false
  writeFileSync(config, text)
  return true
}
