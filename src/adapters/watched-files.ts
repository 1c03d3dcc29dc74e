/** Single files outside the rules folder (certificates, keys, lists): tells when one of them was replaced. */
import { stat } from 'node:fs/promises'

export interface FileWatch {
  close(): void
}

/**
 * Asks by polling: renames over a file, links that are turned and network mounts send no dependable events. `changed`
 * hears once for all files that changed since they were last looked at, and when the list itself changed.
 */
export function watchFiles(paths: () => readonly string[], changed: () => void, pollMs = 1000): FileWatch {
  let last: string | null = null
  let asking = false
  const timer = setInterval(async () => {
    if (asking) return
    asking = true
    const now = await stampOf(paths())
    asking = false
    if (last !== null && now !== last) changed()
    last = now
  }, pollMs)
  timer.unref()
  void stampOf(paths()).then((first) => (last ??= first))
  return { close: () => clearInterval(timer) }
}

const stampOf = async (paths: readonly string[]): Promise<string> =>
  (
    await Promise.all(
      paths.map((path) =>
        stat(path).then(
          ({ mtimeMs, size, ino }) => `${path} ${mtimeMs} ${size} ${ino}`,
          () => `${path} absent`,
        ),
      ),
    )
  ).join('\n')
