/** `veilgate rules check`: all problems of a rules folder at once; with --risk what its policies leave taken together. */
import type { Problem } from '../../base/problem.ts'
import { zoneDay } from '../../gateway/zone-day.ts'
import type { RuleSet } from '../../mask/model.ts'
import { type Lowered, loweredKeys } from '../../mask/proof/lowered.ts'
import { unmatchedBindings } from '../../mask/proof/unmatched.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { compileFolder } from './compile-folder.ts'
import { errorsIn, onlyOne, openFolder, printProblems } from './folder.ts'
import { printRisks, risksOf } from './risk.ts'
import { namedSamples } from './samples.ts'
import { readLang, type Spoken } from './spoken.ts'

const OPTIONS = {
  json: { type: 'boolean' },
  risk: { type: 'boolean' },
  lowered: { type: 'boolean' },
  samples: { type: 'string', multiple: true },
  interface: { type: 'string' },
  lang: { type: 'string' },
} as const

export async function checkRules(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArgs(args, OPTIONS, 'any')
  const say = readLang(values.lang, io)
  const { read } = await openFolder(onlyOne(positionals), io)
  const today = zoneDay('Asia/Shanghai')(Date.now())
  const { compiled, problems: found } = compileFolder(read.files, read.problems, today)
  const unmatched = compiled === null ? [] : await unmatchedIn(compiled.rules, values, say, io)
  const problems = [...found, ...unmatched]
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

interface Asked {
  readonly samples?: readonly string[] | undefined
  readonly interface?: string | undefined
}

/** Selectors that bind no place of the samples named; a folder that binds nothing an interface sends looks sound else. */
async function unmatchedIn(rules: RuleSet, asked: Asked, say: Spoken, io: Io): Promise<Problem[]> {
  const { samples: named = [], interface: interfaceId = null } = asked
  if (named.length === 0) {
    if (interfaceId !== null) throw new UsageError('--interface goes with --samples FILE')
    return []
  }
  if (interfaceId !== null && !rules.bindings.some((b) => b.interfaceId === interfaceId))
    throw new UsageError(`no file of bindings/ says interface: ${interfaceId}`)
  const samples = (await namedSamples(named, io)).map((sample) => ({ ...sample, interfaceId }))
  const { bindings, asked: all, skipped } = unmatchedBindings(rules, samples)
  if (samples.length === skipped.length)
    throw new UsageError('no sample could be read: names end in .fhir.json, .json, .ndjson or .hl7')
  io.err(
    `${say({
      zh: `样例中匹配到 ${all - bindings.length}/${all} 个选择器${skipped.length === 0 ? '' : `；未能读取 ${skipped.join('、')}`}`,
      en: `${all - bindings.length} of ${all} selectors match in the samples${skipped.length === 0 ? '' : `; not read: ${skipped.join(', ')}`}`,
    })}\n`,
  )
  return bindings.map(({ at, element, path, key, pair }) => {
    const selector = path ?? key ?? pair ?? ''
    return {
      ...at,
      severity: 'warning',
      code: 'selector-unmatched',
      message: say({
        zh: `“${selector}”（${element.zh}）在样例中匹配不到任何值`,
        en: `"${selector}" (${element.id}) matches nothing in the samples`,
      }),
      expected: say({
        zh: '报文里真有的键或路径；样例里没有这一项时，加一份有它的样例',
        en: 'a key or path the payloads have, or a sample that has this one',
      }),
    }
  })
}

const loweredLine = ({ key, by, from }: Lowered, say: Spoken): string =>
  say({
    zh: `${by.at.file}:${by.at.line}:${by.at.col}: “${key}”由“${from.element.zh}”（${from.element.level} 级，${from.at.file}:${from.at.line}）降为“${by.element.zh}”（${by.element.level} 级）`,
    en: `${by.at.file}:${by.at.line}:${by.at.col}: "${key}" goes from ${from.element.id} (level ${from.element.level}, ${from.at.file}:${from.at.line}) to ${by.element.id} (level ${by.element.level})`,
  })
