/** `veilgate rules submit`: a rules folder becomes an immutable bundle that can be approved. */
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { bundleFilesOf } from '../release/bundle-files.ts'
import { DESK_OPTIONS, sentenceOf, withDesk } from '../release/open-desk.ts'
import { onlyOne, openFolder, printProblems } from './folder.ts'

const OPTIONS = { ...DESK_OPTIONS, as: { type: 'string' }, why: { type: 'string', default: '' } } as const

export function submitFolder(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const author = values.as
  if (author === undefined) throw new UsageError('--as ID: who wrote it')
  return withDesk('rules submit', values.config, io, async (desk) => {
    const { folder } = await openFolder(onlyOne(positionals), io)
    const { files, problems } = await bundleFilesOf(folder)
    const said = await desk.submit({ files, author, why: values.why })
    if (values.json) io.out(`${JSON.stringify(said, null, 2)}\n`)
    else {
      printProblems([...problems, ...said.problems], io)
      for (const { class: change, what, en } of said.changes) io.out(`${change.padEnd(8)} ${what}: ${en}\n`)
      if (said.refused !== null) io.err(`${sentenceOf(said.refused)}\n`)
      else if (said.bundle !== null)
        io.out(`${said.bundle.id}\nbundle ${said.bundle.hash}\n${said.class}: ${said.needs} must sign\n`)
    }
    return said.refused === null ? EXIT.done : EXIT.refused
  })
}
