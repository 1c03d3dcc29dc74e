/** `veilgate keys approver`: a key to approve rules with, made on the approver's own machine. Its private half stays there. */
import { resolve } from 'node:path'
import { readSecret } from '../../adapters/secret/files.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { makeApproverKey } from '../release/approver-key.ts'

const OPTIONS = {
  as: { type: 'string' },
  out: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'passphrase-env': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export async function makeApprover(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, OPTIONS)
  const { as, out, 'passphrase-file': file, 'passphrase-env': env } = values
  if (as === undefined || out === undefined) throw new UsageError('--as ID and --out FILE')
  if (file !== undefined && env !== undefined) throw new UsageError('one of --passphrase-file and --passphrase-env')
  const locate = (path: string): string => resolve(io.cwd, path)
  const ref = file !== undefined ? { file } : env !== undefined ? { env } : null
  const passphrase = ref === null ? null : await readSecret(ref, io.env, locate)
  const { id, x, y } = await makeApproverKey(locate(out), as, passphrase)
  io.out(values.json ? `${JSON.stringify({ id, x, y })}\n` : `{ id: ${id}, x: ${x}, y: ${y} }\n`)
  return EXIT.done
}
