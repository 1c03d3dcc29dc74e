/** Listening on a port of veilgate.yaml; one that cannot be had is named, with what to change. */
import type { AddressInfo, Server } from 'node:net'

export type Section = 'data' | 'operations' | 'control'

const ADVICE: Readonly<Record<string, (section: Section) => string>> = {
  EADDRINUSE: (section) => `end what holds it, or change ${section}.port`,
  EACCES: (section) => `this user may not: change ${section}.port to one above 1023`,
  EADDRNOTAVAIL: (section) => `this machine has no such address: change ${section}.address`,
}

export class ListenError extends Error {
  override readonly name = 'ListenError'
  readonly code: string

  constructor(section: Section, address: string, port: number, code: string) {
    const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
    const advice = ADVICE[code]?.(section) ?? `look at ${section}.address and ${section}.port`
    super(`${section}: ${where} cannot be listened on (${code}): ${advice}`)
    this.code = code
  }
}

/** The port that was taken, for 0 the one that was free. Rejects with ListenError. */
export function listen(server: Server, section: Section, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      reject(new ListenError(section, address, port, error.code ?? 'INTERNAL'))
    server.once('error', failed)
    server.listen({ port, host: address, backlog: 1024 }, () => {
      server.off('error', failed)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
