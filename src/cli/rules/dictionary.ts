/** `veilgate rules dictionary`: batches of terms from a spreadsheet into dictionaries/NAME.csv, shown before written. */
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { readTable } from '../../adapters/spreadsheet/table.ts'
import { formatProblem, type Problem } from '../../base/problem.ts'
import { finish } from '../../base/steps.ts'
import { zoneDay } from '../../gateway/zone-day.ts'
import { type DictionaryDiff, diffDictionaries } from '../../mask/dictionary/diff.ts'
import { importBatch } from '../../mask/dictionary/import.ts'
import { dictionarySteps } from '../../mask/dictionary/read.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { compileFolder } from './compile-folder.ts'
import { sampleTexts } from './dictionary-samples.ts'
import { dictionaryLines } from './dictionary-text.ts'
import { openFolder } from './folder.ts'

const OPTIONS = {
  into: { type: 'string' },
  rules: { type: 'string' },
  sheet: { type: 'string' },
  batch: { type: 'string' },
  author: { type: 'string' },
  lang: { type: 'string' },
  json: { type: 'boolean' },
} as const

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/

interface Wanted {
  readonly file: string
  readonly name: string
  readonly rules: string | undefined
  readonly sheet: string | null
  readonly batch: string | null
  readonly author: string | null
  readonly lang: 'zh' | 'en'
  readonly json: boolean
}

export async function dictionaryBatch(args: readonly string[], io: Io): Promise<number> {
  const [action, ...rest] = args
  if (action !== 'import' && action !== 'preview') throw new UsageError('dictionary import or dictionary preview')
  const wanted = readWanted(rest, io)
  const { folder, read } = await openFolder(wanted.rules, io)
  const path = `dictionaries/${wanted.name}.csv`
  const existing = read.files.find((f) => f.path === path)?.text ?? null
  const { table, problems } = await readTable(
    await fileBytes(wanted.file),
    basename(wanted.file),
    wanted.lang,
    wanted.sheet,
  )
  if (table === null) return tell(io, wanted, null, problems)
  const imported = importBatch(existing, { file: basename(wanted.file), ...table }, wanted)
  const after = finish(dictionarySteps(path, imported.text))
  const before = existing === null ? null : finish(dictionarySteps(path, existing)).dictionary
  const sound = !hasError(imported.problems)
  // The merged file and all rules with it: what the batch breaks elsewhere (chains, brands, care) is told at once.
  const whole = sound
    ? compileFolder([...read.files.filter((f) => f.path !== path), { path, text: imported.text }], read.problems)
    : { compiled: null, problems: [] }
  const all = [...problems, ...imported.problems, ...whole.problems.filter((p) => p.severity === 'error')]
  const samples = await sampleTexts(folder)
  const diff = diffDictionaries(before, after.dictionary, samples, zoneDay('Asia/Shanghai')(Date.now()))
  if (action === 'import' && !hasError(all)) await writeWhole(join(folder, path), imported.text)
  return tell(io, wanted, diff, all, imported.rows)
}

function readWanted(args: readonly string[], io: Io): Wanted {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const text = (name: keyof typeof OPTIONS): string | null => (typeof values[name] === 'string' ? values[name] : null)
  const [file, ...more] = positionals
  const name = text('into')
  if (file === undefined || more.length > 0) throw new UsageError('one FILE.xlsx or FILE.csv')
  if (name === null || !NAME.test(name)) throw new UsageError('--into NAME: lower-case letters, digits and hyphens')
  const lang = text('lang') ?? (/^zh/i.test(io.env['LANG'] ?? '') ? 'zh' : 'en')
  if (lang !== 'zh' && lang !== 'en') throw new UsageError('--lang zh or en')
  return {
    file: resolve(io.cwd, file),
    name,
    rules: text('rules') ?? undefined,
    sheet: text('sheet'),
    batch: text('batch'),
    author: text('author'),
    lang,
    json: values['json'] === true,
  }
}

const hasError = (problems: readonly Problem[]): boolean => problems.some((p) => p.severity === 'error')

/** Larger files are refused before they are read. */
const MAX_FILE = 20 * 2 ** 20

async function fileBytes(path: string): Promise<Buffer> {
  const info = await stat(path).catch(() => null)
  if (info === null || !info.isFile()) throw new UsageError(`${basename(path)} is not a file`)
  if (info.size > MAX_FILE) throw new UsageError(`${basename(path)} is larger than 20 MB`)
  return await readFile(path)
}

/** A reader of the folder sees the old file or the new one, never a half. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.new`
  const file = await open(draft, 'w', 0o644)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}

function tell(
  io: Io,
  { json, lang }: Wanted,
  diff: DictionaryDiff | null,
  problems: readonly Problem[],
  rows = 0,
): number {
  const ok = !hasError(problems)
  if (json) io.out(`${JSON.stringify({ ok, rows, diff, problems }, null, 2)}\n`)
  else {
    for (const problem of problems) io.out(`${formatProblem(problem)}\n`)
    // Figures of a batch that is refused as a whole would read as if some of it had come in.
    if (!ok)
      io.out(
        lang === 'zh' ? '没有导入任何内容：改正后再运行\n' : 'nothing was imported: mend the file and run it again\n',
      )
    else if (diff !== null) for (const line of dictionaryLines(diff, lang)) io.out(`${line}\n`)
  }
  return ok ? EXIT.done : EXIT.refused
}
