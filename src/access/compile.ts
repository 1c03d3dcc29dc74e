/** Files of institutions and interfaces -> one Directory. All problems of all files are collected; any error withholds it. */
import { type Reading, readDocument } from '../base/fields.ts'
import { type Position, ProblemList } from '../base/problem.ts'
import { type Directory, ROUTED } from './directory.ts'
import type { Entry, Institution } from './model.ts'
import { type Network, parseCidr } from './networks.ts'
import { readInstitutions } from './read-institutions.ts'
import { readInterfaces } from './read-interfaces.ts'
import { ownedSegment } from './read-template.ts'
import { addRoute, emptyRoute, overlap, templateSegments } from './routes.ts'

/** A rules file: path relative to the rules folder, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** Whether a file of the rules folder belongs to the directory. */
export const isDirectoryFile = (path: string): boolean =>
  path === 'institutions.yaml' || /^interfaces\/[^/]+\.yaml$/.test(path)

/**
 * Other files are left alone. The directory is null when any error was found.
 * @param elementId the id of an element as it is written: the rules know both of its names, the directory neither
 */
export function compileDirectory(
  files: readonly SourceFile[],
  problems: ProblemList = new ProblemList(),
  elementId: (written: string) => string = (written) => written,
): { readonly directory: Directory | null; readonly problems: ProblemList } {
  const before = problems.all.length
  const institutions: [Institution, Reading][] = []
  const entries: [Entry, Reading][] = []
  const ours = files.filter((f) => isDirectoryFile(f.path)).toSorted((a, b) => (a.path < b.path ? -1 : 1))
  // Who may provide is read first. A file of institutions that is broken says nothing of who is missing in it.
  let known: string[] | null = null
  for (const file of ours.filter((f) => f.path === 'institutions.yaml')) {
    const { reading, root } = readDocument(file.path, file.text, problems)
    if (root === undefined) continue
    institutions.push(...readInstitutions(root, reading).map((i) => [i, reading] as [Institution, Reading]))
    known = institutions.map(([i]) => i.id)
  }
  for (const file of ours.filter((f) => f.path !== 'institutions.yaml')) {
    const { reading, root } = readDocument(file.path, file.text, problems)
    if (root === undefined) continue
    for (const e of readInterfaces(root, reading, known)) {
      const query = e.query.map((q) => ({ ...q, element: q.element === null ? null : elementId(q.element) }))
      entries.push([{ ...e, query }, reading])
    }
  }
  if (!ours.some((f) => f.path === 'institutions.yaml'))
    problems.error(
      { file: 'institutions.yaml', line: 1, col: 1 },
      'missing-file',
      'institutions.yaml is missing',
      'a file institutions.yaml beside elements.yaml that begins with institutions:',
    )
  const directory = assemble(institutions, entries)
  const failed = problems.all.slice(before).some((p) => p.severity === 'error')
  return { directory: failed ? null : directory, problems }
}

function assemble(institutions: readonly [Institution, Reading][], entries: readonly [Entry, Reading][]): Directory {
  const known = new Map(institutions.map(([i]) => [i.id, i]))
  const byId = new Map<string, Entry>()
  const scopes = new Map<string, Set<string>>()
  const routes = emptyRoute()
  for (const [entry, reading] of entries) {
    const first = byId.get(entry.id)
    if (first !== undefined) twice(reading, entry.at, 'interface-twice', entry.id, first.at)
    byId.set(entry.id, entry)
    if (!ROUTED.has(entry.status)) continue
    addRoute(routes, entry)
    const own = scopes.get(entry.provider) ?? new Set<string>()
    scopes.set(entry.provider, own.add(entry.scope))
  }
  checkOverlaps(entries)
  return {
    institutions: known,
    entries: byId,
    certificates: certificatesOf(institutions),
    networks: new Map(institutions.map(([i]) => [i.id, networksOf(i)])),
    owners: ownersOf(entries),
    scopes,
    routes,
  }
}

const networksOf = (institution: Institution): Network[] =>
  institution.cidrs.map(parseCidr).filter((n) => typeof n !== 'string')

function certificatesOf(institutions: readonly [Institution, Reading][]): ReadonlyMap<string, string> {
  const out = new Map<string, string>()
  for (const [institution, reading] of institutions)
    for (const sha256 of institution.certificates) {
      const holder = out.get(sha256)
      if (holder !== undefined)
        reading.error(institution.at, 'certificate-twice', {
          zh: `同一证书登记了两次（“${holder}”和“${institution.id}”）`,
          en: `one certificate is registered twice ("${holder}" and "${institution.id}")`,
        })
      out.set(sha256, institution.id)
    }
  return out
}

/** One owner per first path segment, so that a path without an entry still has a provider or clearly has none. */
function ownersOf(entries: readonly [Entry, Reading][]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>()
  const places = new Map<string, Position>()
  for (const [entry, reading] of entries) {
    if (entry.path === '/') continue
    const segment = ownedSegment(entry.path, entry.at, reading)
    if (segment === undefined) continue
    const owner = owners.get(segment)
    if (owner !== undefined && owner !== entry.provider) {
      const first = places.get(segment)!
      reading.error(entry.at, 'path-owner', {
        zh: `首段“/${segment}”已属于“${owner}”（${first.file}:${first.line}:${first.col}）`,
        en: `"/${segment}" already belongs to "${owner}" (${first.file}:${first.line}:${first.col})`,
      })
      continue
    }
    owners.set(segment, entry.provider)
    if (owner === undefined) places.set(segment, entry.at)
  }
  return owners
}

/** Two entries that one call could mean are an error at both places, unless one is the more literal everywhere. */
function checkOverlaps(entries: readonly [Entry, Reading][]): void {
  const groups = new Map<string, { entry: Entry; segments: readonly (string | null)[] }[]>()
  for (const [entry, reading] of entries) {
    if (!ROUTED.has(entry.status) || entry.path === '/') continue
    const segments = templateSegments(entry.path)
    const key = `${entry.method} ${segments.length} ${segments[0] ?? ''}`
    const group = groups.get(key) ?? []
    for (const other of group)
      if (overlap(other.segments, segments) === 'ambiguous') {
        twice(reading, entry.at, 'interface-overlap', `${entry.method} ${entry.path}`, other.entry.at)
        twice(reading, other.entry.at, 'interface-overlap', `${entry.method} ${other.entry.path}`, entry.at)
      }
    group.push({ entry, segments })
    groups.set(key, group)
  }
}

function twice(reading: Reading, at: Position, code: string, what: string, other: Position): void {
  reading.error(
    at,
    code,
    {
      zh: `“${what}”与 ${other.file}:${other.line}:${other.col} 冲突`,
      en: `"${what}" collides with ${other.file}:${other.line}:${other.col}`,
    },
    { zh: '每个方法和路径只对应一个接口', en: 'one interface for each method and path' },
  )
}
