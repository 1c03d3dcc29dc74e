/** `veilgate rules bundles`: what is kept, what is in force, who must still sign; and what each node runs. */
import { EXIT, type Io, readArgs } from '../command.ts'
import { DESK_OPTIONS, withDesk } from '../release/open-desk.ts'

export function showBundles(args: readonly string[], io: Io): Promise<number> {
  const { values } = readArgs(args, DESK_OPTIONS)
  return withDesk('rules bundles', values.config, io, async (desk) => {
    const [bundles, nodes] = [await desk.bundles(), await desk.attestations()]
    if (values.json) {
      io.out(`${JSON.stringify({ bundles, nodes }, null, 2)}\n`)
      return EXIT.done
    }
    for (const { id, state, class: change, needs, signed, submission, toReview } of bundles) {
      const waits = state === 'draft' ? `${signed.length}/${needs} signed` : toReview ? 'to review' : ''
      const line = [id.slice(7, 19), state.padEnd(6), (change ?? '-').padEnd(8), submission.at, submission.author]
      io.out(`${[...line, submission.why, waits].join('  ').trimEnd()}\n`)
    }
    for (const { node, hash, since, seen, notes } of nodes)
      io.out(
        `node ${node}  ${hash?.slice(7, 19) ?? 'none'}  since ${since}  seen ${seen}  ${notes.join(' ')}`.trimEnd() +
          '\n',
      )
    return EXIT.done
  })
}
