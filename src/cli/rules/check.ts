/** `veilgate rules check`: all problems of a rules folder at once. */
import { zoneDay } from '../../gateway/zone-day.ts'
import { EXIT, type Io, readArgs } from '../command.ts'
import { compileFolder } from './compile-folder.ts'
import { errorsIn, onlyOne, openFolder, printProblems } from './folder.ts'

export async function checkRules(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } }, 'any')
  const { read } = await openFolder(onlyOne(positionals), io)
  const { compiled, problems } = compileFolder(read.files, read.problems, zoneDay('Asia/Shanghai')(Date.now()))
  const errors = errorsIn(problems)
  const figures = {
    ok: compiled !== null,
    errors,
    warnings: problems.length - errors,
    files: read.files.length,
    elements: compiled?.rules.elements.length ?? null,
    bindings: compiled?.rules.bindings.length ?? null,
    policies: compiled?.rules.policies.length ?? null,
    interfaces: compiled?.directory?.entries.size ?? null,
    hash: compiled?.hash ?? null,
  }
  if (values['json'] === true) io.out(`${JSON.stringify({ ...figures, problems }, null, 2)}\n`)
  else {
    printProblems(problems, io)
    io.out(`${errors} errors, ${figures.warnings} warnings in ${figures.files} files\n`)
    if (compiled !== null) io.out(`bundle ${compiled.hash}\n`)
  }
  return compiled === null ? EXIT.refused : EXIT.done
}
