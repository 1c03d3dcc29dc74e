/** The tables of ARCHITECTURE.md about the road and the ports against the code they describe. */
import { code, imports } from './source.ts'
import { items, type Row } from './tables.ts'
import { resolveImport, type SourceFile } from './tree.ts'

/**
 * The road: the steps of the table are the files of the folder, in the order the pipeline calls them; the types exist
 * in call.ts; every code a step names itself is in its row, every code of a row exists.
 */
export function checkRoad(files: readonly SourceFile[], road: readonly Row[], codes: readonly string[]): string[] {
  const offences: string[] = []
  const steps = road.filter((row) => (row['file'] ?? '').startsWith('src/gateway/steps/'))
  const inTable = steps.map((row) => row['file']!)
  const inFolder = files
    .map((file) => file.path)
    .filter((path) => path.startsWith('src/gateway/steps/') && !path.endsWith('/index.ts'))
  for (const path of inFolder)
    if (!inTable.includes(path)) offences.push(`${path}: is not on the road of ARCHITECTURE.md`)
  for (const row of road) offences.push(...checkStep(files, row, codes))
  const pipeline = files.find((file) => file.path === 'src/gateway/pipeline.ts')
  if (pipeline === undefined) return [...offences, 'src/gateway/pipeline.ts: is missing']
  const called = callOrder(pipeline, inTable)
  for (const path of inTable) if (!called.includes(path)) offences.push(`${path}: is not called by the pipeline`)
  const expected = inTable.filter((path) => called.includes(path))
  if (called.join() !== expected.join()) offences.push(`src/gateway/pipeline.ts: calls ${called.join(', ')}`)
  return offences
}

function checkStep(files: readonly SourceFile[], row: Row, codes: readonly string[]): string[] {
  const path = row['file'] ?? ''
  const file = files.find((each) => each.path === path)
  if (file === undefined) return [`ARCHITECTURE.md: ${path} does not exist`]
  const offences: string[] = []
  const types = files.find((each) => each.path === 'src/gateway/call.ts')?.text ?? ''
  for (const name of [...items(row['takes']), ...items(row['gives'])]) {
    if (/^[A-Z]\w+$/.test(name) && !new RegExp(`\\b(?:interface|type)\\s+${name}\\b`).test(types)) {
      offences.push(`ARCHITECTURE.md: ${name} is no type of src/gateway/call.ts`)
    }
  }
  const listed = items(row['can refuse with'])
  for (const name of listed) {
    if (!codes.some((each) => covers(name, each))) offences.push(`ARCHITECTURE.md: ${name} is no code`)
  }
  for (const [, name] of file.text.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|INTERNAL|OVERLOADED)'/g)) {
    if (codes.includes(name!) && !listed.some((entry) => covers(entry, name!))) {
      offences.push(`${path}: refuses with ${name}, which its row does not list`)
    }
  }
  return offences
}

/** `TOKEN_*` in a cell stands for all codes of the family. */
const covers = (entry: string, name: string): boolean =>
  entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : entry === name

/** Files of the steps in the order in which the pipeline's code first mentions what it imports from them. */
function callOrder(pipeline: SourceFile, steps: readonly string[]): string[] {
  const bare = code(pipeline.text)
  const lastImport = bare.lastIndexOf('\nimport ')
  const body = bare.slice(bare.indexOf('\n', lastImport + 1))
  const first = new Map<string, number>()
  const clause = /import\s*\{([^}]*)\}\s*from\s*'([^']*)'/g
  for (const match of pipeline.text.matchAll(clause)) {
    const target = resolveImport(pipeline.path, match[2]!)
    if (!steps.includes(target)) continue
    for (const part of match[1]!.split(',')) {
      const name = part
        .replace(/^\s*type\s+/, '')
        .trim()
        .split(/\s+as\s+/)
        .at(-1)!
      const at = name === '' ? -1 : body.search(new RegExp(`\\b${name.replaceAll('$', '\\$')}\\s*\\(`))
      if (at >= 0) first.set(target, Math.min(at, first.get(target) ?? Number.POSITIVE_INFINITY))
    }
  }
  return [...first].toSorted((a, b) => a[1] - b[1]).map(([path]) => path)
}

/** The ports: a row for every file in ports/, adapters that exist and import it, a contract that imports them. */
export function checkPorts(
  files: readonly SourceFile[],
  tests: readonly SourceFile[],
  ports: readonly Row[],
): string[] {
  const offences: string[] = []
  const inTable = ports.map((row) => row['file'] ?? '')
  const known = new Map([...files, ...tests].map((file) => [file.path, file]))
  for (const file of files) {
    if (file.path.startsWith('src/ports/') && !inTable.includes(file.path)) offences.push(`${file.path}: has no row`)
  }
  const adapters = ports.flatMap((row) => items(row['adapters']))
  for (const path of [...inTable, ...adapters, ...ports.flatMap((row) => items(row['contract test']))]) {
    if (!known.has(path)) offences.push(`ARCHITECTURE.md: ${path} does not exist`)
  }
  for (const row of ports) {
    for (const test of items(row['contract test'])) {
      const targets = imports(known.get(test)?.text ?? '').map((found) => resolveImport(test, found.specifier))
      const held = items(row['adapters']).some((adapter) => targets.includes(adapter))
      if (known.has(test) && !held) offences.push(`${test}: imports no adapter of ${row['port']}`)
    }
  }
  return offences
}

/** The glossary: each word once, in order of the alphabet, and really used in the code. */
export function checkGlossary(files: readonly SourceFile[], words: readonly Row[]): string[] {
  const offences: string[] = []
  const all = files.map((file) => file.text.toLowerCase()).join('\n')
  const names = words.map((row) => row['word'] ?? '')
  if (names.join() !== names.toSorted().join()) offences.push('ARCHITECTURE.md: the glossary is not in order')
  if (new Set(names).size !== names.length) offences.push('ARCHITECTURE.md: a word stands twice in the glossary')
  for (const row of words) {
    const word = (row['word'] ?? '').toLowerCase()
    if (!new RegExp(`\\b${word.replaceAll(/[-\s]/g, '[-\\s]?')}`).test(all))
      offences.push(`ARCHITECTURE.md: nobody says ${word}`)
    if ((row['means'] ?? '').length < 10) offences.push(`ARCHITECTURE.md: ${word} has no meaning`)
  }
  return offences
}
