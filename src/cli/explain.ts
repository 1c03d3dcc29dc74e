/** `veilgate explain`: which line decides each value. Values are never printed. */
import { explainPayload } from '../mask/index.ts'
import { refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'
import { SELECTION_OPTIONS, SELECTION_USAGE, select } from './mask/selection.ts'

const USAGE = `veilgate explain --role R [options] [FILE]

Shows for every value of FILE (or standard input) its address, element, what is done to it and the line that decides.

${SELECTION_USAGE}  --json              one object a line
`

export const command: Command = {
  name: 'explain',
  summary: 'show which rule decides each value of a payload',
  usage: USAGE,
  run: (args, io) => refusing('explain', io, () => explain(args, io)),
}

async function explain(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(
    args,
    { ...SELECTION_OPTIONS, json: { type: 'boolean', default: false } },
    'any',
  )
  if (positionals.length > 1) throw new UsageError('one FILE at most')
  const { plan, bytes, limits, charset } = await select(values, positionals[0], io)
  const { leaves, counts } = explainPayload(plan, bytes, { charset: null, entryCharset: charset }, limits)
  for (const { address, element, why, outcome, method } of leaves) {
    const line = why.at === null ? null : `${why.at.file}:${why.at.line}:${why.at.col}`
    if (values.json)
      io.out(
        `${JSON.stringify({ address, element: element?.id ?? null, level: element?.level ?? null, method, outcome, source: why.source, policy: why.policy, line })}\n`,
      )
    else
      io.out(
        `${address.padEnd(44)} ${(element?.id ?? '-').padEnd(16)} ${`${method} -> ${outcome}`.padEnd(24)} ${why.source}${line === null ? '' : ` ${why.policy ?? ''} ${line}`}\n`,
      )
  }
  if (!values.json) io.out(`${leaves.length} values; ${counts.unknown} unknown to every binding\n`)
  return EXIT.done
}
