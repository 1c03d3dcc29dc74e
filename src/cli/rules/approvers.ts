/** `veilgate rules approvers`: the list of people who may approve; two of them change it. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readApprover } from '../../release/approvers.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { DESK_OPTIONS, SIGNER_OPTIONS, signAndGive, signerOf, tellVerdict, withDesk } from '../release/open-desk.ts'

const OPTIONS = { ...DESK_OPTIONS, ...SIGNER_OPTIONS } as const

export function changeApprovers(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const [action = 'list', subject] = positionals
  if (!/^(?:list|enrol|remove)$/.test(action) || positionals.length !== (action === 'list' ? positionals.length : 2))
    throw new UsageError('approvers list, approvers enrol PUBLIC.json, approvers remove ID')
  const { why, json } = values
  return withDesk('rules approvers', values.config, io, async (desk) => {
    if (action === 'list') {
      const { roster } = await desk.state()
      io.out(json ? `${JSON.stringify(roster)}\n` : roster.map((a) => `${a.id}  ${a.x}  ${a.y}\n`).join(''))
      return EXIT.done
    }
    const signer = await signerOf(values, io)
    const request =
      action === 'remove'
        ? ({ act: 'remove', subject: subject!, why } as const)
        : ({ act: 'enrol', approver: await readPublic(resolve(io.cwd, subject!)), why } as const)
    return tellVerdict(await signAndGive(desk, signer, request), 'the list is changed', io, json, true)
  })
}

/** `{ "id": ..., "x": ..., "y": ... }` as `veilgate keys approver --json` prints it. */
async function readPublic(path: string) {
  try {
    return readApprover(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    throw new UsageError('the file holds no { id, x, y } of a P-256 key')
  }
}
