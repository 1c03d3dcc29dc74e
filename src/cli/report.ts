/** `veilgate report`: the figures of the interface report for a period, from the call log of a state folder. */
import { rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openCallLogReader } from '../adapters/call-log/index.ts'
import { figuresOf, isZone, type Period, parseMoment, renderHtml } from '../report/index.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'

const ZONE = 'Asia/Shanghai'

const usage = `veilgate report --from T --to T [--format json|html] [--state DIR] [--zone ZONE] [--out FILE]

  Figures of the calls that began in [from, to): calls, rows, denials by code, response times, control rate, by interface.
  --from, --to  2027-03-01, 2027-03-01T08:00 (local to the zone) or 2027-03-01T00:00:00Z; to is exclusive
  --format      html (default) or json (also --json)
  --state       state folder of the gateway (default: state)
  --zone        IANA zone of periods and hours (default: ${ZONE})
  --out         file to write; default: standard output
`

export const command: Command = {
  name: 'report',
  summary: 'figures of the interface report for a period, as HTML or JSON',
  usage,
  run,
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, {
    from: { type: 'string' },
    to: { type: 'string' },
    format: { type: 'string' },
    json: { type: 'boolean' },
    state: { type: 'string', default: 'state' },
    zone: { type: 'string', default: ZONE },
    out: { type: 'string' },
  })
  const format = values.format ?? (values.json === true ? 'json' : 'html')
  if (format !== 'json' && format !== 'html') throw new UsageError('--format is json or html')
  const period = readPeriod(values.from, values.to, values.zone)
  const log = openCallLogReader(join(resolve(io.cwd, values.state), CALL_LOG))
  if (log === null) {
    io.err(`veilgate report: no call log in ${values.state}\n`)
    return EXIT.refused
  }
  try {
    const figures = figuresOf(log.sums(period.from, period.to), period)
    const text = format === 'json' ? `${JSON.stringify(figures, null, 2)}\n` : renderHtml(figures, Date.now())
    if (values.out === undefined) io.out(text)
    else await replaceFile(resolve(io.cwd, values.out), text)
    return EXIT.done
  } finally {
    log.close()
  }
}

/** name of the call log in a state folder */
export const CALL_LOG = 'calls.sqlite'

function readPeriod(from: string | undefined, to: string | undefined, zone: string): Period {
  if (from === undefined || to === undefined) throw new UsageError('--from and --to are needed')
  if (!isZone(zone)) throw new UsageError('--zone is no IANA zone')
  const start = parseMoment(from, zone)
  const end = parseMoment(to, zone)
  if (start === null) throw new UsageError('--from is no date or time')
  if (end === null) throw new UsageError('--to is no date or time')
  if (start >= end) throw new UsageError('--from must be before --to')
  return { from: start, to: end, zone }
}

async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}
