/**
 * Runs rule tests: each masks its sample as the policy's first role would see it, and compares every value of the
 * elements named, before and after. Failures are problems at the test's line and never quote the sample.
 */
import { Reading, type Say } from '../../base/fields.ts'
import { type Position, type Problem, ProblemList } from '../../base/problem.ts'
import { writtenValue } from '../../base/vocabulary.ts'
import { canonical } from '../kinds.ts'
import type { FormatName, Policy, RuleSet } from '../model.ts'
import type { CellChange, Expectation, RuleTest, RuleTestFile } from './read-tests.ts'

/** A test with everything its file left to defaults. */
export interface SampleRequest {
  readonly bytes: Uint8Array
  readonly format: FormatName
  readonly role: string
  readonly scenario: string | null
  readonly institution: string
  readonly purpose: string | null
  readonly interfaceId: string | null
  readonly date: string | null
}

/** Texts of an element in document order, by element id. Empty values are left out. */
export type ElementValues = ReadonlyMap<string, readonly string[]>

export type SampleOutcome =
  | { readonly refused: string }
  | {
      readonly refused: null
      readonly before: ElementValues
      readonly after: ElementValues
      /** every text of the result, wherever it stands */
      readonly texts: readonly string[]
      /** the call's day was asked for */
      readonly dateUsed: boolean
    }

export type RunSample = (rules: RuleSet, request: SampleRequest) => SampleOutcome

export interface RuleTestReport {
  readonly passed: number
  readonly failed: number
  readonly problems: readonly Problem[]
}

/** Codes of the errors the folder has with these cells of a policy; null when they cannot be written there. */
export type Recheck = (policy: string, change: readonly CellChange[]) => readonly string[] | null

/**
 * `read` gives a sample's bytes by its path inside the rules folder, or null. Without `recheck` tests of changes fail:
 * a test that is not run has not passed.
 */
export async function runRuleTests(
  rules: RuleSet,
  files: readonly RuleTestFile[],
  read: (path: string) => Promise<Uint8Array | null>,
  run: RunSample,
  recheck: Recheck = () => null,
): Promise<RuleTestReport> {
  const problems = new ProblemList()
  let passed = 0
  let failed = 0
  for (const file of files)
    for (const test of file.tests) {
      const before = problems.all.length
      const reading = new Reading(file.file, file.lang, problems)
      if (test.change.length > 0) judgeChange(test, recheck(file.policy, test.change), reading)
      else await runOne(rules, file, test, read, run, reading)
      if (problems.all.length === before) passed++
      else failed++
    }
  return { passed, failed, problems: problems.sorted() }
}

async function runOne(
  rules: RuleSet,
  file: RuleTestFile,
  test: RuleTest,
  read: (path: string) => Promise<Uint8Array | null>,
  run: RunSample,
  reading: Reading,
): Promise<void> {
  const policy = rules.policies.find((p) => p.id === file.policy)
  const role = test.role ?? policy?.for.roles?.[0]
  const format = test.format ?? formatOf(test.sample)
  const path = `${file.file.replace(/[^/]*$/, '')}${test.sample}`
  if (role === undefined) {
    const message = { zh: `没有策略“${file.policy}”可取角色`, en: `no policy "${file.policy}" to take the role from` }
    reading.error(test.at, 'test-role', message, { zh: '角色: …', en: 'role: ...' })
  } else if (format === null) {
    const message = { zh: `无法由 ${test.sample} 得知格式`, en: `the format of ${test.sample} is not known` }
    reading.error(test.at, 'test-format', message, { zh: '格式: …', en: 'format: ...' })
  } else {
    const bytes = await read(path)
    if (bytes !== null) judge(test, run(rules, { ...selectors(test, policy), bytes, format, role }), reading)
    else {
      const message = { zh: `没有样例 ${path}`, en: `there is no sample ${path}` }
      reading.error(test.at, 'test-sample', message, { zh: '自测文件旁的文件', en: 'a file beside the test' })
    }
  }
}

function judgeChange(test: RuleTest, codes: readonly string[] | null, reading: Reading): void {
  const want = test.refused ?? ''
  if (codes?.includes(want) === true) return
  const got = codes === null ? '-' : codes.length === 0 ? 'OK' : codes.join(', ')
  const message =
    codes === null
      ? { zh: '改动无法写入策略文件', en: 'the change cannot be written into the policy' }
      : { zh: `改动的结果是 ${got}`, en: `the change gives ${got}` }
  reading.error(test.at, 'test-change', message, { zh: want, en: want })
}

const selectors = (test: RuleTest, policy: Policy | undefined) => ({
  scenario: test.scenario ?? policy?.for.scenarios?.[0] ?? null,
  institution: test.institution ?? policy?.for.institutions?.[0] ?? 'rule-test',
  purpose: test.purpose,
  interfaceId: test.interfaceId,
  date: test.date,
})

/** `referral.fhir.json`, `lab.hl7`, `rows.ndjson`, `inpatient.json` */
export function formatOf(sample: string): FormatName | null {
  if (sample.endsWith('.fhir.json')) return 'fhir'
  if (sample.endsWith('.json')) return 'json'
  if (sample.endsWith('.ndjson')) return 'ndjson'
  return sample.endsWith('.hl7') ? 'hl7v2' : null
}

function judge(test: RuleTest, outcome: SampleOutcome, reading: Reading): void {
  if (outcome.refused !== null || test.refused !== null) {
    const got = outcome.refused ?? 'OK'
    const want = test.refused ?? 'OK'
    if (got !== want)
      reading.error(
        test.at,
        'test-refused',
        { zh: `结果是 ${got}`, en: `the result is ${got}` },
        { zh: want, en: want },
      )
    return
  }
  if (outcome.dateUsed && test.date === null) {
    const message = { zh: '结果与日期有关', en: 'the result depends on the date' }
    reading.error(test.at, 'test-date', message, { zh: '日期: YYYY-MM-DD', en: 'at: YYYY-MM-DD' })
    return
  }
  for (const { element, want, at } of test.expect) {
    const before = outcome.before.get(element.id) ?? []
    const after = outcome.after.get(element.id) ?? []
    const name = { zh: `“${element.zh}”`, en: `"${element.id}"` }
    if (before.length === 0)
      reading.error(
        at,
        'test-absent',
        { zh: `样例中没有${name.zh}`, en: `the sample holds no ${name.en}` },
        { zh: '含有该数据元的样例', en: 'a sample with the element' },
      )
    else for (const message of compare(name, want, before, after, outcome.texts)) fail(message, want, at, reading)
  }
}

function fail(message: Say, want: Expectation, at: Position, reading: Reading): void {
  const expected =
    typeof want === 'string'
      ? { zh: writtenValue('expectation', want, 'zh'), en: want }
      : { zh: want.texts.join('、'), en: want.texts.join(', ') }
  reading.error(at, 'test-failed', message, expected)
}

/** What is wrong with the values of one element; counts only, never a value of the sample. */
function compare(
  name: Say,
  want: Expectation,
  before: readonly string[],
  after: readonly string[],
  texts: readonly string[],
): Say[] {
  const all = before.length
  if (want === 'unchanged')
    return all === after.length && before.every((v, i) => v === after[i])
      ? []
      : [{ zh: `${name.zh}被改变`, en: `${name.en} was changed` }]
  if (want === 'removed')
    return after.length === 0
      ? []
      : [{ zh: `${name.zh}还剩 ${after.length}/${all} 个值`, en: `${name.en} left ${after.length} of ${all} values` }]
  if (want === 'no-original') {
    const traced = before.filter((v) => leaks(v, texts)).length
    if (traced === 0) return []
    return [
      {
        zh: `结果中可见${name.zh}的 ${traced}/${all} 个原值`,
        en: `${traced} of ${all} values of ${name.en} are found in the result`,
      },
    ]
  }
  const strange = after.filter((v) => !want.texts.includes(v)).length
  const missing = want.texts.filter((t) => !after.includes(t))
  const told: Say[] = []
  if (strange > 0)
    told.push({
      zh: `${name.zh}有 ${strange}/${after.length} 个值不同`,
      en: `${strange} of ${after.length} values of ${name.en} are something else`,
    })
  if (missing.length > 0)
    told.push({ zh: `${name.zh}没有成为 ${missing.join('、')}`, en: `${name.en} never became ${missing.join(', ')}` })
  return told
}

/** A value of one character is looked for as a whole text, a longer one inside texts too. */
function leaks(value: string, texts: readonly string[]): boolean {
  const plain = canonical('text', value)
  if (plain === '') return false
  return texts.some((t) => {
    const text = canonical('text', t)
    return text === plain || (plain.length > 1 && text.includes(plain))
  })
}
