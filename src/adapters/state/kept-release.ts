/**
 * What a node keeps of the release it runs, whole, so that it starts without its store: the history it verified and the
 * files in force. Sealed by a key of the keyring (HMAC-SHA-256), so that whoever writes the disk, but has no keyring,
 * cannot make a node run anything else or forget what it knew.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { derive, type Keyring, livingEpochs } from '../../base/keyring.ts'
import { readFiles } from '../../release/bundle.ts'
import { readEntry } from '../../release/history.ts'
import type { Bundle, Entry } from '../../release/model.ts'

export interface KeptRelease {
  /** milliseconds since 1970: when it was kept */
  readonly at: number
  readonly entries: readonly Entry[]
  readonly bundle: Bundle
}

const FILE = 'release.kept.json'

export function keepRelease(state: string, kept: KeptRelease, ring: Keyring): void {
  const body = JSON.stringify(kept)
  const fresh = join(state, `${FILE}.${process.pid}`)
  const seal = sealOf(body, derive(ring, 'release', 'kept', 32)).toString('hex')
  writeFileSync(fresh, JSON.stringify({ version: 1, seal, body }), { mode: 0o600 })
  renameSync(fresh, join(state, FILE))
}

/** `altered`: there is a file, and this node did not write it. */
export function keptRelease(state: string, ring: Keyring): KeptRelease | 'none' | 'altered' {
  let text: string
  try {
    text = readFileSync(join(state, FILE), 'utf8')
  } catch {
    return 'none'
  }
  try {
    const { version, seal, body } = JSON.parse(text) as Record<string, unknown>
    if (version !== 1 || typeof seal !== 'string' || typeof body !== 'string') return 'altered'
    if (!isOwn(body, Buffer.from(seal, 'hex'), ring)) return 'altered'
    const { at, entries, bundle } = JSON.parse(body) as KeptRelease
    return { at, entries: entries.map(readEntry), bundle: { ...bundle, files: readFiles(bundle.files) ?? [] } }
  } catch {
    return 'altered'
  }
}

/** Rings are rotated: any epoch whose key is still there may have sealed it. */
const isOwn = (body: string, seal: Buffer, ring: Keyring): boolean =>
  livingEpochs(ring).some(({ id }) => {
    const own = sealOf(body, derive(ring, 'release', 'kept', 32, id))
    return own.length === seal.length && timingSafeEqual(own, seal)
  })

const sealOf = (body: string, key: Buffer): Buffer => createHmac('sha256', key).update(body, 'utf8').digest()
