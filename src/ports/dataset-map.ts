/**
 * The map behind random-id: per dataset, which random id stands for which value. Its rows are useless without the
 * keyring, and a dataset's own key is destroyed with it, so that a copy of the file opens no destroyed dataset either.
 */
import type { DatasetName, RandomIds } from '../mask/keyed.ts'

export interface DatasetSummary extends DatasetName {
  /** RFC 3339, UTC */
  readonly created: string
  readonly destroyed: string | null
  readonly entries: number
}

/** What is left of a destroyed dataset: a line of a hash chain. */
export interface DatasetCertificate {
  readonly v: 1
  readonly event: 'dataset-destroyed'
  readonly recipient: string
  readonly name: string
  /** values whose ids lead nowhere from now on */
  readonly entries: number
  readonly created: string
  readonly at: string
  /** the two who approved */
  readonly by: readonly [string, string]
  /** keyring whose keys the map was sealed under */
  readonly keyring: string
  /** SHA-256 (hex) of the line before, 64 zeros for the first */
  readonly previous: string
}

/**
 * All calls are synchronous: a payload is masked in one go. `idOf` gives the same id for the same value for as long as
 * the dataset lives, whichever process asks, and refuses with DATASET_DESTROYED for ever after.
 */
export interface DatasetMap extends RandomIds {
  list(): DatasetSummary[]
  /** the value behind an id, or null; the one way back */
  find(dataset: DatasetName, id: string): { readonly slot: string; readonly canonical: string } | null
  /** irreversible. Null when there is no such living dataset. */
  destroy(dataset: DatasetName, by: readonly [string, string], at: string): DatasetCertificate | null
  /** lines of all certificates, oldest first */
  certificates(): DatasetCertificate[]
  close(): void
}

/** What a map is made with: keys, ids and randomness come from outside. */
export interface DatasetMapKeys {
  /** 32 bytes that wrap the key of a dataset, derived for the use random-id under an epoch */
  readonly wrapping: (info: string, epoch: string) => Buffer
  /** epoch new datasets are wrapped under */
  readonly epoch: string
  /** fingerprint of the keyring, for certificates */
  readonly keyring: string
  readonly random: (bytes: number) => Buffer
  /** an id of 20 characters from 10 random bytes */
  readonly idFrom: (random: Buffer) => string
}
