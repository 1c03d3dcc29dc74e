/** `veilgate mask`: one payload through the masking core, exactly as the gateway would treat it. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isGatewayError } from '../base/errors.ts'
import { type Counts, maskPayload } from '../mask/index.ts'
import { refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'
import { recordsOf } from './mask/records.ts'
import { SELECTION_OPTIONS, SELECTION_USAGE, type Selection, select } from './mask/selection.ts'

const USAGE = `veilgate mask --role R [options] [FILE]

Masks FILE (or standard input) for a role and writes the result to standard output. A refusal prints nothing there, its
code on standard error, and exits 1.

${SELECTION_USAGE}  --report FILE       counts of what was done, as JSON (never a value)
  --stream            record by record (NDJSON lines, HL7 v2 messages): records already out stay, the refused one and
                      all after it are not written, exit 1
`

export const command: Command = {
  name: 'mask',
  summary: 'mask a payload for a role',
  usage: USAGE,
  run: (args, io) => refusing('mask', io, () => mask(args, io)),
}

async function mask(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(
    args,
    { ...SELECTION_OPTIONS, report: { type: 'string' }, stream: { type: 'boolean', default: false } },
    'any',
  )
  if (positionals.length > 1) throw new UsageError('one FILE at most')
  const selection = await select(values, positionals[0], io)
  const reports: Counts[] = []
  const code = values.stream ? streamed(selection, reports, io) : whole(selection, reports, io)
  if (values.report !== undefined)
    await writeFile(
      resolve(io.cwd, values.report),
      `${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`,
    )
  return code
}

function whole({ plan, bytes, limits, charset }: Selection, reports: Counts[], io: Io): number {
  const { body, counts } = maskPayload(plan, bytes, { charset: null, entryCharset: charset }, limits)
  reports.push(counts)
  io.raw(body)
  return EXIT.done
}

function streamed({ plan, bytes, limits, charset }: Selection, reports: Counts[], io: Io): number {
  const records = recordsOf(plan.format, bytes)
  if (records === null) throw new UsageError('--stream reads NDJSON and HL7 v2 only')
  let number = 0
  for (const record of records) {
    number++
    try {
      const { body, counts } = maskPayload(plan, record, { charset: null, entryCharset: charset }, limits)
      reports.push(counts)
      io.raw(body)
    } catch (error) {
      if (!isGatewayError(error)) throw error
      io.err(`veilgate mask: record ${number}: ${error.code}; it and all after it were not written\n`)
      return EXIT.refused
    }
  }
  return EXIT.done
}
