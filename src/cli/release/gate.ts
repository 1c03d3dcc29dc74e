/** The publish gate: what a draft must be before anybody is asked to approve it. */
import type { Problem } from '../../base/problem.ts'
import { ProblemList } from '../../base/problem.ts'
import { parseYaml, type YamlNode } from '../../base/yaml.ts'
import { runRuleTests } from '../../mask/language/rule-test.ts'
import { runSample } from '../../mask/sample.ts'
import type { ReleaseCode } from '../../release/codes.ts'
import type { BundleFile } from '../../release/model.ts'
import { type CompiledFolder, compileFolder } from '../rules/compile-folder.ts'
import { recheckOf } from '../rules/recheck.ts'
import { readerOf, ruleFilesOf } from './bundle-files.ts'

export type Compiled = NonNullable<CompiledFolder['compiled']>

export interface Gated {
  /** null: it does not compile */
  readonly compiled: Compiled | null
  readonly refused: ReleaseCode | null
  readonly problems: readonly Problem[]
  readonly tests: { readonly passed: number; readonly failed: number }
}

/** `today`: YYYY-MM-DD, for reviews and approvals that are due. */
export async function gate(files: readonly BundleFile[], today: string): Promise<Gated> {
  const rules = ruleFilesOf(files)
  const { compiled, problems } = compileFolder(rules, [], today)
  const none = { passed: 0, failed: 0 }
  // the compiler names those of bindings; nothing of the sort may be released, wherever it stands
  const proposed = rules.flatMap(({ path, text }) => proposedLines(path, text))
  const told = new Set(problems.filter((p) => p.code === 'proposed').map((p) => `${p.file}:${p.line}`))
  const all = [...problems, ...proposed.filter((p) => !told.has(`${p.file}:${p.line}`))]
  const onlyProposed = problems.every((p) => p.severity === 'warning' || p.code === 'proposed')
  if (proposed.length > 0 && onlyProposed) return { compiled, refused: 'GATE_PROPOSED', problems: all, tests: none }
  if (compiled === null) return { compiled: null, refused: 'GATE_PROBLEMS', problems: all, tests: none }
  const unapproved = unapprovedIn(compiled)
  if (unapproved.length > 0)
    return { compiled, refused: 'GATE_PROBLEMS', problems: [...all, ...unapproved], tests: none }
  const report = await runRuleTests(
    compiled.rules,
    compiled.tests,
    readerOf(files),
    runSample,
    recheckOf(rules, compiled.rules),
  )
  const tests = { passed: report.passed, failed: report.failed }
  const refused = report.failed > 0 ? 'GATE_TESTS' : null
  return { compiled, refused, problems: [...all, ...report.problems], tests }
}

/** `unknown: keep` without the number and the last day of its approval: a warning in a folder, nothing to be released. */
function unapprovedIn({ rules }: Compiled): readonly Problem[] {
  const found = new ProblemList()
  for (const { unknown } of rules.policies)
    if (unknown?.treatment === 'keep' && (unknown.approval == null || unknown.expires == null))
      found.error(unknown.at, 'unknown-keep', UNAPPROVED.en.message, UNAPPROVED.en.expected, UNAPPROVED)
  return found.all
}

const UNAPPROVED = {
  zh: {
    message: '未登记内容原样放行，须有批准文号和到期日才能发布',
    expected: '未登记: { 处理: 保留, 批准: 12号, 到期: 2027-03-31 }',
  },
  en: {
    message: 'unknown values pass as they are: that is released only with an approval and its last day',
    expected: 'unknown: { treatment: keep, approval: 12号, expires: 2027-03-31 }',
  },
}

/** Places of `status: proposed` (状态: 建议), wherever it stands: what a machine proposed and nobody confirmed. */
function proposedLines(path: string, text: string): Problem[] {
  if (!/\.ya?ml$/i.test(path)) return []
  const root = parseYaml(path, text, new ProblemList())
  const found = new ProblemList()
  if (root !== undefined) walk(root, found)
  return found.all
}

function walk(node: YamlNode, found: ProblemList): void {
  if (node.type === 'list') for (const item of node.items) walk(item, found)
  if (node.type !== 'map') return
  for (const { key, value } of node.entries.values()) {
    if (value.type === 'scalar' && PROPOSED.has(String(value.value)) && STATUS.has(key))
      found.error(value.at, 'proposed', UNCONFIRMED.en.message, UNCONFIRMED.en.expected, UNCONFIRMED)
    walk(value, found)
  }
}

const UNCONFIRMED = {
  zh: { message: '此行为 rules learn 的建议，尚未确认', expected: '去掉 status 的这一行，或删除整行' },
  en: {
    message: 'this line was proposed by rules learn and is not confirmed',
    expected: 'the line without its status, or no line',
  },
}

const STATUS: ReadonlySet<string> = new Set(['status', '状态'])
const PROPOSED: ReadonlySet<string> = new Set(['proposed', '建议', '待确认'])
