/** Folders that come with the package, found from the sources and from emitted JavaScript, which lies one folder deeper. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Path of `rules`, `data/demo` ... in the package. Throws when the package does not hold it. */
export function shippedFolder(name: string): string {
  for (const root of ['../../', '../../../']) {
    const path = fileURLToPath(new URL(root + name, import.meta.url))
    if (existsSync(path)) return path
  }
  throw new Error(`the package holds no ${name}`)
}
