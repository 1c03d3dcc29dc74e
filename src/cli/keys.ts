/** `veilgate keys`: the keyring that pseudonyms, journal and audit keys are derived from, and approvers' keys. None is printed. */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { SecretError } from '../adapters/secret/files.ts'
import { createRing, KeyringError, seal } from '../base/keyring.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError, unknownAction } from './command.ts'
import { makeApprover } from './keys/approver.ts'
import { retireEpoch, rotateRing } from './keys/change.ts'
import { destroyEpoch } from './keys/destroy.ts'
import { escrowRing, recoverRing } from './keys/escrow.ts'
import { isEscrowed, openRing, RING_OPTIONS, secretOf, showRing, writeNew } from './keys/ring-file.ts'

const USAGE = `veilgate keys init RING                      a ring of one epoch; replaces none
veilgate keys list RING [--json]             ids, dates, states, the fingerprint nodes attest; warns when no escrow is newer
veilgate keys rotate RING                    one more epoch, the default of rules that name none
veilgate keys retire RING EPOCH              makes nothing new any more, still recognises and opens what it made
veilgate keys destroy RING EPOCH --sign SIGNER [--out FILE]     an approver's statement for it
veilgate keys destroy RING EPOCH --statement A.jws --statement B.jws [--config veilgate.yaml]   forgets its bytes for good
veilgate keys escrow RING --to A.pem B.pem [--out FILE]         seals the ring to two custodians, both needed
veilgate keys recover RING --from FILE --with A.key.pem B.key.pem   opens it again into a new ring file
veilgate keys approver --as ID --out FILE [--passphrase-file FILE | --passphrase-env NAME] [--json]   a key to approve with

RING is [--file keys/ring.json] --secret-file FILE | --secret-env NAME, the secret of at least 16 bytes. SIGNER is --key
FILE --as ID [--passphrase-file FILE | --passphrase-env NAME] [--why TEXT]. Files that group or others may read are
refused. Nodes read the ring at their start: after a change, give it to each and restart them one by one.
`

const ACTIONS: Readonly<Record<string, (args: readonly string[], io: Io) => Promise<number>>> = {
  init,
  list,
  rotate: rotateRing,
  retire: retireEpoch,
  destroy: destroyEpoch,
  escrow: escrowRing,
  recover: recoverRing,
  approver: makeApprover,
}

export const command: Command = {
  name: 'keys',
  summary: 'make, show, rotate and escrow the keyring; make keys of approvers',
  usage: USAGE,
  run: (args, io) =>
    refusing('keys', io, async () => {
      const [action, ...rest] = args
      const run = action !== undefined && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
      if (run === undefined) throw new UsageError(unknownAction(action, Object.keys(ACTIONS)))
      try {
        return await run(rest, io)
      } catch (error) {
        if (error instanceof SecretError) throw new RefusedError(error.message)
        if (error instanceof KeyringError)
          throw new RefusedError(SENTENCES[error.code]?.(ringOf(rest), secretPlace(rest)) ?? error.code)
        throw error
      }
    }),
}

/** The ring file named on the command line, as it was written there. */
const ringOf = (args: readonly string[]): string => written(args, '--file') ?? RING_OPTIONS.file.default

/** Where the command line says the secret is: a variable's name or a file's. */
const secretPlace = (args: readonly string[]): string =>
  written(args, '--secret-env') ?? written(args, '--secret-file') ?? 'the option given'

function written(args: readonly string[], option: string): string | null {
  const i = args.findIndex((arg) => arg === option || arg.startsWith(`${option}=`))
  if (i < 0) return null
  return args[i]!.includes('=') ? args[i]!.slice(option.length + 1) : (args[i + 1] ?? '')
}

const SENTENCES: Readonly<Partial<Record<KeyringError['code'], (file: string, secret: string) => string>>> = {
  KEYRING_SECRET: (file) =>
    `the secret does not open ${file}, or the file was altered: give the secret it was made with, or restore the file from escrow (keys recover) or a backup`,
  KEYRING_WEAK_SECRET: (_, secret) =>
    `the secret in ${secret} is too short: at least 16 bytes, such as the output of openssl rand -base64 32; keep it, without it the ring cannot be opened again`,
  KEYRING_SYNTAX: (file) =>
    `${file} is no keyring: name the right file with --file, restore it from escrow (keys recover) or a backup, or make a new ring in another file: veilgate keys init --file NEW`,
  KEYRING_VERSION: (file) => `${file} was written by another version of veilgate: use that version`,
  KEYRING_EPOCH_UNKNOWN: (file) => `${file} has no epoch of this id: veilgate keys list shows them`,
  KEYRING_EPOCH_RETIRED: () => 'this epoch is retired already: veilgate keys list shows the states',
  KEYRING_EPOCH_DESTROYED: () => 'this epoch is destroyed already: veilgate keys list shows the states',
  KEYRING_LAST_ACTIVE: () => 'this is the last active epoch: veilgate keys rotate first makes another',
}

async function init(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, RING_OPTIONS)
  const secret = Buffer.from(await secretOf(values, io), 'utf8')
  const ring = createRing(randomBytes(32), new Date().toISOString())
  const text = seal(ring, secret, { random: randomBytes(28) })
  const path = resolve(io.cwd, values.file)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeNew(path, text, 'keyring file')
  showRing(path, ring, values.json, io)
  return EXIT.done
}

async function list(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, RING_OPTIONS)
  const { path, ring } = await openRing(values, io)
  showRing(path, ring, values.json, io)
  if (!(await isEscrowed(path, ring))) io.err('no escrow is newer than the newest epoch: veilgate keys escrow\n')
  return EXIT.done
}
