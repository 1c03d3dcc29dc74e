/** `veilgate rules diff A B`: what a change does to protection, part by part, cell by cell, over samples. */
import { zoneDay } from '../../gateway/zone-day.ts'
import { diffRules, type RulesDiff } from '../../mask/proof/diff.ts'
import type { CellChange } from '../../mask/proof/diff-cells.ts'
import { diffSamples, type SampleDiff } from '../../mask/proof/diff-samples.ts'
import { refusing } from '../authority/refused.ts'
import { EXIT, type Io, readArgs, UsageError } from '../command.ts'
import { changeLines, dictionaryChanges } from './dictionary-diff.ts'
import { interfacesOf, openBundle } from './open-bundle.ts'
import { samplesOf } from './samples.ts'
import { readLang, type Spoken } from './spoken.ts'
import { tableLines } from './table.ts'

const OPTIONS = {
  json: { type: 'boolean', default: false },
  lang: { type: 'string' },
  samples: { type: 'string', multiple: true },
  raised: { type: 'boolean', default: false },
} as const

export function diffFolders(args: readonly string[], io: Io): Promise<number> {
  return refusing('rules diff', io, async () => {
    const { values, positionals } = readArgs(args, OPTIONS, 'any')
    const say = readLang(values.lang, io)
    const [left, right] = positionals
    if (left === undefined || right === undefined || positionals.length > 2)
      throw new UsageError('two rules folders or bundle files: before and after')
    const [before, after] = [await openBundle(left, io), await openBundle(right, io)]
    const diff = diffRules(before.side, after.side)
    const samples = await samplesOf(after, values.samples ?? [], io)
    const day = zoneDay('Asia/Shanghai')(Date.now())
    const over = diffSamples(before.compiled.rules, after.compiled.rules, samples, day, [
      ...interfacesOf(before.compiled),
      ...interfacesOf(after.compiled),
    ])
    const dictionaries = dictionaryChanges(before.compiled.rules, after.compiled.rules, samples, day)
    const hashes = { before: before.compiled.hash, after: after.compiled.hash }
    if (values.json) io.out(`${JSON.stringify({ ...hashes, ...diff, samples: over, dictionaries }, null, 2)}\n`)
    else {
      for (const line of changeLines(dictionaries, say.lang)) io.out(`${line}\n`)
      print(diff, over, say, io, values.raised)
    }
    return EXIT.done
  })
}

function print(diff: RulesDiff, over: SampleDiff, say: Spoken, io: Io, whole: boolean): void {
  for (const c of diff.changes) {
    const at = c.after ?? c.before
    const place = at === null ? '' : ` ${at.file}:${at.line}`
    io.out(`${say.verdict(c.verdict)} ${c.path}${place}: ${say(c.reason)}\n`)
  }
  const cells = diff.cells.filter((c) => c.raised === 'no')
  if (cells.length > 0) io.out(`\n${say({ zh: '单元', en: 'cells' })}\n`)
  for (const c of cells) io.out(`${say.verdict(c.verdict)} ${cellLine(c, say)}\n`)
  const raised = diff.cells.filter((c) => c.raised !== 'no')
  const more = raised.length
  if (more > 0 && !whole)
    io.out(
      `${say({ zh: `另有 ${more} 项涉及升级的记录（--raised 列出）`, en: `and ${more} more in raised records (--raised lists them)` })}\n`,
    )
  if (more > 0 && whole) {
    io.out(`\n${say({ zh: '升级的记录', en: 'raised records' })}\n`)
    const rows = raised.map((c) => [say.verdict(c.verdict).trim(), c.raised, ...cellColumns(c, say)])
    for (const line of tableLines(say(RAISED).split(','), rows)) io.out(`${line}\n`)
  }
  if (over.changes.length > 0) io.out(`\n${say({ zh: '样例', en: 'samples' })}\n`)
  for (const s of over.changes)
    io.out(
      `${say.verdict(s.verdict)} ${s.sample} ${s.element ?? '-'} ${s.address ?? ''} x${s.leaves}: ${s.before} → ${s.after} (${s.callers.join(', ')})\n`,
    )
  const { looser, tighter, same } = diff.totals
  io.out(
    `\n${say({
      zh: `${looser} 项更松，${tighter} 项更严，${same} 项不变；样例中 ${over.compared} 处有 ${over.compared - over.same} 处不同`,
      en: `${looser} looser, ${tighter} tighter, ${same} the same; ${over.compared - over.same} of ${over.compared} places of the samples differ`,
    })}\n`,
  )
  io.out(`${say({ zh: '变更类别', en: 'class' })}: ${say(CLASS[diff.class])}\n`)
}

const CLASS = {
  same: { zh: '不变', en: 'same' },
  tighter: { zh: '收紧，一人批准即可，事后复核', en: 'tighter: one approver, reviewed afterwards' },
  looser: { zh: '放宽，须两人批准', en: 'looser: two approvers' },
} as const

const RAISED = {
  zh: '性质,升级,数据元,原来,改为,调用方',
  en: 'verdict,raised by,element,before,after,callers',
} as const

const treated = (t: CellChange['before'], say: Spoken): string =>
  t === null ? say({ zh: '拒绝', en: 'refused' }) : say.treatment(t.method, t.params)

const cellColumns = (c: CellChange, say: Spoken): string[] => [
  c.element ?? say({ zh: '未登记', en: 'unknown' }),
  treated(c.before, say),
  treated(c.after, say),
  c.callers.join(', '),
]

function cellLine(c: CellChange, say: Spoken): string {
  const of = (t: CellChange['before']): string => treated(t, say)
  const where = c.interfaceId === null ? '' : ` [${c.interfaceId}]`
  const element = c.element ?? say({ zh: '未登记', en: 'unknown' })
  return `${element}${where}: ${of(c.before)} → ${of(c.after)} (${c.callers.join(', ')}): ${say(c.reason)}`
}
