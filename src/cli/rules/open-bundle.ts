/** A rules folder or a bundle file, compiled, with the samples of its tests: what proofs are made over. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { readRuleFolder } from '../../adapters/rule-files.ts'
import { formatProblem, type Position } from '../../base/problem.ts'
import type { RuleFile } from '../../mask/language/index.ts'
import type { RuleTestFile } from '../../mask/language/read-tests.ts'
import type { InterfaceFacts } from '../../mask/proof/coverage.ts'
import type { Side } from '../../mask/proof/diff.ts'
import { RefusedError } from '../authority/refused.ts'
import { type Io, UsageError } from '../command.ts'
import { type CompiledFolder, compileFolder } from './compile-folder.ts'

type Compiled = NonNullable<CompiledFolder['compiled']>

export interface OpenBundle {
  readonly compiled: Compiled
  readonly side: Side
  /** a file of the folder or bundle, or null */
  readonly read: (path: string) => Promise<Uint8Array | null>
}

const MAX_SAMPLE = 8 * 1024 * 1024

/**
 * Throws UsageError when the path is neither, RefusedError after printing the problems when the rules do not compile.
 */
export async function openBundle(path: string, io: Io): Promise<OpenBundle> {
  const whole = resolve(io.cwd, path)
  const info = await stat(whole).catch(() => null)
  if (info === null) throw new UsageError(`${path} is neither a rules folder nor a bundle file`)
  const { files, read, problems: early } = info.isDirectory() ? await openFolder(whole) : await openFile(whole, path)
  const { compiled, problems } = compileFolder(files, early)
  if (compiled === null) {
    for (const p of problems.filter((x) => x.severity === 'error').slice(0, 20)) io.err(`${formatProblem(p)}\n`)
    throw new RefusedError(`${path} has errors; nothing was compared (veilgate rules check shows them all)`)
  }
  return { compiled, side: await sideOf(compiled, read), read }
}

async function openFolder(folder: string) {
  const { files, problems } = await readRuleFolder(folder)
  const read = async (path: string): Promise<Uint8Array | null> => {
    const file = resolve(folder, path)
    if (!file.startsWith(folder + sep)) return null
    const bytes = await readFile(file).catch(() => null)
    return bytes === null || bytes.length > MAX_SAMPLE ? null : bytes
  }
  return { files, problems, read }
}

interface BundleJson {
  readonly files?: readonly { readonly path: string; readonly text: string; readonly encoding: 'utf8' | 'base64' }[]
}

/** A bundle as the store keeps it: `{ files: [{ path, text, encoding }] }`. */
async function openFile(file: string, shown: string) {
  const json = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as BundleJson,
    () => null,
  )
  const all = json?.files
  if (!Array.isArray(all) || !all.every((f) => typeof f?.path === 'string' && typeof f.text === 'string'))
    throw new UsageError(`${shown} is no bundle file`)
  const bytes = new Map(all.map((f) => [f.path, Buffer.from(f.text, f.encoding === 'base64' ? 'base64' : 'utf8')]))
  const files: RuleFile[] = [...bytes]
    .filter(([path]) => /\.(?:ya?ml|csv)$/i.test(path))
    .map(([path, b]) => ({ path, text: b.toString('utf8') }))
  return { files, problems: [], read: async (path: string) => bytes.get(path) ?? null }
}

/** One side of a comparison. */
export async function sideOf(compiled: Compiled, read: OpenBundle['read']): Promise<Side> {
  const { rules, tests, parts } = compiled
  return { rules, tests, parts, places: placesOf(compiled), samples: await digestsOf(tests, read) }
}

function placesOf({ directory, anomalies }: Compiled): Map<string, Position> {
  const places = new Map<string, Position>()
  for (const e of directory?.entries.values() ?? []) places.set(`access.entries.${e.id}`, e.at)
  for (const i of directory?.institutions.values() ?? []) places.set(`access.institutions.${i.id}`, i.at)
  for (const a of anomalies) places.set(`anomaly.${a.id}`, a.at)
  return places
}

async function digestsOf(tests: readonly RuleTestFile[], read: OpenBundle['read']): Promise<Map<string, string>> {
  const digests = new Map<string, string>()
  for (const path of samplePaths(tests)) {
    const bytes = await read(path)
    if (bytes !== null) digests.set(path, createHash('sha256').update(bytes).digest('hex'))
  }
  return digests
}

/** Files the rule tests read, by path inside the folder. */
export const samplePaths = (tests: readonly RuleTestFile[]): string[] =>
  [...new Set(tests.flatMap((f) => f.tests.map((t) => `${f.file.replace(/[^/]*$/, '')}${t.sample}`)))].sort()

export const interfacesOf = ({ directory }: Compiled): InterfaceFacts[] =>
  [...(directory?.entries.values() ?? [])].map(({ id, format, roles, scenarios }) => ({ id, format, roles, scenarios }))
