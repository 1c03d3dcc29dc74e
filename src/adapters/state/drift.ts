/** Addresses that drifted, one a line in the state folder; every worker appends, a start reads what all of them found. */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Drift } from '../../mask/drift.ts'

const FILE = 'drift.ndjson'
const ADDRESS = /^(?:[A-Za-z0-9.]{1,128}\.)?\?(?:[0-9a-f]{6,64}|\*)$/

/** Throws the file system's error. */
export function addDrift(state: string, drift: Drift): void {
  appendFileSync(join(state, FILE), `${JSON.stringify(drift)}\n`, { mode: 0o600 })
}

/** The first finding of each address. A line that is none is passed over: the list is a notice, not a record. */
export function readDrift(state: string): Drift[] {
  let text: string
  try {
    text = readFileSync(join(state, FILE), 'utf8')
  } catch {
    return []
  }
  const found = new Map<string, Drift>()
  for (const line of text.split('\n')) {
    const drift = parse(line)
    const id = drift === null ? '' : `${drift.interface} ${drift.address}`
    if (drift !== null && !found.has(id)) found.set(id, drift)
  }
  return [...found.values()]
}

function parse(line: string): Drift | null {
  try {
    const { interface: id, address, first } = JSON.parse(line) as Record<string, unknown>
    if (typeof id !== 'string' || typeof address !== 'string' || typeof first !== 'string') return null
    return ADDRESS.test(address) && !Number.isNaN(Date.parse(first)) ? { interface: id, address, first } : null
  } catch {
    return null
  }
}
