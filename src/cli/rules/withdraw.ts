/** `veilgate rules withdraw`: whoever submitted a bundle takes it back. */
import { type Io, readArgs, UsageError } from '../command.ts'
import { DESK_OPTIONS, tellVerdict, withDesk } from '../release/open-desk.ts'

const OPTIONS = { ...DESK_OPTIONS, as: { type: 'string' }, why: { type: 'string', default: '' } } as const

export function withdrawBundle(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const [id] = positionals
  if (id === undefined || positionals.length > 1 || values.as === undefined)
    throw new UsageError('one bundle ID, and --as ID: who submitted it')
  const { as, why, json } = values
  return withDesk('rules withdraw', values.config, io, async (desk) =>
    tellVerdict(await desk.drop(id, 'withdrawn', as, why), 'withdrawn', io, json),
  )
}
