/** The keyring: does its secret open it, and is there an escrow as new as its newest epoch? */
import { readKeyring, readSecret, SecretError } from '../../adapters/secret/files.ts'
import { KeyringError } from '../../base/keyring.ts'
import type { Config } from '../../config.ts'
import { isEscrowed } from '../keys/ring-file.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import type { Ward } from './ward.ts'

export async function examineKeys({ keyring }: Config, { locate, env }: Ward): Promise<Finding[]> {
  try {
    const path = locate(keyring.file)
    const ring = await readKeyring(path, await readSecret(keyring.secret, env, locate))
    const active = ring.epochs.filter((epoch) => epoch.state === 'active').length
    const opened = ok('KEYRING', keyring.file, `opens; ${ring.epochs.length} epochs, ${active} active`)
    if (await isEscrowed(path, ring)) return [opened]
    return [
      opened,
      warn('KEYRING_ESCROW', keyring.file, 'no escrow is newer than the newest epoch: veilgate keys escrow'),
    ]
  } catch (error) {
    if (error instanceof SecretError) return [fail('KEYRING_UNREADABLE', keyring.file, error.message)]
    if (error instanceof KeyringError)
      return [fail(error.code, keyring.file, 'it does not open: veilgate keys list says why')]
    throw error
  }
}
