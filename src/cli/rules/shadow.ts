/** `veilgate rules shadow`: runs a candidate beside the rules in force on a share of live traffic; counts only. */
import { parseDuration } from '../../base/scalars.ts'
import { type Io, readArgs, UsageError } from '../command.ts'
import { DESK_OPTIONS, SIGNER_OPTIONS, signAndGive, signerOf, tellVerdict, withDesk } from '../release/open-desk.ts'

const OPTIONS = {
  ...DESK_OPTIONS,
  ...SIGNER_OPTIONS,
  share: { type: 'string', default: '5' },
  for: { type: 'string', default: '1h' },
  stop: { type: 'boolean', default: false },
} as const

export function runShadow(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  if (values.stop) return stopShadow(values, positionals, io)
  const [id] = positionals
  if (id === undefined || positionals.length > 1) throw new UsageError('one bundle ID: the candidate')
  const percent = Number(values.share)
  const ms = parseDuration(values.for)
  if (!(percent >= 0.1 && percent <= 100)) throw new UsageError('--share is a percentage from 0.1 to 100')
  if (ms === null || ms < 60_000) throw new UsageError('--for is a duration such as 30m or 2h, at least 1m')
  const request = { act: 'shadow', id, share: percent / 100, lifetime: Math.round(ms / 1000), why: values.why } as const
  return withDesk('rules shadow', values.config, io, async (desk) => {
    const verdict = await signAndGive(desk, await signerOf(values, io), request)
    return tellVerdict(
      verdict,
      'it runs beside the rules in force; veilgate rules bundles --json has the counts',
      io,
      values.json,
    )
  })
}

/** Ending a run changes no rule: who does it is written down, nobody signs. */
function stopShadow(
  { as, why, json, config }: { readonly as?: string; why: string; json: boolean; config: string },
  positionals: readonly string[],
  io: Io,
): Promise<number> {
  if (as === undefined || positionals.length > 0) throw new UsageError('--stop --as ID: who ends the run')
  return withDesk('rules shadow', config, io, async (desk) =>
    tellVerdict(await desk.stopShadow(as, why), 'the run has ended', io, json),
  )
}
