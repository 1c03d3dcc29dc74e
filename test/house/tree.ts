/** The files of this checkout as the house tests see them: path from the root with forward slashes, and text. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  readonly path: string
  readonly text: string
}

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Everything below a folder with one of the endings, sorted by path. A folder that does not exist is empty. */
export function readTree(folder: string, endings: readonly string[], root = ROOT): SourceFile[] {
  const names = list(join(root, folder))
  return names
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .toSorted()
    .map((name) => ({ path: posix.join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }))
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

export const readText = (path: string, root = ROOT): string => readFileSync(join(root, path), 'utf8')

/** The file of this tree a relative import names. */
export const resolveImport = (from: string, specifier: string): string => posix.join(posix.dirname(from), specifier)

/** `*` matches within one path segment, a trailing `/` everything below. */
export function matchesPath(pattern: string, path: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]*')
  return new RegExp(`^${source}${pattern.endsWith('/') ? '.*' : ''}$`).test(path)
}
