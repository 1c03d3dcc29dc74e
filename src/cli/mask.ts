/** `veilgate mask`: one payload through the masking core, exactly as the gateway would treat it. */
import { open, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isGatewayError } from '../base/errors.ts'
import { type Counts, maskPayload } from '../mask/index.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'
import { recordsOf } from './mask/records.ts'
import { SELECTION_OPTIONS, SELECTION_USAGE, type Selection, select } from './mask/selection.ts'

const USAGE = `veilgate mask --role R [options] [FILE]

Masks FILE (or standard input) for a role and writes the result to standard output. A refusal prints nothing there, its
code on standard error, and exits 1.

${SELECTION_USAGE}  --report FILE       counts of what was done, as JSON (never a value)
  --stream            record by record (NDJSON lines, HL7 v2 messages), one in memory at a time, --max bounds each:
                      records already out stay, the refused one and all after it are not written, exit 1
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
  const report = values.report === undefined ? null : resolve(io.cwd, values.report)
  return values.stream ? streamed(selection, report, io) : whole(selection, report, io)
}

async function whole({ plan, payload, limits, charset }: Selection, report: string | null, io: Io): Promise<number> {
  const { body, counts } = maskPayload(plan, await payload.whole(), { charset: null, entryCharset: charset }, limits)
  await io.raw(body)
  if (report !== null) await writeFile(report, `${JSON.stringify(counts, null, 2)}\n`)
  return EXIT.done
}

/** Holds one record at a time, however many there are. */
async function streamed({ plan, payload, limits, charset }: Selection, report: string | null, io: Io): Promise<number> {
  const records = recordsOf(plan.format, payload.chunks(), limits.maxBytes)
  if (records === null) throw new UsageError('--stream reads NDJSON and HL7 v2 only')
  const counted = report === null ? null : await openReport(report)
  let number = 1
  try {
    for await (const record of records) {
      const { body, counts } = maskPayload(plan, record, { charset: null, entryCharset: charset }, limits)
      await io.raw(body)
      await counted?.add(counts)
      number++
    }
    return EXIT.done
  } catch (error) {
    if (!isGatewayError(error)) throw error
    io.err(`veilgate mask: record ${number}: ${error.code}; it and all after it were not written\n`)
    return EXIT.refused
  } finally {
    await counted?.end()
  }
}

/** A JSON array, written as it comes: one entry a record. */
async function openReport(path: string): Promise<{ add(counts: Counts): Promise<void>; end(): Promise<void> }> {
  const file = await open(path, 'w').catch(() => {
    throw new RefusedError('the report cannot be written')
  })
  let sign = '['
  return {
    async add(counts) {
      await file.write(`${sign}\n${JSON.stringify(counts)}`)
      sign = ','
    },
    async end() {
      await file.write(sign === '[' ? '[]\n' : '\n]\n')
      await file.close()
    },
  }
}
