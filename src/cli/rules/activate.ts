/** `veilgate rules activate`: an approved bundle becomes the rules of every node. */
import { type Io, readArgs, UsageError } from '../command.ts'
import { DESK_OPTIONS, tellVerdict, withDesk } from '../release/open-desk.ts'

const OPTIONS = { ...DESK_OPTIONS, as: { type: 'string' }, why: { type: 'string', default: '' } } as const

export function activateBundle(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const [id] = positionals
  if (id === undefined || positionals.length > 1 || values.as === undefined)
    throw new UsageError('one bundle ID, and --as ID: who releases it')
  const { as, why, json } = values
  return withDesk('rules activate', values.config, io, async (desk) =>
    tellVerdict(await desk.activate(id, as, why), 'in force', io, json),
  )
}
