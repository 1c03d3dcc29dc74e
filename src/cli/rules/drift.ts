/** `veilgate rules drift`: addresses interfaces brought that no rule knows, under their keyed names. */
import { resolve } from 'node:path'
import { readDrift } from '../../adapters/state/drift.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'

const OPTIONS = { json: { type: 'boolean' }, interface: { type: 'string' } } as const

/** The first argument is the state folder of veilgate.yaml (`state:`). An empty list is a good answer. */
export async function showDrift(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const [state, ...more] = positionals
  if (state === undefined || more.length > 0) throw new UsageError('rules drift takes the state folder')
  const only = values.interface
  const found = readDrift(resolve(state)).filter((d) => only === undefined || d.interface === only)
  if (values.json === true) io.out(`${JSON.stringify(found, null, 2)}\n`)
  else for (const { interface: id, address, first } of found) io.out(`${id}  ${address}  ${first}\n`)
  return EXIT.done
}
