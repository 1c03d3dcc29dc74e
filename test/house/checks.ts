/**
 * The rules of the house as functions from files and tables to offences; an empty list means the rule is kept.
 * test/architecture.test.ts runs them on this tree and, to prove that they can fail, on small bad ones.
 */
import { stripTypeScriptTypes } from 'node:module'
import { code, computedImports, functions, imports } from './source.ts'
import { items, type Row } from './tables.ts'
import { matchesPath, resolveImport, type SourceFile } from './tree.ts'

const CAP_FILE = 400
const CAP_FUNCTION = 50

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** The floor whose folder holds the path: the longest pattern wins. */
function floorOf(floors: readonly Row[], path: string): Row | undefined {
  return floors
    .flatMap((row) => items(row['folder']).map((folder) => ({ row, folder })))
    .filter(({ folder }) => path === folder || path.startsWith(`${folder}/`))
    .toSorted((a, b) => b.folder.length - a.folder.length)[0]?.row
}

const folderOf = (row: Row | undefined, path: string): string | undefined =>
  items(row?.['folder'])
    .filter((folder) => path === folder || path.startsWith(`${folder}/`))
    .toSorted((a, b) => b.length - a.length)[0]

/** Imports stay inside their folder or go to a folder the floor names; `types of X` admits `import type` only. */
export function checkFloors(files: readonly SourceFile[], floors: readonly Row[]): string[] {
  const offences: string[] = []
  for (const file of files) {
    const own = floorOf(floors, file.path)
    if (own === undefined) {
      offences.push(`${file.path}: stands on no floor of ARCHITECTURE.md`)
      continue
    }
    for (const line of computedImports(file.text)) offences.push(`${file.path}:${line}: imports a computed name`)
    for (const found of imports(file.text)) {
      if (!found.specifier.startsWith('.')) continue
      const target = resolveImport(file.path, found.specifier)
      const there = floorOf(floors, target)
      const folder = folderOf(there, target)
      if (folder !== undefined && folder === folderOf(own, file.path)) continue
      if (!admits(items(own['may import']), folder, found.typeOnly)) {
        offences.push(`${file.path}:${found.line}: may not import ${target}`)
      }
    }
  }
  return offences
}

function admits(allowed: readonly string[], folder: string | undefined, typeOnly: boolean): boolean {
  if (folder === undefined) return false
  return allowed.some((entry) => entry === 'all' || entry === folder || (typeOnly && entry === `types of ${folder}`))
}

/** What a floor that may not touch the world must not say; the socket floor may speak HTTP and nothing else. */
const NO_WORLD: readonly (readonly [string, RegExp])[] = [
  ['process', /(?<![.\w$])process\s*[.[?(]/g],
  ['fetch', /(?<![.\w$])fetch\s*\(/g],
  ['Date.now', /\bDate\s*\.\s*now\b/g],
  ['new Date()', /\bnew\s+Date\s*(?:\(\s*\)|(?!\s*\())/g],
  ['Math.random', /\bMath\s*\.\s*random\b/g],
  ['performance.now', /\bperformance\s*\.\s*now\b/g],
  ['console', /(?<![.\w$])console\s*[.[]/g],
  ['setTimeout', /(?<![.\w$])set(?:Timeout|Interval|Immediate)\s*\(/g],
  ['globalThis', /\bglobalThis\b/g],
  ['randomness', /(?<![.\w$])(?:randomBytes|randomUUID|randomInt|getRandomValues|randomFillSync|randomFill)\s*\(/g],
]
const WORLD_MODULES =
  /^(?:node:)?(?:fs|fs\/promises|net|tls|http|https|http2|dgram|dns|child_process|cluster|worker_threads|sqlite|os|process|readline|timers|timers\/promises|inspector|vm|repl|module)$/
const SOCKET_MODULES = /^(?:node:)?(?:net|tls|http|https)$/

export function checkPurity(files: readonly SourceFile[], floors: readonly Row[]): string[] {
  const offences: string[] = []
  for (const file of files) {
    const world = floorOf(floors, file.path)?.['may touch the world']
    if (world === undefined || world.startsWith('yes')) continue
    const socket = world.startsWith('socket')
    for (const found of imports(file.text)) {
      if (found.typeOnly || !WORLD_MODULES.test(found.specifier)) continue
      if (socket && SOCKET_MODULES.test(found.specifier)) continue
      offences.push(`${file.path}:${found.line}: imports ${found.specifier}`)
    }
    if (socket) continue
    offences.push(...forbiddenWords(file))
    for (const pattern of [CRYPTO_WHOLE, CRYPTO_RANDOM]) {
      const match = pattern.exec(file.text)
      if (match !== null)
        offences.push(`${file.path}:${lineAt(file.text, match.index)}: takes randomness from node:crypto`)
    }
  }
  return offences
}

function forbiddenWords(file: SourceFile): string[] {
  const bare = code(file.text)
  return NO_WORLD.flatMap(([word, pattern]) =>
    [...bare.matchAll(pattern)].map((match) => `${file.path}:${lineAt(bare, match.index)}: says ${word}`),
  )
}

/** Randomness through node:crypto, whatever it is called here: whole-module imports and the names that make it. */
const CRYPTO_WHOLE = /\bimport\s+(?!type\b)(?:[\w$]+|\*\s+as\s+[\w$]+)[^'"{}]*\bfrom\s+['"]node:crypto['"]/
const CRYPTO_RANDOM =
  /\bimport\s*\{[^}]*(?<!type\s)\b(?:random\w*|webcrypto|getRandomValues)\b[^}]*\}\s*from\s*['"]node:crypto['"]/

/** A door is a file (`gateway/listener`) or a folder (`console/api/`) below src, `*` for one segment. */
const doorPatterns = (row: Row): string[] =>
  items(row['door']).map((door) => `src/${door}${door.endsWith('/') ? '' : '.ts'}`)

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** Every dependency has one row, every row is installed, every door uses it, nothing else does. */
export function checkDoors(
  files: readonly SourceFile[],
  doors: readonly Row[],
  dependencies: readonly string[],
): string[] {
  const offences: string[] = []
  const rows = new Map(doors.map((row) => [row['package'] ?? '', row]))
  if (rows.size !== doors.length) offences.push('ARCHITECTURE.md: a package stands twice in the table of doors')
  for (const name of dependencies) if (!rows.has(name)) offences.push(`package.json: ${name} has no door`)
  for (const name of rows.keys())
    if (!dependencies.includes(name)) offences.push(`ARCHITECTURE.md: ${name} is not installed`)
  const used = new Set<string>()
  for (const file of files) {
    for (const found of imports(file.text)) {
      if (/^(?:\.|node:)/.test(found.specifier)) continue
      const name = packageOf(found.specifier)
      const pattern = doorPatterns(rows.get(name) ?? {}).find((door) => matchesPath(door, file.path))
      if (pattern === undefined) offences.push(`${file.path}:${found.line}: is no door of ${name}`)
      else used.add(`${name} ${pattern}`)
    }
  }
  for (const [name, row] of rows) {
    for (const pattern of doorPatterns(row)) {
      if (!used.has(`${name} ${pattern}`)) offences.push(`ARCHITECTURE.md: ${pattern} does not use ${name}`)
    }
  }
  return offences
}

/** Each import cycle once, as the list of its files. `import type` counts unless `valuesOnly`. */
export function checkCycles(files: readonly SourceFile[], valuesOnly = false): string[] {
  const known = new Set(files.map((file) => file.path))
  const edges = new Map(
    files.map((file) => [
      file.path,
      imports(file.text)
        .filter((found) => found.specifier.startsWith('.') && !found.dynamic && !(valuesOnly && found.typeOnly))
        .map((found) => resolveImport(file.path, found.specifier))
        .filter((target) => known.has(target)),
    ]),
  )
  const offences = new Set<string>()
  const state = new Map<string, 'open' | 'done'>()
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      const cycle = trail.slice(trail.indexOf(path))
      const first = cycle.indexOf(cycle.toSorted()[0]!)
      offences.add([...cycle.slice(first), ...cycle.slice(0, first)].join(' -> '))
      return
    }
    state.set(path, 'open')
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of edges.keys()) visit(path, [])
  return [...offences]
}

/** Every part in a folder of the table is imported by the folder's list; contracts named in the row are no parts. */
export function checkLists(files: readonly SourceFile[], lists: readonly Row[]): string[] {
  const offences: string[] = []
  for (const row of lists) {
    const folder = row['folder'] ?? ''
    const list = files.find((file) => file.path === row['list'])
    if (list === undefined) {
      offences.push(`${row['list']}: is missing`)
      continue
    }
    const listed = new Set(imports(list.text).map((found) => resolveImport(list.path, found.specifier)))
    const besides = items(row['besides parts'])
    for (const file of files) {
      const inside = file.path.startsWith(`${folder}/`) && !file.path.slice(folder.length + 1).includes('/')
      if (!inside || file === list) continue
      const isPart = !besides.some((pattern) => matchesPath(`${folder}/${pattern}.ts`, file.path))
      if (isPart && !listed.has(file.path)) offences.push(`${file.path}: is not in ${list.path}`)
    }
  }
  return offences
}

export function checkSizes(files: readonly SourceFile[], longFunctions: readonly Row[], medianCap: number): string[] {
  const offences: string[] = []
  const sizes = files.map((file) => file.text.split('\n').length - 1)
  for (const [i, file] of files.entries()) {
    if (sizes[i]! > CAP_FILE) offences.push(`${file.path}: ${sizes[i]} lines, at most ${CAP_FILE}`)
  }
  const median = sizes.toSorted((a, b) => a - b)[sizes.length >> 1] ?? 0
  if (median > medianCap) offences.push(`src: the median file has ${median} lines, at most ${medianCap}`)
  const unused = new Set(longFunctions)
  for (const file of files) {
    for (const found of functions(file.text)) {
      if (found.lines <= CAP_FUNCTION) continue
      const row = longFunctions.find(
        (each) => each['file'] === file.path && items(each['function']).includes(found.name),
      )
      if (row === undefined || (row['reason'] ?? '') === '') {
        offences.push(
          `${file.path}:${found.line}: ${found.name || 'a function'} has ${found.lines} lines, at most ${CAP_FUNCTION}`,
        )
      } else unused.delete(row)
    }
  }
  for (const row of unused) offences.push(`ARCHITECTURE.md: ${row['file']} ${row['function']} is no long function`)
  return offences
}

/**
 * Every file with logic is imported by a test, or a row says which test holds it and why; such a test must reach the file
 * through what it imports.
 */
export function checkTwins(
  files: readonly SourceFile[],
  tests: readonly SourceFile[],
  elsewhere: readonly Row[],
): string[] {
  const offences: string[] = []
  const direct = new Set(tests.flatMap(targetsOf))
  const reach = reachOf([...files, ...tests])
  const unused = new Set(elsewhere)
  for (const file of files) {
    const hasLogic = /=>|\bfunction\b|\bclass\b/.test(code(stripTypeScriptTypes(file.text)))
    if (!hasLogic || direct.has(file.path)) continue
    const row = elsewhere.find((each) => items(each['file']).some((pattern) => matchesPath(pattern, file.path)))
    if (row === undefined) {
      offences.push(`${file.path}: no test imports it`)
      continue
    }
    unused.delete(row)
    const held = tests.some((test) => isHolder(row, test.path) && reach(test.path).has(file.path))
    if (!held) offences.push(`${file.path}: ${row['held by']} does not reach it`)
  }
  for (const row of elsewhere) {
    if ((row['why'] ?? '') === '') offences.push(`ARCHITECTURE.md: no reason for ${row['file']}`)
    if (unused.has(row)) offences.push(`ARCHITECTURE.md: ${row['file']} needs no row under "Tested through"`)
  }
  return offences
}

const isHolder = (row: Row, path: string): boolean =>
  path.endsWith('.test.ts') && items(row['held by']).some((pattern) => matchesPath(pattern, path))

const targetsOf = (file: SourceFile): string[] =>
  imports(file.text)
    .filter((found) => !found.typeOnly && found.specifier.startsWith('.'))
    .map((found) => resolveImport(file.path, found.specifier))

/** All files a file loads, directly or not. */
function reachOf(files: readonly SourceFile[]): (path: string) => ReadonlySet<string> {
  const edges = new Map(files.map((file) => [file.path, targetsOf(file)]))
  const known = new Map<string, ReadonlySet<string>>()
  return (path) => {
    const found = known.get(path) ?? new Set<string>()
    if (!known.has(path)) {
      const open = [path]
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        for (const target of edges.get(next) ?? []) {
          if (found.has(target)) continue
          ;(found as Set<string>).add(target)
          open.push(target)
        }
      }
      known.set(path, found)
    }
    return found
  }
}

/** Words that must not stand in a file; the patterns are built so that this file does not hold them itself. */
const NEVER: readonly (readonly [string, RegExp])[] = [
  ['unfinished work', new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X:', 'HA' + 'CK'].join('|')})\\b`)],
  [
    'a path of a machine',
    new RegExp(`(?<![\\w.:~-])/(?:${['wo' + 'rk', 'ro' + 'ot', 'ho' + 'me', 'Us' + 'ers'].join('|')})/[A-Za-z]`),
  ],
  ['private key text', new RegExp(`BEGIN (?:EC |RSA |ENCRYPTED )?PRIV` + 'ATE KEY-----\\s*[A-Za-z0-9+/]{16}')],
]
const NEVER_IN_TESTS: readonly (readonly [string, RegExp])[] = [
  ['an exclusive test', new RegExp('\\b(?:it|test|describe|suite)\\.on' + 'ly\\s*\\(|\\bon' + 'ly:\\s*true')],
  ['a skipped test', new RegExp('\\b(?:it|test|describe|suite)\\.(?:sk' + 'ip|to' + 'do)\\s*\\(')],
]

export function checkNever(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const rules = file.path.startsWith('test/') ? [...NEVER, ...NEVER_IN_TESTS] : NEVER
    return rules.flatMap(([what, pattern]) => {
      const match = pattern.exec(file.text)
      return match === null ? [] : [`${file.path}:${lineAt(file.text, match.index)}: ${what}`]
    })
  })
}

/** A file name says what the part does; these words say nothing. */
const EMPTY_WORDS =
  /^(?:.*-)?(?:manager|helpers?|utils?|utilities|handlers?|processors?|services?|common|misc|shared|stuff)(?:-.*)?$/

export function checkNames(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    file.path
      .replace(/\.(?:test\.)?ts$/, '')
      .split('/')
      .slice(1)
      .flatMap((word) => {
        if (!/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(word)) return [`${file.path}: ${word} is not kebab-case`]
        return EMPTY_WORDS.test(word) ? [`${file.path}: ${word} says nothing`] : []
      }),
  )
}
