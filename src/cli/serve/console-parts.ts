/** Files the console is made of besides the rules: the document that is its contract, and the built pages. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ProblemList } from '../../base/problem.ts'
import { parseYaml, type YamlNode } from '../../base/yaml.ts'
import type { OpenApi } from '../../console/api/options.ts'
import { type Pages, pagesOf } from '../../console/api/pages.ts'

/** The root of the repository, and of the package beside dist/. */
const ROOTS = ['../../../', '../../../../'].map((up) => fileURLToPath(new URL(up, import.meta.url)))

/** Throws an Error when the document is not where the package has it. */
export async function readDocument(): Promise<OpenApi> {
  for (const root of ROOTS) {
    const text = await readFile(join(root, 'spec/console.openapi.yaml'), 'utf8').catch(() => null)
    const node = text === null ? undefined : parseYaml('console.openapi.yaml', text, new ProblemList())
    if (node !== undefined) return plain(node) as OpenApi
  }
  throw new Error('spec/console.openapi.yaml is not there')
}

/** Null while the pages are not built. */
export async function readPages(folder?: string): Promise<Pages | null> {
  const folders =
    folder === undefined ? ROOTS.flatMap((root) => [join(root, 'dist/console'), join(root, 'console')]) : [folder]
  for (const each of folders) {
    const names = await readdir(each, { recursive: true, withFileTypes: true }).catch(() => [])
    const files = names.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    if (!files.some((entry) => entry.name === 'index.html' && entry.parentPath === each)) continue
    const read = files.map(async ({ parentPath, name }) => {
      const whole = join(parentPath, name)
      return { path: whole.slice(each.length + 1).replaceAll('\\', '/'), bytes: await readFile(whole) }
    })
    return pagesOf(await Promise.all(read))
  }
  return null
}

/** The YAML's values without their places. */
function plain(node: YamlNode): unknown {
  if (node.type === 'scalar') return node.value
  if (node.type === 'list') return node.items.map(plain)
  return Object.fromEntries([...node.entries].map(([key, entry]) => [unquoted(key), plain(entry.value)]))
}

/** Keys keep their source: `"200"`, `"y"`. */
const unquoted = (key: string): string => (/^".*"$/.test(key) ? (JSON.parse(key) as string) : key)
