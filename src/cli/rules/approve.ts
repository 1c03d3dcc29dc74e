/** `veilgate rules approve`: signs what is to be released, or hands in what was signed elsewhere. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Act } from '../../release/model.ts'
import { type Io, readArgs, UsageError } from '../command.ts'
import { DESK_OPTIONS, SIGNER_OPTIONS, signAndGive, signerOf, tellVerdict, withDesk } from '../release/open-desk.ts'

const OPTIONS = {
  ...DESK_OPTIONS,
  ...SIGNER_OPTIONS,
  jws: { type: 'string' },
  review: { type: 'boolean', default: false },
  rollback: { type: 'boolean', default: false },
} as const

export function approveBundle(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const [id] = positionals
  if (positionals.length !== (values.jws === undefined ? 1 : 0)) throw new UsageError('one bundle ID, or --jws FILE')
  if (values.review && values.rollback) throw new UsageError('one of --review and --rollback')
  const act: Act = values.review ? 'review' : values.rollback ? 'rollback' : 'release'
  return withDesk('rules approve', values.config, io, async (desk) => {
    const verdict =
      values.jws === undefined
        ? await signAndGive(desk, await signerOf(values, io), { act, id: id!, why: values.why })
        : await desk.approve((await readFile(resolve(io.cwd, values.jws), 'utf8')).trim())
    const done = act === 'review' ? 'reviewed' : 'approved; veilgate rules activate puts it in force'
    return tellVerdict(verdict, done, io, values.json, true)
  })
}
