/** `veilgate rules fmt`: the same rules with Chinese or English keywords. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { readRuleFolder } from '../../adapters/rule-files.ts'
import { ProblemList } from '../../base/problem.ts'
import type { Glossary, Lang } from '../../base/vocabulary.ts'
import { SHIPPED } from '../../mask/language/catalogue.ts'
import { ElementIndex } from '../../mask/language/element-index.ts'
import { formatRules, glossaryOf, topOf } from '../../mask/language/format.ts'
import { readElements } from '../../mask/language/read-elements.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { openFolder } from './folder.ts'

const OPTIONS = { lang: { type: 'string' }, write: { type: 'boolean' } } as const

export async function formatFiles(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const lang = values['lang']
  if (lang !== 'zh' && lang !== 'en') throw new UsageError('--lang zh or --lang en')
  const { folder, paths } = await chosen(positionals, io)
  const glossary = await readGlossary(folder)
  const single = paths.length === 1 && positionals.length === 1
  let failed = false
  for (const path of paths) {
    const whole = resolve(folder, path)
    const text = await readFile(whole, 'utf8')
    const next = formatRules(path, text, lang as Lang, glossary)
    if (next === null) {
      io.err(`${path}: not a rules file that can be read; run veilgate rules check\n`)
      failed = true
    } else if (values['write'] === true) {
      if (next !== text) await replaceFile(whole, next)
    } else if (single) io.out(next)
    else if (next !== text) io.out(`${path}\n`)
  }
  return failed ? EXIT.refused : EXIT.done
}

/** Paths inside the rules folder: of the whole folder, or of the files named. */
async function chosen(positionals: readonly string[], io: Io): Promise<{ folder: string; paths: readonly string[] }> {
  if (positionals.length > 0 && positionals.every((p) => p.endsWith('.yaml'))) {
    const whole = positionals.map((p) => resolve(io.cwd, p))
    const folder = rootOf(whole[0]!)
    return { folder, paths: whole.map((p) => relative(folder, p).split(sep).join('/')) }
  }
  if (positionals.length > 1) throw new UsageError('one folder, or files')
  const { folder, read } = await openFolder(positionals[0], io)
  return { folder, paths: read.files.map((f) => f.path).filter((p) => topOf(p) !== null) }
}

/** The rules folder a file belongs to: the parent of policies/, bindings/ or interfaces/, else its own folder. */
function rootOf(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder))
    if (/^(?:policies|bindings|interfaces)$/.test(basename(folder))) return dirname(folder)
  return dirname(file)
}

async function readGlossary(folder: string): Promise<Glossary> {
  const file = (await readRuleFolder(folder)).files.find((f) => f.path === 'elements.yaml')
  const elements = file === undefined ? [] : readElements(file.path, file.text, SHIPPED, new ProblemList())
  return glossaryOf(new ElementIndex(elements), SHIPPED)
}

/** In one step, so that a running gateway never reads half a file. */
async function replaceFile(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  await writeFile(aside, text)
  await rename(aside, path)
}
