/** A rules folder as the files of a bundle, and the files of a bundle as what the compiler reads. */
import { readFile } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { readRuleFolder } from '../../adapters/rule-files.ts'
import type { Problem } from '../../base/problem.ts'
import type { RuleFile } from '../../mask/language/index.ts'
import { bytesOf } from '../../release/bundle.ts'
import type { BundleFile } from '../../release/model.ts'
import { compileFolder } from '../rules/compile-folder.ts'
import { samplePaths } from '../rules/open-bundle.ts'

const RULE_FILE = /\.(?:ya?ml|csv)$/i
const MAX_SAMPLE = 8 * 1024 * 1024

/** The rules of a bundle; samples are no rules. */
export const ruleFilesOf = (files: readonly BundleFile[]): RuleFile[] =>
  files
    .filter(({ path, encoding }) => encoding === 'utf8' && RULE_FILE.test(path))
    .map(({ path, text }) => ({ path, text }))

/** A file by its path inside the bundle, or null. */
export function readerOf(files: readonly BundleFile[]): (path: string) => Promise<Uint8Array | null> {
  const byPath = new Map(files.map((file) => [file.path, file]))
  return async (path) => {
    const file = byPath.get(path)
    return file === undefined ? null : bytesOf(file)
  }
}

/** Every rule file of the folder, and the samples its tests name, so that a bundle can be tested wherever it is. */
export async function bundleFilesOf(
  folder: string,
): Promise<{ readonly files: readonly BundleFile[]; readonly problems: readonly Problem[] }> {
  const { files: rules, problems } = await readRuleFolder(folder)
  const files: BundleFile[] = rules.map(({ path, text }) => ({ path, text, encoding: 'utf8' }))
  const { compiled } = compileFolder(rules)
  for (const path of compiled === null ? [] : samplePaths(compiled.tests)) {
    const whole = resolve(folder, path)
    if (!whole.startsWith(folder + sep) || files.some((file) => file.path === path)) continue
    const bytes = await readFile(whole).catch(() => null)
    if (bytes !== null && bytes.length <= MAX_SAMPLE)
      files.push({ path, text: bytes.toString('base64'), encoding: 'base64' })
  }
  return { files, problems }
}
