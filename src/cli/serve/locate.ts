/** Paths of a configuration are relative to its file's folder, not to where the command was started. */
import { isAbsolute, join } from 'node:path'

export const locator =
  (base: string) =>
  (path: string): string =>
    isAbsolute(path) ? path : join(base, path)
