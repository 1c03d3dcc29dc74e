/** Reads back what a store holds. Anybody may have written it: the shape is checked here, ids and signatures by readers. */
import {
  type Attestation,
  type BundleHead,
  BundleStoreError,
  type ShadowCounts,
  type StoredBundle,
} from '../../ports/bundle-store.ts'
import { readFiles } from '../../release/bundle.ts'
import { readEntry } from '../../release/history.ts'
import type { Entry, Submission } from '../../release/model.ts'

const HASH = /^sha256:[0-9a-f]{64}$/
const NODE = /^[a-z0-9][a-z0-9.-]{0,63}$/

/** Throws BundleStoreError STORE_DAMAGED, as all here. */
export function readStored(text: string): StoredBundle {
  const raw = parse(text)
  const files = readFiles(raw['files'])
  return files === null ? damaged() : { ...headOf(raw), files }
}

export const readHead = (text: string): BundleHead => headOf(parse(text))

export function readStoredEntry(text: string): Entry {
  try {
    return readEntry(parse(text))
  } catch {
    return damaged()
  }
}

export function readAttestation(text: string): Attestation {
  const { node, hash, since, seen, keyring, notes, shadow } = parse(text) as unknown as Attestation
  if (typeof node !== 'string' || !NODE.test(node) || (hash !== null && !isHash(hash))) return damaged()
  if (![since, seen, keyring].every((word) => typeof word === 'string' && word.length <= 64)) return damaged()
  if (!Array.isArray(notes) || notes.some((note) => typeof note !== 'string' || !/^[A-Z0-9_]{1,64}$/.test(note)))
    return damaged()
  return { node, hash, since, seen, keyring, notes, shadow: shadow === null ? null : shadowOf(shadow) }
}

function headOf(raw: Record<string, unknown>): BundleHead {
  const { id, hash, submission } = raw
  if (!isHash(id) || !isHash(hash) || typeof submission !== 'object' || submission === null) return damaged()
  const { author, at, why, parent, class: stated, tests } = submission as Submission
  if (![author, at, why].every((word) => typeof word === 'string') || (parent !== null && !isHash(parent)))
    return damaged()
  if (stated !== 'same' && stated !== 'tighter' && stated !== 'looser') return damaged()
  const { passed, failed } = tests ?? {}
  if (!isCount(passed) || !isCount(failed)) return damaged()
  return { id, hash, submission: { author, at, why, parent, class: stated, tests: { passed, failed } } }
}

function shadowOf(raw: ShadowCounts): ShadowCounts {
  const { bundle, calls, skipped, differing, tighter, looser, other, errors } = raw
  if (!isHash(bundle) || ![calls, skipped, differing, tighter, looser, other].every(isCount)) return damaged()
  const codes = Object.entries(errors ?? {})
  if (!codes.every(([code, count]) => /^[A-Z0-9_]{1,64}$/.test(code) && isCount(count))) return damaged()
  return { bundle, calls, skipped, differing, tighter, looser, other, errors: Object.fromEntries(codes) }
}

const isHash = (value: unknown): value is string => typeof value === 'string' && HASH.test(value)
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // said below
  }
  return damaged()
}

function damaged(): never {
  throw new BundleStoreError('STORE_DAMAGED')
}
