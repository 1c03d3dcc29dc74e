/** Rules as they are read: files, what they define, problems, matrix, diff, vocabulary. */
import { inBoth, type Problem, type Told } from '../../../base/problem.ts'
import { languageOf } from '../../../base/vocabulary.ts'
import type { Word } from '../../../base/word.ts'
import { VALUES, WORDS } from '../../../base/words.ts'
import { coverage, type Matrix, type MatrixCell } from '../../../mask/proof/coverage.ts'
import { METHODS } from '../../../mask/transforms/index.ts'
import type { BundleFile } from '../../../release/model.ts'
import type { Call, Handlers } from '../call.ts'
import { csvOf } from '../csv.ts'
import { Refusal } from '../failure.ts'
import type { Compilation, ConsoleOptions } from '../options.ts'
import { etagOf, type Shelf, type Shelved } from '../shelf.ts'

type Operations = 'getVocabulary' | 'getRules' | 'getRuleFile' | 'getProblems' | 'getMatrix' | 'diffRules'
type Compiled = NonNullable<Compilation['compiled']>

export function ruleOperations({ tools }: ConsoleOptions, shelf: Shelf): Pick<Handlers, Operations> {
  const refOf = (call: Call) => shelf.get((call.about.object = call.params['ref']!))
  return {
    getVocabulary: () => ({ json: VOCABULARY }),
    async getRules(call) {
      const shelved = await refOf(call)
      const { compiled } = await shelf.compile(shelved.files)
      const named = compiled ?? (shelved.base === null ? null : (await shelf.compile(shelved.base)).compiled)
      return {
        json: {
          ref: shelved.ref,
          hash: compiled?.hash ?? null,
          compiled: compiled !== null,
          files: listed(shelved),
          ...facts(named),
        },
      }
    },
    async getRuleFile(call) {
      const { ref, files } = await refOf(call)
      const path = call.query['path']!
      const file = files.find((f) => f.path === path && f.encoding === 'utf8')
      if (file === undefined) throw new Refusal('NOT_FOUND')
      return { json: fileView(ref, path, file.text), etag: etagOf(file.text) }
    },
    getProblems: async (call) => ({ json: checkView(await shelf.compile((await refOf(call)).files)) }),
    getMatrix: async (call) => matrixAnswer(call, await refOf(call), shelf),
    async diffRules(call) {
      const shelved = await refOf(call)
      const { against } = call.query
      const before = against === undefined ? (shelved.base ?? (await shelf.active())) : (await shelf.get(against)).files
      const [from, to] = await Promise.all([shelf.compile(before), shelf.compile(shelved.files)])
      if (to.compiled === null) throw refused(to.problems)
      const diff = await tools.diff(before, shelved.files)
      if (diff === null) throw refused(from.problems)
      return { json: { from: from.compiled?.hash ?? null, to: to.compiled.hash, ...diff } }
    },
  }
}

/** Throws Refusal RULES_REFUSED with the problems. */
export function compiledOf({ compiled, problems }: Compilation): Compiled {
  if (compiled === null) throw refused(problems)
  return compiled
}

const refused = (problems: readonly Problem[]): Refusal =>
  new Refusal('RULES_REFUSED', { problems: problemsView(problems) })

export function checkView({ compiled, problems }: Compilation) {
  const errors = problems.filter((p) => p.severity === 'error').length
  return { hash: compiled?.hash ?? null, errors, warnings: problems.length - errors, problems: problemsView(problems) }
}

/** A member more, of another helper of the compiler, would break the contract. */
export const problemsView = (problems: readonly Problem[]) =>
  problems.map((problem) => {
    const { severity, file, line, col, code, message, expected } = problem
    const at = { severity, file, line, col, code, message, ...(expected === undefined ? {} : { expected }) }
    const both = inBoth(problem)
    return both === null ? at : { ...at, zh: toldOf(both.zh), en: toldOf(both.en) }
  })

const toldOf = ({ message, expected }: Told) => ({ message, ...(expected === undefined ? {} : { expected }) })

export const fileView = (ref: string, path: string, text: string) => ({
  ref,
  path,
  text,
  etag: etagOf(text),
  language: languageOf(text),
})

function listed({ files, base }: Shelved) {
  const before = new Map((base ?? files).map((f) => [f.path, f.text]))
  const now = new Map(files.map((f) => [f.path, f]))
  const gone = (base ?? []).filter(({ path }) => !now.has(path)).map((f) => ({ ...view(f), change: 'removed' }))
  const there = files.map((f) => ({ ...view(f), change: changeOf(before.get(f.path), f.text) }))
  return [...there, ...gone].sort((a, b) => (a.path < b.path ? -1 : 1))
}

const view = ({ path, text, encoding }: BundleFile) => ({
  path,
  size: Buffer.byteLength(text, encoding),
  etag: etagOf(text),
})

const changeOf = (before: string | undefined, now: string): string =>
  before === undefined ? 'added' : before === now ? 'same' : 'changed'

function facts(compiled: Compiled | null) {
  const { rules, directory } = compiled ?? {}
  const policies = rules?.policies ?? []
  const entries = [...(directory?.entries.values() ?? [])]
  const collect = (of: readonly (readonly string[] | null)[]) => [...new Set(of.flatMap((list) => list ?? []))].sort()
  return {
    elements: (rules?.elements ?? []).map(({ id, zh, kind, level, group }) => ({ id, zh, kind, level, group })),
    methods: METHODS.map(({ name, zh, summary, kinds, params }) => ({ name, zh, summary, kinds, params })),
    policies: policies.map((p) => ({
      id: p.id,
      file: p.at.file,
      line: p.at.line,
      roles: p.for.roles,
      scenarios: p.for.scenarios,
      institutions: p.for.institutions,
      directCare: p.directCare,
    })),
    roles: collect([...policies.map((p) => p.for.roles), ...entries.map((e) => e.roles)]),
    scenarios: collect([...policies.map((p) => p.for.scenarios), ...entries.map((e) => e.scenarios)]),
    institutions: [...(directory?.institutions.values() ?? [])].map(({ id, zh }) => ({ id, zh })),
    interfaces: entries.map(({ id, zh, format, provider }) => ({ id, zh, format, provider })),
    dictionaries: [...(rules?.dictionaries.values() ?? [])].map((d) => ({ id: d.id, terms: d.rows.length })),
  }
}

async function matrixAnswer(call: Call, { ref, files }: Shelved, shelf: Shelf) {
  const { rules, directory, hash } = compiledOf(await shelf.compile(files))
  const interfaces = [...(directory?.entries.values() ?? [])]
  const interfaceId = call.query['interface'] ?? null
  if (interfaceId !== null && !interfaces.some((i) => i.id === interfaceId)) throw new Refusal('NOT_FOUND')
  const matrix = coverage(rules, { interfaces, interfaceId })
  if (call.query['as'] === 'csv') return { csv: { name: 'matrix.csv', text: matrixCsv(matrix) } }
  const { columns, rows, totals } = matrix
  return {
    json: {
      ref,
      hash,
      interface: matrix.interfaceId,
      columns,
      rows: rows.map((r) => ({ ...r, cells: r.cells.map(cellView) })),
      totals,
    },
  }
}

function cellView(cell: MatrixCell | null) {
  if (cell === null) return null
  const { element: _element, column: _column, ...rest } = cell
  return rest
}

function matrixCsv({ columns, rows }: Matrix): string {
  const head = ['element', 'zh', 'level', ...columns.map((c) => c.id)]
  const lines = rows.map((row) => [
    row.element,
    row.zh,
    row.level,
    ...row.cells.map((c) =>
      c === null ? 'ROLE_DENIED' : c.at === null ? c.method : `${c.method} ${c.at.file}:${c.at.line}`,
    ),
  ])
  return csvOf([head, ...lines])
}

const zhOf = (word: Word): string => (typeof word === 'string' ? word : word[0])

const VOCABULARY = {
  contexts: Object.fromEntries(
    Object.entries(WORDS as Readonly<Record<string, Readonly<Record<string, Word>>>>).map(([context, words]) => [
      context,
      Object.entries(words).map(([en, word]) => ({
        en,
        zh: zhOf(word),
        child: typeof word === 'string' ? null : word[1],
      })),
    ]),
  ),
  values: Object.fromEntries(
    Object.entries(VALUES).map(([set, words]) => [set, Object.entries(words).map(([en, zh]) => ({ en, zh }))]),
  ),
}
