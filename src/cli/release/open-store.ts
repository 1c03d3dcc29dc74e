/** The bundle store a deployment names. */
import { readFile } from 'node:fs/promises'
import { openThreadedStore, RedisBundleStore, SqliteBundleStore } from '../../adapters/bundle-store/index.ts'
import { readSecret } from '../../adapters/secret/files.ts'
import type { StoreConfig } from '../../config.ts'
import type { BundleStore } from '../../ports/bundle-store.ts'

export interface StorePlace {
  /** paths of the configuration are relative to its folder */
  readonly locate: (path: string) => string
  readonly env: Readonly<Record<string, string | undefined>>
  /** beside the road: no statement may run on its event loop */
  readonly onRoad: boolean
}

/** Throws SecretError, BundleStoreError, or the file system's error for a missing authority. */
export async function openStore(config: StoreConfig, { locate, env, onRoad }: StorePlace): Promise<BundleStore> {
  if (config.kind === 'sqlite') {
    const path = locate(config.file)
    return onRoad ? openThreadedStore(path) : new SqliteBundleStore(path)
  }
  const { host, port, username, prefix } = config
  const password = config.password === null ? null : await readSecret(config.password, env, locate)
  const ca = config.ca === null ? null : await readFile(locate(config.ca), 'utf8')
  return new RedisBundleStore({ host, port, username, password, ca, prefix })
}
