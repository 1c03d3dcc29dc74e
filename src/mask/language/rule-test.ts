/**
 * Runs rule tests: each masks its sample as the policy's first role would see it, and compares every value of the
 * elements named, before and after. Failures are problems at the test's line and never quote the sample.
 */
import { type Position, type Problem, ProblemList } from '../../base/problem.ts'
import { canonical } from '../kinds.ts'
import type { FormatName, Policy, RuleSet } from '../model.ts'
import type { Expectation, RuleTest, RuleTestFile } from './read-tests.ts'

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

/** `read` gives a sample's bytes by its path inside the rules folder, or null. */
export async function runRuleTests(
  rules: RuleSet,
  files: readonly RuleTestFile[],
  read: (path: string) => Promise<Uint8Array | null>,
  run: RunSample,
): Promise<RuleTestReport> {
  const problems = new ProblemList()
  let passed = 0
  let failed = 0
  for (const file of files)
    for (const test of file.tests) {
      const before = problems.all.length
      await runOne(rules, file, test, read, run, problems)
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
  problems: ProblemList,
): Promise<void> {
  const policy = rules.policies.find((p) => p.id === file.policy)
  const role = test.role ?? policy?.for.roles?.[0]
  if (role === undefined)
    return problems.error(test.at, 'test-role', `no policy "${file.policy}" to take the role from`, 'role: ...')
  const path = `${file.file.replace(/[^/]*$/, '')}${test.sample}`
  const format = test.format ?? formatOf(test.sample)
  if (format === null)
    return problems.error(test.at, 'test-format', `the format of ${test.sample} is not known`, 'format: ...')
  const bytes = await read(path)
  if (bytes === null)
    return problems.error(test.at, 'test-sample', `there is no sample ${path}`, 'a file beside the test')
  judge(test, run(rules, { ...selectors(test, policy), bytes, format, role }), problems)
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

function judge(test: RuleTest, outcome: SampleOutcome, problems: ProblemList): void {
  if (outcome.refused !== null || test.refused !== null) {
    const got = outcome.refused ?? 'no refusal'
    if (got !== test.refused)
      problems.error(test.at, 'test-refused', `the result is ${got}`, test.refused ?? 'a masked payload')
    return
  }
  if (outcome.dateUsed && test.date === null)
    return problems.error(test.at, 'test-date', 'the result depends on the date', 'at: YYYY-MM-DD')
  for (const { element, want, at } of test.expect) {
    const before = outcome.before.get(element.id) ?? []
    const after = outcome.after.get(element.id) ?? []
    if (before.length === 0)
      problems.error(at, 'test-absent', `the sample holds no "${element.id}"`, 'a sample with the element')
    else compare(element.id, want, before, after, outcome.texts, at, problems)
  }
}

function compare(
  id: string,
  want: Expectation,
  before: readonly string[],
  after: readonly string[],
  texts: readonly string[],
  at: Position,
  problems: ProblemList,
): void {
  const fail = (message: string, expected: string): void => problems.error(at, 'test-failed', message, expected)
  if (want === 'unchanged') {
    if (before.length !== after.length || before.some((v, i) => v !== after[i])) fail(`"${id}" was changed`, want)
  } else if (want === 'removed') {
    if (after.length > 0) fail(`"${id}" left ${after.length} of ${before.length} values`, want)
  } else if (want === 'no-original') {
    const traced = before.filter((v) => leaks(v, texts)).length
    if (traced > 0) fail(`${traced} of ${before.length} values of "${id}" are found in the result`, want)
  } else {
    const strange = after.filter((v) => !want.texts.includes(v)).length
    const missing = want.texts.filter((t) => !after.includes(t))
    if (strange > 0) fail(`${strange} of ${after.length} values of "${id}" are something else`, want.texts.join(', '))
    if (missing.length > 0) fail(`"${id}" never became ${missing.join(', ')}`, want.texts.join(', '))
  }
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
