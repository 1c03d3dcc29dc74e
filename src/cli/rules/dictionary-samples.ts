/** The texts of the rule tests' samples, for counting what a batch would hit. */
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SampleTexts } from '../../mask/dictionary/diff.ts'

const MAX_BYTES = 8 * 2 ** 20
const FOLDER = 'policies/samples'

/** Text of each sample, cut at what no term goes across: quotes, HL7 separators, tags, line ends. */
export async function sampleTexts(folder: string): Promise<SampleTexts[]> {
  const names = await readdir(join(folder, FOLDER)).catch(() => [])
  const samples: SampleTexts[] = []
  for (const name of names.sort()) {
    const path = join(folder, FOLDER, name)
    const info = await lstat(path)
    if (!info.isFile() || info.size > MAX_BYTES) continue
    samples.push({ name, texts: textsOf((await readFile(path)).toString('utf8')) })
  }
  return samples
}

/** Pieces of a payload's source that may hold words. */
export const textsOf = (source: string): string[] => source.split(/["|^~<>\r\n]/).filter((text) => /\p{L}/u.test(text))
