/** `veilgate keys rotate` and `retire`: one more epoch, or one that makes nothing new any more. */
import { randomBytes } from 'node:crypto'
import { retire, rotate } from '../../base/keyring.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { openRing, RING_OPTIONS, replaceRing, showRing } from './ring-file.ts'

export async function rotateRing(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, RING_OPTIONS)
  const opened = await openRing(values, io)
  const next = rotate(opened.ring, randomBytes(32), new Date().toISOString())
  await replaceRing(opened, next)
  showRing(opened.path, next, values.json, io)
  return EXIT.done
}

export async function retireEpoch(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, RING_OPTIONS, 'any')
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw new UsageError('one epoch, such as e1')
  const opened = await openRing(values, io)
  const next = retire(opened.ring, id)
  await replaceRing(opened, next)
  showRing(opened.path, next, values.json, io)
  return EXIT.done
}
