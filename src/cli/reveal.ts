/** `veilgate reveal`: opens what the method encrypt sealed, for who holds the keyring. */

import { createSecretKey } from 'node:crypto'
import { derive, KeyringError } from '../base/keyring.ts'
import { scopesOf } from '../mask/pseudonym.ts'
import { openValue, sealedParts } from '../mask/sealed-value.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'
import { openRing, RING_OPTIONS } from './datasets/ring.ts'

const USAGE = `veilgate reveal --element E --institution I [--scenario S] TEXT ...   --keys FILE --secret-file FILE | --secret-env NAME

Prints the value behind each text that the method encrypt wrote for that institution and scenario. A text sealed for
another element, recipient or ring does not open, nor does an altered one: exit 1, nothing printed for any of them.

  --keys FILE         keyring (default: keys/ring.json)
`

export const command: Command = {
  name: 'reveal',
  summary: 'open values sealed by the method encrypt',
  usage: USAGE,
  run: (args, io) => refusing('reveal', io, () => reveal(args, io)),
}

async function reveal(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(
    args,
    { ...RING_OPTIONS, element: { type: 'string' }, institution: { type: 'string' }, scenario: { type: 'string' } },
    'any',
  )
  const { element, institution, scenario } = values
  if (element === undefined || institution === undefined) throw new UsageError('--element and --institution')
  if (positionals.length === 0) throw new UsageError('at least one TEXT')
  const ring = await openRing(values, io)
  const { recipient } = scopesOf({ recipient: institution, scenario: scenario ?? null, holder: '', project: null })
  const opened = positionals.map((text) => {
    const parts = sealedParts(text)
    if (parts === null) throw new RefusedError('this is no text of the method encrypt')
    const keys = (part: string) => createSecretKey(keyOf(part, parts.epoch))
    const value = openValue({ ...parts, element, keys }, text)
    if (value === null) throw new RefusedError('a text does not open with this ring, element, institution and scenario')
    return value
  })
  function keyOf(part: string, epoch: string): Buffer {
    try {
      return derive(ring, 'reveal', `${part} ${recipient}`, 32, epoch)
    } catch (error) {
      if (error instanceof KeyringError) throw new RefusedError(`the keyring has not the key (${error.code})`)
      throw error
    }
  }
  io.out(opened.map((value) => `${value}\n`).join(''))
  return EXIT.done
}
