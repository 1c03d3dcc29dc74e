/** A bundle's id: one hash over the paths and bytes of its files, whatever order they come in. */
import { createHash } from 'node:crypto'
import { canonicalHash } from '../base/canonical.ts'
import { ReleaseError } from './codes.ts'
import type { BundleFile } from './model.ts'

const MAX_FILES = 2000
const MAX_BYTES = 64 * 1024 * 1024
/** below the folder, no `..`, no hidden part, one spelling */
const PATH = /^(?!\.)[^/\\\0]+(?:\/(?!\.)[^/\\\0]+){0,8}$/

/** The bytes of a file. Throws ReleaseError BUNDLE_ALTERED when the base64 is not in its one spelling. */
export function bytesOf(file: BundleFile): Buffer {
  const bytes = Buffer.from(file.text, file.encoding)
  if (file.encoding === 'base64' && bytes.toString('base64') !== file.text) throw new ReleaseError('BUNDLE_ALTERED')
  return bytes
}

/** Throws ReleaseError BUNDLE_TOO_LARGE, BUNDLE_ALTERED (paths that are no paths of a rules folder, or twice). */
export function bundleId(files: readonly BundleFile[]): string {
  if (files.length > MAX_FILES) throw new ReleaseError('BUNDLE_TOO_LARGE')
  let total = 0
  const digests: Record<string, string> = Object.create(null)
  for (const file of files) {
    if (!PATH.test(file.path) || file.path in digests) throw new ReleaseError('BUNDLE_ALTERED')
    const bytes = bytesOf(file)
    total += bytes.length
    if (total > MAX_BYTES) throw new ReleaseError('BUNDLE_TOO_LARGE')
    digests[file.path] = createHash('sha256').update(bytes).digest('hex')
  }
  return `sha256:${canonicalHash({ version: 1, files: digests })}`
}

/** Reads what a store or a state file gave; null when it is no bundle. Whether its id is true `bundleId` says. */
export function readFiles(value: unknown): readonly BundleFile[] | null {
  if (!Array.isArray(value)) return null
  const good = value.every(
    (file: unknown) =>
      typeof file === 'object' &&
      file !== null &&
      typeof (file as BundleFile).path === 'string' &&
      typeof (file as BundleFile).text === 'string' &&
      ((file as BundleFile).encoding === 'utf8' || (file as BundleFile).encoding === 'base64'),
  )
  return good ? (value as BundleFile[]).map(({ path, text, encoding }) => ({ path, text, encoding })) : null
}
