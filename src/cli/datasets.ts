/** `veilgate datasets`: the maps behind random-id, and their end. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { datasetMap } from '../adapters/dataset-map/index.ts'
import type { Keyring } from '../base/keyring.ts'
import { Pseudonyms } from '../mask/index.ts'
import type { DatasetMap } from '../ports/dataset-map.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError, unknownAction } from './command.ts'
import { DESTROY_OPTIONS, destroyDataset } from './datasets/destroy.ts'
import { openRing, RING_OPTIONS } from './datasets/ring.ts'

const USAGE = `veilgate datasets list         [--map FILE] --keys FILE --secret-file FILE | --secret-env NAME
veilgate datasets find         --institution I --dataset D ID
veilgate datasets destroy      --institution I --dataset D --sign --key FILE --as ID [--why TEXT]
veilgate datasets destroy      --institution I --dataset D --statement FILE --statement FILE [--config veilgate.yaml]
veilgate datasets certificates

A dataset is what one institution gets under one name (the project of its tokens, or the name a rule gives). list shows
how many values each map holds. find prints the value behind a random id. destroy forgets the map for good: its ids
lead nowhere, no copy of the file opens them, and the name is never used again. It takes the signatures of two
approvers (--sign prints one) and leaves a certificate, a line of a hash chain that certificates prints.

  --map FILE          the map (default: state/datasets.sqlite)
  --keys FILE         keyring (default: keys/ring.json)
  --json              one object a line
`

const OPTIONS = {
  ...RING_OPTIONS,
  ...DESTROY_OPTIONS,
  map: { type: 'string', default: 'state/datasets.sqlite' },
  institution: { type: 'string' },
  dataset: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = {
  name: 'datasets',
  summary: 'show, resolve and destroy the maps of random ids',
  usage: USAGE,
  run: (args, io) => refusing('datasets', io, () => run(args, io)),
}

const ACTIONS = { list, find, destroy, certificates } as const

interface Asked {
  readonly map: DatasetMap
  readonly ring: Keyring
  readonly values: ReturnType<typeof parse>['values']
  readonly rest: readonly string[]
  readonly io: Io
}

const parse = (args: readonly string[]) => readArgs(args, OPTIONS, 'any')

async function run([action, ...args]: readonly string[], io: Io): Promise<number> {
  if (action === undefined || !Object.hasOwn(ACTIONS, action))
    throw new UsageError(unknownAction(action, Object.keys(ACTIONS)))
  const { values, positionals } = parse(args)
  const path = resolve(io.cwd, values.map)
  if (!existsSync(path)) throw new RefusedError('there is no map at this place')
  const ring = await openRing(values, io)
  const map = datasetMap(path, ring, new Pseudonyms(ring))
  try {
    return await ACTIONS[action as keyof typeof ACTIONS]({ map, ring, values, rest: positionals, io })
  } finally {
    map.close()
  }
}

function list({ map, values, io }: Asked): number {
  for (const set of map.list())
    io.out(
      values.json
        ? `${JSON.stringify(set)}\n`
        : `${set.recipient.padEnd(20)} ${set.name.padEnd(24)} ${String(set.entries).padStart(9)} ${set.destroyed === null ? `since ${set.created}` : `destroyed ${set.destroyed}`}\n`,
    )
  return EXIT.done
}

function named({ values }: Asked): { readonly recipient: string; readonly name: string } {
  const { institution, dataset } = values
  if (institution === undefined || dataset === undefined) throw new UsageError('--institution and --dataset')
  return { recipient: institution, name: dataset }
}

function find(asked: Asked): number {
  const { map, rest, io } = asked
  const dataset = named(asked)
  if (rest.length !== 1) throw new UsageError('one ID')
  const found = map.find(dataset, rest[0]!)
  if (found === null) throw new RefusedError('no value of this dataset has this id')
  io.out(`${found.canonical}\n`)
  return EXIT.done
}

function destroy(asked: Asked): Promise<number> {
  return destroyDataset(asked.map, named(asked), asked.ring, asked.values, asked.io)
}

function certificates({ map, io }: Asked): number {
  for (const certificate of map.certificates()) io.out(`${JSON.stringify(certificate)}\n`)
  return EXIT.done
}
