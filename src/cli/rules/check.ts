/** `veilgate rules check`: all problems of a rules folder at once; with --risk what its policies leave taken together. */
import { zoneDay } from '../../gateway/zone-day.ts'
import { type Lowered, loweredKeys } from '../../mask/proof/lowered.ts'
import { EXIT, type Io, readArgs } from '../command.ts'
import { compileFolder } from './compile-folder.ts'
import { errorsIn, onlyOne, openFolder, printProblems } from './folder.ts'
import { printRisks, risksOf } from './risk.ts'
import { readLang, type Spoken } from './spoken.ts'

const OPTIONS = {
  json: { type: 'boolean' },
  risk: { type: 'boolean' },
  lowered: { type: 'boolean' },
  lang: { type: 'string' },
} as const

export async function checkRules(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const say = readLang(values.lang, io)
  const { read } = await openFolder(onlyOne(positionals), io)
  const today = zoneDay('Asia/Shanghai')(Date.now())
  const { compiled, problems } = compileFolder(read.files, read.problems, today)
  const errors = errorsIn(problems)
  const figures = {
    ok: compiled !== null,
    errors,
    warnings: problems.length - errors,
    files: read.files.length,
    elements: compiled?.rules.elements.length ?? null,
    bindings: compiled?.rules.bindings.length ?? null,
    policies: compiled?.rules.policies.length ?? null,
    interfaces: compiled?.directory?.entries.size ?? null,
    hash: compiled?.hash ?? null,
  }
  const lowered = compiled === null ? [] : loweredKeys(compiled.rules)
  const risks = values.risk === true && compiled !== null ? risksOf(compiled, today) : null
  if (values.json === true)
    io.out(
      `${JSON.stringify({ ...figures, lowered: lowered.length, problems, ...(risks === null ? {} : { risks }) }, null, 2)}\n`,
    )
  else {
    printProblems(problems, io)
    io.out(`${errors} errors, ${figures.warnings} warnings in ${figures.files} files\n`)
    if (compiled !== null) io.out(`bundle ${compiled.hash}\n`)
    if (lowered.length > 0 && values.lowered !== true)
      io.out(
        `${say({
          zh: `${lowered.length} 处因更具体的落点而降级（--lowered 列出）`,
          en: `${lowered.length} places have a lower level by a narrower binding (--lowered lists them)`,
        })}\n`,
      )
    if (values.lowered === true) for (const place of lowered) io.out(`${loweredLine(place, say)}\n`)
    if (risks !== null) printRisks(risks, say, io)
  }
  return compiled === null ? EXIT.refused : EXIT.done
}

const loweredLine = ({ key, by, from }: Lowered, say: Spoken): string =>
  say({
    zh: `${by.at.file}:${by.at.line}:${by.at.col}: “${key}”由“${from.element.zh}”（${from.element.level} 级，${from.at.file}:${from.at.line}）降为“${by.element.zh}”（${by.element.level} 级）`,
    en: `${by.at.file}:${by.at.line}:${by.at.col}: "${key}" goes from ${from.element.id} (level ${from.element.level}, ${from.at.file}:${from.at.line}) to ${by.element.id} (level ${by.element.level})`,
  })
