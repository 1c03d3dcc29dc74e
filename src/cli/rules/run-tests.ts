/** `veilgate rules test`: checks the folder, then runs every policies/*.test.yaml. */
import { readFile } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { runRuleTests } from '../../mask/language/rule-test.ts'
import { runSample } from '../../mask/sample.ts'
import { EXIT, type Io, readArgs } from '../command.ts'
import { compileFolder } from './compile-folder.ts'
import { onlyOne, openFolder, printProblems } from './folder.ts'
import { recheckOf } from './recheck.ts'

const MAX_SAMPLE = 8 * 1024 * 1024

export async function testRules(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } }, 'any')
  const { folder, read } = await openFolder(onlyOne(positionals), io)
  const json = values['json'] === true
  const { compiled, problems } = compileFolder(read.files, read.problems)
  if (compiled === null) {
    if (json) io.out(`${JSON.stringify({ ok: false, passed: 0, failed: 0, problems }, null, 2)}\n`)
    else printProblems(problems, io)
    return EXIT.refused
  }
  const report = await runRuleTests(
    compiled.rules,
    compiled.tests,
    (path) => readSample(folder, path),
    runSample,
    recheckOf(read.files, compiled.rules),
  )
  if (json) io.out(`${JSON.stringify({ ok: report.failed === 0, ...report }, null, 2)}\n`)
  else {
    printProblems(report.problems, io)
    io.out(`${report.passed} passed, ${report.failed} failed\n`)
  }
  return report.failed === 0 ? EXIT.done : EXIT.refused
}

/** A sample inside the folder, or null; the path was checked when the test was read. */
async function readSample(folder: string, path: string): Promise<Uint8Array | null> {
  const whole = resolve(folder, path)
  if (!whole.startsWith(folder + sep)) return null
  const bytes = await readFile(whole).catch(() => null)
  return bytes === null || bytes.length > MAX_SAMPLE ? null : bytes
}
