/** Dataset maps by keyring: in a file of the state folder, or in memory. */
import { randomBytes } from 'node:crypto'
import { derive, fingerprint, type Keyring } from '../../base/keyring.ts'
import type { Pseudonyms } from '../../mask/pseudonym.ts'
import type { DatasetMap, DatasetMapKeys } from '../../ports/dataset-map.ts'
import { memoryDatasetMap } from './memory.ts'
import { openDatasetMap } from './sqlite.ts'

const KEY_BYTES = 32
/** name of the file in the state folder */
export const DATASETS_FILE = 'datasets.sqlite'

/** Keys of a map under a ring; ids are tokens the gateway knows as its own. */
export const keysFor = (ring: Keyring, pseudonyms: Pseudonyms): DatasetMapKeys => ({
  wrapping: (info, epoch) => derive(ring, 'random-id', info, KEY_BYTES, epoch),
  epoch: pseudonyms.epoch,
  keyring: fingerprint(ring),
  random: randomBytes,
  idFrom: (random) => pseudonyms.randomToken(random),
})

const now = (): string => new Date().toISOString()

/** @param path a file, made when it is not there; null = in memory */
export const datasetMap = (path: string | null, ring: Keyring, pseudonyms: Pseudonyms): DatasetMap =>
  path === null
    ? memoryDatasetMap(keysFor(ring, pseudonyms), now)
    : openDatasetMap(path, keysFor(ring, pseudonyms), now)
