/** The payload of a command: a file or standard input, whole or as it comes. Throws GatewayError BODY_TOO_LARGE, RefusedError. */
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { GatewayError } from '../../base/errors.ts'
import { FORMATS } from '../../mask/formats/index.ts'
import { RefusedError } from '../authority/refused.ts'
import type { Io } from '../command.ts'

/** what a format is guessed from */
const HEAD = 64 * 1024
const NEWLINE = 0x0a

export class Payload {
  readonly #source: AsyncIterator<Buffer | string>
  readonly #max: number
  #seen: Buffer[] = []
  #size = 0
  #ended = false

  constructor(source: AsyncIterable<Buffer | string>, max: number) {
    this.#source = source[Symbol.asyncIterator]()
    this.#max = max
  }

  /** Enough to guess a format from: the first line of JSON whole, of HL7 v2 (whose segments end in CR) some of it. */
  async head(): Promise<Buffer> {
    const isEnough = (): boolean =>
      this.#size >= HEAD && (this.#seen.some((b) => b.includes(NEWLINE)) || FORMATS.get('hl7v2')!.sniff(this.#seen[0]!))
    while (!isEnough()) {
      const chunk = await this.#next()
      if (chunk === null) break
      this.#add(chunk)
    }
    return this.#together()
  }

  async whole(): Promise<Buffer> {
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) this.#add(chunk)
    return this.#together()
  }

  /** All of it, what the head took included; nothing is held. */
  async *chunks(): AsyncGenerator<Buffer> {
    const seen = this.#seen
    this.#seen = []
    yield* seen
    for (let chunk = await this.#next(); chunk !== null; chunk = await this.#next()) yield chunk
  }

  async #next(): Promise<Buffer | null> {
    if (this.#ended) return null
    const { value, done } = await this.#source.next()
    if (done !== true) return typeof value === 'string' ? Buffer.from(value) : value
    this.#ended = true
    return null
  }

  #add(chunk: Buffer): void {
    this.#size += chunk.length
    if (this.#size > this.#max) throw new GatewayError('BODY_TOO_LARGE')
    this.#seen.push(chunk)
  }

  #together(): Buffer {
    const all = this.#seen.length === 1 ? this.#seen[0]! : Buffer.concat(this.#seen)
    this.#seen = [all]
    return all
  }
}

export async function openPayload(file: string | undefined, max: number, io: Io): Promise<Payload> {
  if (file === undefined || file === '-') return new Payload(io.stdin as AsyncIterable<Buffer | string>, max)
  const handle = await open(resolve(io.cwd, file)).catch(() => {
    throw new RefusedError('the file cannot be read')
  })
  return new Payload(handle.createReadStream(), max)
}
