/**
 * detect.*: what the detectors find and what they take for an identifier, on sentences nobody here wrote and on planted
 * values. Numbers, no times. Checksum types and mobiles apart from names, which no pattern knows for certain.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { detect, type Hit } from '../src/mask/detectors/index.ts'
import { checkDigit } from '../src/mask/resident-id.ts'
import { isSurnamed } from '../src/mask/surnames.ts'
import { type Row, type Suite, wanted } from './suite.ts'

const CORPORA = fileURLToPath(new URL('../../shared/corpora/', import.meta.url))
const PROSE = { prose: true } as const
const IDS = ['detect.checksum', 'detect.sentences', 'detect.english', 'detect.names', 'detect.words'] as const

/** A value in a text and where it stands. */
interface Planted {
  readonly text: string
  readonly start: number
  readonly end: number
}

interface Score {
  readonly values: number
  readonly found: number
  readonly leaked: number
  readonly characters: number
  readonly hits: number
  readonly good: number
}

/** Found = wholly covered; leaked = characters of the values outside every hit. */
export function score(planted: readonly Planted[], alone: boolean): Score {
  const sum = { values: 0, found: 0, leaked: 0, characters: 0, hits: 0, good: 0 }
  for (const { text, start, end } of planted) {
    const hits = detect(text, PROSE)
    const leaked = uncovered(hits, start, end)
    sum.values++
    sum.characters += end - start
    sum.leaked += leaked
    if (leaked === 0) sum.found++
    if (!alone) continue
    sum.hits += hits.length
    sum.good += hits.filter((h) => h.start < end && h.end > start).length
  }
  return sum
}

function uncovered(hits: readonly Hit[], start: number, end: number): number {
  let open = 0
  for (let i = start; i < end; i++) if (!hits.some((h) => h.start <= i && i < h.end)) open++
  return open
}

/** A repeatable stream of numbers in [0, n). */
function chance(seed: number): (n: number) => number {
  let x = seed >>> 0
  return (n) => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((x / 2 ** 32) * n)
  }
}

const PROVINCES = ['11', '12', '31', '32', '37', '44', '50', '51', '65', '81']
const pad = (n: number, width: number): string => String(n).padStart(width, '0')

function residentId(pick: (n: number) => number): string {
  const digits = `${PROVINCES[pick(PROVINCES.length)]}${pad(pick(90) + 1, 4)}${1930 + pick(90)}${pad(1 + pick(12), 2)}${pad(1 + pick(28), 2)}${pad(pick(1000), 3)}`
  return digits + checkDigit(digits)
}
const mobile = (pick: (n: number) => number): string => `1${3 + pick(7)}${pad(pick(1e9), 9)}`

const wide = (text: string): string => text.replace(/[0-9]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
const grouped = (text: string, between: string): string =>
  text.length === 11
    ? [text.slice(0, 3), text.slice(3, 7), text.slice(7)].join(between)
    : [text.slice(0, 6), text.slice(6, 14), text.slice(14)].join(between)
const SPELLINGS: readonly ((text: string) => string)[] = [
  (t) => t,
  wide,
  (t) => grouped(t, ' '),
  (t) => grouped(t, '-'),
  (t) => `${t.slice(0, 5)}\u200b${t.slice(5)}`,
  (t) => t.toLowerCase(),
]

/** Sentences of the hospital corpus: every string of more than eight characters with Han in it. */
function sentences(): string[] {
  const found = new Set<string>()
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (value.length > 8 && value.length < 400 && /\p{Script=Han}/u.test(value)) found.add(value)
    } else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) walk(item)
  }
  const folder = `${CORPORA}zh/medflow-json-api/tests/data/`
  for (const name of readdirSync(folder)) walk(JSON.parse(readFileSync(folder + name, 'utf8').replace(/^\ufeff/, '')))
  return [...found].sort()
}

/** Valid numbers in real sentences, at any place between their characters. */
function plantedNumbers(count: number): Planted[] {
  const pick = chance(17)
  // A sentence with digits of its own could touch them or hold an identifier itself.
  const around = sentences().filter((s) => !/[\d０-９]/.test(s))
  return Array.from({ length: count }, (_, i) => {
    const sentence = around[pick(around.length)]!
    const value = SPELLINGS[pick(SPELLINGS.length)]!(i % 2 === 0 ? residentId(pick) : mobile(pick))
    const at = pick(sentence.length + 1)
    const start = isLow(sentence, at) ? at - 1 : at
    return { text: sentence.slice(0, start) + value + sentence.slice(start), start, end: start + value.length }
  })
}
const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00

const CONTEXTS = [
  '患者@，女，36岁',
  '患者@因腹痛入院',
  '姓名：@ 性别：男',
  '联系人：@，电话',
  '家属@已签字',
  '患者：@。',
  '报告医师：@',
  '，@主任医师查房',
  '请@医生会诊',
  '昨日@诉头痛',
]

function plantedNames(count: number): Planted[] {
  const pick = chance(23)
  const names = JSON.parse(readFileSync(`${CORPORA}zh/names/faker-zh_CN.json`, 'utf8')) as {
    person: Record<string, unknown>
  }
  const list = (key: string): string[] => {
    const value = names.person[key] as string[] | { generic: string[] } | undefined
    return value === undefined ? [] : Array.isArray(value) ? value : value.generic
  }
  const [last, first] = [list('last_name'), list('first_name')]
  return Array.from({ length: count }, () => {
    const name = last[pick(last.length)]! + first[pick(first.length)]!
    const context = CONTEXTS[pick(CONTEXTS.length)]!
    const start = context.indexOf('@')
    return { text: context.replace('@', name), start, end: start + name.length }
  })
}

const percent = (part: number, all: number): number => (all === 0 ? 0 : (100 * part) / all)

function tell(s: Score): string {
  const precision = s.hits === 0 ? '' : `, precision ${percent(s.good, s.hits).toFixed(1)} % of ${s.hits} hits`
  return `${s.found}/${s.values} found${precision}, ${s.leaked} of ${s.characters} characters leaked`
}

type Emit = (row: Row, detail: string) => void

function checksum(emit: Emit): void {
  const s = score(plantedNumbers(4000), true)
  const value = percent(s.found, s.values)
  emit({ id: IDS[0], value, unit: '% of IDs and mobiles found', bar: 100, holds: s.found === s.values }, tell(s))
}

interface Sentence {
  readonly text: string
  readonly expected: number
}

/** Chinese sentences with the number of identifiers their author counted. */
function counted(emit: Emit): void {
  const lines = readFileSync(`${CORPORA}deid/cn-pii-sentences/sentences.jsonl`, 'utf8').trim().split('\n')
  const all = lines.map((line) => JSON.parse(line) as Sentence)
  let right = 0
  let extra = 0
  let missed = 0
  for (const { text, expected } of all) {
    const hits = detect(text, PROSE).length
    if (hits === expected) right++
    extra += Math.max(0, hits - expected)
    missed += Math.max(0, expected - hits)
  }
  const row = {
    id: IDS[1],
    value: percent(right, all.length),
    unit: '% counted as their author',
    bar: null,
    holds: null,
  }
  emit(row, `${right}/${all.length} sentences, ${missed} identifiers missed, ${extra} hits too many`)
}

interface Marked {
  readonly full_text: string
  readonly spans: readonly {
    readonly entity_type: string
    readonly start_position: number
    readonly end_position: number
  }[]
}

/** Types of the English corpus that Chinese hospitals share. */
const SHARED = new Set(['CREDIT_CARD', 'EMAIL_ADDRESS', 'IP_ADDRESS'])

function english(emit: Emit): void {
  const all = JSON.parse(readFileSync(`${CORPORA}deid/presidio-research/generated_small.json`, 'utf8')) as Marked[]
  const planted = all.flatMap((m) =>
    m.spans
      .filter((s) => SHARED.has(s.entity_type))
      .map((s) => ({ text: m.full_text, start: s.start_position, end: s.end_position })),
  )
  const s = score(planted, false)
  let wrong = 0
  for (const m of all)
    wrong += detect(m.full_text, PROSE).filter(
      (h) => !m.spans.some((span) => h.start < span.end_position && h.end > span.start_position),
    ).length
  const row = {
    id: IDS[2],
    value: percent(s.found, s.values),
    unit: '% of cards, mails, addresses',
    bar: null,
    holds: null,
  }
  emit(row, `${tell(s)}, ${wrong} hits on nothing in ${all.length} sentences`)
}

function names(emit: Emit): void {
  const planted = plantedNames(2000)
  const s = score(planted, false)
  const usual = score(
    planted.filter(({ text, start, end }) => isSurnamed(text.slice(start, end))),
    false,
  )
  const row = { id: IDS[3], value: percent(s.found, s.values), unit: '% of names by context', bar: null, holds: null }
  emit(
    row,
    `${tell(s)}; ${percent(usual.found, usual.values).toFixed(1)} % of those with a surname of the list; what a field tells is found by propagation`,
  )
}

function words(emit: Emit): void {
  const list = readFileSync(`${CORPORA}zh/thuocl/THUOCL_medical.txt`, 'utf8')
    .split('\n')
    .map((line) => line.split('\t')[0]!.trim())
    .filter((word) => word !== '')
  const wrong = list.filter((word) => detect(word, PROSE).length > 0)
  const value = percent(wrong.length, list.length)
  emit(
    { id: IDS[4], value, unit: '% of medical words hit', bar: 0.5, holds: value < 0.5 },
    `${wrong.length} of ${list.length}`,
  )
}

const PARTS = [checksum, counted, english, names, words]

export const detectSuite: Suite = {
  ids: IDS,
  run(prefix, emit) {
    if (!existsSync(CORPORA)) {
      process.stderr.write('detect.*: skipped, there are no corpora beside this folder\n')
      return Promise.resolve()
    }
    IDS.forEach((id, i) => {
      if (wanted(id, prefix)) PARTS[i]!(emit)
    })
    return Promise.resolve()
  },
}
