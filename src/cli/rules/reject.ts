/** `veilgate rules reject`: an approver refuses what was proposed, and says why. */
import { type Io, readArgs, UsageError } from '../command.ts'
import { DESK_OPTIONS, SIGNER_OPTIONS, signAndGive, signerOf, tellVerdict, withDesk } from '../release/open-desk.ts'

export function rejectBundle(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, { ...DESK_OPTIONS, ...SIGNER_OPTIONS }, 'any')
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw new UsageError('one bundle ID: the proposal')
  const { why, json } = values
  if (why.trim() === '') throw new UsageError('--why TEXT: whoever submitted it must know what to mend')
  return withDesk('rules reject', values.config, io, async (desk) => {
    const verdict = await signAndGive(desk, await signerOf(values, io), { act: 'refuse', id, why })
    return tellVerdict(verdict, 'refused; submitted again it begins anew', io, json)
  })
}
