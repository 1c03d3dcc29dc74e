/**
 * Revocation lists from files (PEM or DER). Each list is believed only when an authority of the configuration signed it;
 * per authority the newest one counts, so putting an older file back does not take a revocation back. A file that cannot
 * be read or believed leaves the lists in force as they are: they run out by themselves.
 */
import type { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { RevocationList, RevocationSets } from '../../access/identify.ts'
import { CrlError, readCrl } from '../../pki/read-crl.ts'
import type { RevocationSource } from '../../ports/revocation.ts'

/** `problem` is a word, never content: unreadable, or why the list was refused. */
export type OnRevocationProblem = (file: string, problem: string) => void

export interface RevocationSettings {
  readonly files: readonly string[]
  readonly authorities: () => readonly X509Certificate[]
  /** epoch milliseconds */
  readonly now: () => number
  readonly onProblem: OnRevocationProblem
}

/** a list from the future would outrank every honest one until then */
const MAX_AHEAD = 5 * 60_000

export class FileRevocationSource implements RevocationSource {
  readonly #settings: RevocationSettings
  #sets: RevocationSets = new Map()

  constructor(settings: RevocationSettings) {
    this.#settings = settings
  }

  current(): RevocationSets {
    return this.#sets
  }

  async reload(): Promise<boolean> {
    const next = new Map<string, RevocationList>(this.#sets)
    let changed = false
    for (const file of this.#settings.files) {
      const read = await this.#read(file)
      if (read === null) continue
      const inForce = next.get(read.authority)
      if (inForce !== undefined && !isNews(read, inForce)) continue
      const { thisUpdate, nextUpdate } = read
      const serials = thisUpdate === inForce?.thisUpdate ? new Set([...inForce.serials, ...read.serials]) : read.serials
      next.set(read.authority, { serials, thisUpdate, nextUpdate })
      changed = true
    }
    if (changed) this.#sets = next
    return changed
  }

  async #read(file: string): Promise<(RevocationList & { readonly authority: string }) | null> {
    const { authorities, now, onProblem } = this.#settings
    try {
      const list = readCrl(await readFile(file), authorities())
      if (list.thisUpdate <= now() + MAX_AHEAD) return list
      onProblem(file, 'not-yet-valid')
    } catch (error) {
      onProblem(file, error instanceof CrlError ? error.reason : 'unreadable')
    }
    return null
  }
}

/**
 * Newer, or of the same second (thisUpdate knows no finer time) with certificates the one in force does not have: of
 * two such lists nobody can say which is later, so both count.
 */
function isNews(read: RevocationList, inForce: RevocationList): boolean {
  if (read.thisUpdate !== inForce.thisUpdate) return read.thisUpdate > inForce.thisUpdate
  return [...read.serials].some((serial) => !inForce.serials.has(serial))
}
