/** `veilgate rules check`: all problems of a rules folder at once; with --risk what its policies leave taken together. */
import { zoneDay } from '../../gateway/zone-day.ts'
import { type Lowered, loweredKeys } from '../../mask/proof/lowered.ts'
import { EXIT, type Io, readArgs } from '../command.ts'
import { compileFolder } from './compile-folder.ts'
import { errorsIn, onlyOne, openFolder, printProblems } from './folder.ts'
import { printRisks, risksOf } from './risk.ts'
import { readLang, type Spoken } from './spoken.ts'
import { tableLines } from './table.ts'

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
      `${JSON.stringify(
        {
          ...figures,
          lowered: lowered.length,
          ...(values.lowered === true ? { loweredKeys: lowered.map(loweredFacts) } : {}),
          problems,
          ...(risks === null ? {} : { risks }),
        },
        null,
        2,
      )}\n`,
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
    if (values.lowered === true) printLowered(lowered, say, io)
    if (risks !== null) printRisks(risks, say, io)
  }
  return compiled === null ? EXIT.refused : EXIT.done
}

const loweredFacts = ({ key, by, from }: Lowered) => ({
  key,
  from: { element: from.element.id, level: from.element.level, at: from.at },
  by: { element: by.element.id, level: by.element.level, at: by.at },
})

function printLowered(lowered: readonly Lowered[], say: Spoken, io: Io): void {
  if (lowered.length === 0) {
    io.out(`${say({ zh: '没有因更具体的落点而降级的键', en: 'no key has a lower level by a narrower binding' })}\n`)
    return
  }
  const named = ({ element, at }: Lowered['by']): string[] => [
    `${say.lang === 'zh' ? element.zh : element.id} ${element.level}`,
    `${at.file}:${at.line}:${at.col}`,
  ]
  const head = say({ zh: '键,原级别,由此行,降为,由此行', en: 'key,level,by this line,lowered to,by this line' }).split(
    ',',
  )
  const rows = lowered.map(({ key, by, from }) => [key, ...named(from), ...named(by)])
  for (const line of tableLines(head, rows)) io.out(`${line}\n`)
}
