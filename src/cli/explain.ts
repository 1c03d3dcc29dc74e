/** `veilgate explain`: which line decides each value. Values are never printed. */

import { zoneDay } from '../gateway/zone-day.ts'
import { explainPayload } from '../mask/index.ts'
import { RefusedError, refusing } from './authority/refused.ts'
import { type Command, EXIT, type Io, readArgs, UsageError } from './command.ts'
import { explainAccess, printAccess } from './mask/explain-access.ts'
import { SELECTION_OPTIONS, SELECTION_USAGE, select } from './mask/selection.ts'
import { openBundle } from './rules/open-bundle.ts'
import { readLang, SOURCES, type Spoken } from './rules/spoken.ts'
import { shippedFolder } from './shipped.ts'

const USAGE = `veilgate explain --role R [options] [FILE]
veilgate explain --access "METHOD /path" --institution I --role R [--scenario S] [--rules DIR] [--at YYYY-MM-DD]

Shows for every value of FILE (or standard input) its address, element, what is done to it and the line that decides.
With --access: which line of the directory lets the call through or refuses it, and by which code; the token is taken to
hold the entry's scope.

${SELECTION_USAGE}  --json              one object a line
  --lang zh|en        names and words (default: by LANG)
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
    {
      ...SELECTION_OPTIONS,
      json: { type: 'boolean', default: false },
      access: { type: 'string' },
      lang: { type: 'string' },
    },
    'any',
  )
  const say = readLang(values.lang, io)
  if (values.access !== undefined) return await access(values.access, values, say, io)
  if (positionals.length > 1) throw new UsageError('one FILE at most')
  const { plan, payload, limits, charset } = await select(values, positionals[0], io)
  const bytes = await payload.whole()
  const { leaves, counts } = explainPayload(plan, bytes, { charset: null, entryCharset: charset }, limits)
  for (const { address, element, why, outcome, method } of leaves) {
    const line = why.at === null ? null : `${why.at.file}:${why.at.line}:${why.at.col}`
    if (values.json)
      io.out(
        `${JSON.stringify({ address, element: element?.id ?? null, level: element?.level ?? null, method, outcome, source: why.source, policy: why.policy, line })}\n`,
      )
    else
      io.out(
        `${address.padEnd(44)} ${((say.lang === 'zh' ? element?.zh : element?.id) ?? '-').padEnd(16)} ${`${say.treatment(method, {})} -> ${say(OUTCOMES[outcome])}`.padEnd(24)} ${say(SOURCES[why.source])}${line === null ? '' : ` ${why.policy ?? ''} ${line}`}\n`,
      )
  }
  if (!values.json)
    io.out(
      `${say({ zh: `${leaves.length} 个值；${counts.unknown} 个没有落点`, en: `${leaves.length} values; ${counts.unknown} unknown to every binding` })}\n`,
    )
  return EXIT.done
}

const OUTCOMES = {
  kept: { zh: '保留', en: 'kept' },
  replaced: { zh: '替换', en: 'replaced' },
  removed: { zh: '删除', en: 'removed' },
} as const

/** The whole answer is in the rules: no payload is read, no key is needed. */
async function access(
  call: string,
  values: {
    readonly rules?: string | undefined
    readonly institution: string
    readonly role?: string | undefined
    readonly scenario?: string | undefined
    readonly at?: string | undefined
    readonly json: boolean
  },
  say: Spoken,
  io: Io,
): Promise<number> {
  if (values.role === undefined) throw new UsageError('--role is required')
  const { compiled } = await openBundle(values.rules ?? shippedFolder('rules'), io)
  if (compiled.directory === null) throw new RefusedError('the rules folder has no interfaces')
  const today = values.at ?? zoneDay('Asia/Shanghai')(Date.now())
  const { institution, role, scenario = null } = values
  const answer = explainAccess(compiled.directory, compiled.rules, { call, institution, role, scenario, today })
  return printAccess(answer, values.json, say, io)
}
