/** The payloads that proofs are made over. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { formatOf } from '../../mask/language/rule-test.ts'
import type { Sample } from '../../mask/proof/diff-samples.ts'
import { type Io, UsageError } from '../command.ts'
import { type OpenBundle, samplePaths } from './open-bundle.ts'

/** Files named, folders of them, else the samples of the rule tests. */
export async function samplesOf(bundle: OpenBundle, named: readonly string[], io: Io): Promise<Sample[]> {
  const samples: Sample[] = []
  if (named.length === 0)
    for (const path of samplePaths(bundle.compiled.tests)) {
      const bytes = await bundle.read(path)
      if (bytes !== null) samples.push({ name: basename(path), bytes })
    }
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
