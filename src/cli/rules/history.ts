/** `veilgate rules history`: who did what to the rules, when and why, newest first; verified while it is read. */
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { DESK_OPTIONS, withDesk } from '../release/open-desk.ts'

const OPTIONS = { ...DESK_OPTIONS, limit: { type: 'string', default: '50' } } as const

export function showHistory(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, OPTIONS)
  if (!/^[1-9]\d{0,4}$/.test(values.limit)) throw new UsageError('--limit is a number from 1 to 99999')
  return withDesk('rules history', values.config, io, async (desk) => {
    const entries = await desk.history(Number(values.limit))
    const { unproved } = await desk.state()
    for (const entry of entries) {
      const refused = unproved.get(entry.seq)
      if (values.json) {
        io.out(`${JSON.stringify(refused === undefined ? entry : { ...entry, unproved: refused })}\n`)
        continue
      }
      const { seq, at, who, kind, why, bundle, class: change, alarm } = entry
      const what = bundle === null ? '-' : bundle.id.slice(7, 19)
      const line = [String(seq).padStart(5), at, kind.padEnd(9), (change ?? '-').padEnd(8), what, who, why]
      io.out(
        `${line.join('  ')}${alarm ? '  (!)' : ''}${refused === undefined ? '' : `  (proves nothing: ${refused})`}\n`,
      )
    }
    return EXIT.done
  })
}
