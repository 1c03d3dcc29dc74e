/** Sample payloads named on the command line: files, and folders of them. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { formatOf } from '../../mask/language/rule-test.ts'
import type { Sample } from '../../mask/proof/diff-samples.ts'
import { type Io, UsageError } from '../command.ts'

/** Files whose format their name does not tell are passed over. Throws UsageError where there is no file. */
export async function namedSamples(named: readonly string[], io: Io): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const path of named) {
    const whole = resolve(io.cwd, path)
    const info = await stat(whole).catch(() => null)
    if (info === null) throw new UsageError(`${path} cannot be read`)
    const files = info.isDirectory() ? (await readdir(whole)).sort().map((f) => join(whole, f)) : [whole]
    for (const file of files)
      if (formatOf(file) !== null) samples.push({ name: basename(file), bytes: await readFile(file) })
  }
  return samples
}
