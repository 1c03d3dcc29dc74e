/** `veilgate rules rollback`: back to a bundle that was in force; one person, at once, with an alarm. */
import { type Io, readArgs, UsageError } from '../command.ts'
import { DESK_OPTIONS, SIGNER_OPTIONS, signAndGive, signerOf, tellVerdict, withDesk } from '../release/open-desk.ts'

export function rollBack(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, { ...DESK_OPTIONS, ...SIGNER_OPTIONS }, 'any')
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw new UsageError('one bundle ID: what to go back to')
  const { why, json } = values
  return withDesk('rules rollback', values.config, io, async (desk) => {
    const signer = await signerOf(values, io)
    const signed = await signAndGive(desk, signer, { act: 'rollback', id, why })
    if (!signed.released) return tellVerdict(signed, '', io, json)
    return tellVerdict(await desk.activate(id, signer.approver.id, why), 'rolled back', io, json)
  })
}
