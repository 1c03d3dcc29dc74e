/** A whole rules folder through all cores: what `rules check` prints and what a bundle is made of. */
import { compileDirectory } from '../../access/compile.ts'
import type { Directory } from '../../access/directory.ts'
import { type Anomaly, compileAnomalies } from '../../anomaly/index.ts'
import { bothOf } from '../../base/fields.ts'
import { nearest } from '../../base/near.ts'
import { type Problem, ProblemList } from '../../base/problem.ts'
import { finish, type Steps } from '../../base/steps.ts'
import { type BundleParts, hashSteps, maskSteps, setPart } from '../../mask/bundle.ts'
import type { PreparedDictionaries } from '../../mask/dictionary/prepare.ts'
import { SHIPPED } from '../../mask/language/catalogue.ts'
import { checkAnyWord } from '../../mask/language/checks/any-word.ts'
import { Checks } from '../../mask/language/checks/checks.ts'
import { checkContracts, checkDirectory, type DirectoryFacts } from '../../mask/language/checks/directory.ts'
import { checkDue } from '../../mask/language/checks/due.ts'
import { MAX_PROBLEMS, type RuleFile, ruleSteps } from '../../mask/language/index.ts'
import type { RuleTestFile } from '../../mask/language/read-tests.ts'
import type { RuleSet } from '../../mask/model.ts'

export interface CompiledFolder {
  /** null when any file of any core has an error */
  readonly compiled: {
    readonly rules: RuleSet
    readonly tests: readonly RuleTestFile[]
    /** null when the folder has no institutions and no interfaces (masking only) */
    readonly directory: Directory | null
    readonly anomalies: readonly Anomaly[]
    /** every core's part in canonical form: what the hash is made of and `rules diff` compares */
    readonly parts: BundleParts
    /** of the whole folder */
    readonly hash: string
  } | null
  readonly problems: readonly Problem[]
}

const BELONGS =
  'elements.yaml, bindings/, policies/, dictionaries/*.csv, institutions.yaml, interfaces/, anomalies.yaml'
const KNOWN =
  /^(?:elements\.yaml|institutions\.yaml|anomalies\.yaml|(?:bindings|policies|interfaces)\/(?:[^/]+\/)*[^/]+\.yaml|dictionaries\/[^/]+\.csv)$/

/** The name it would have. */
function hintOf(path: string): string {
  const yaml = path.replace(/\.yml$/i, '.yaml')
  if (yaml !== path && KNOWN.test(yaml)) return `, did you mean "${yaml}"?`
  const [folder = '', ...rest] = yaml.split('/')
  const known = rest.length === 0 ? FILES : FOLDERS
  const near = nearest(folder, known) ?? known.find((name) => name.slice(0, 4) === folder.slice(0, 4)) ?? null
  return near === null ? '' : `, did you mean "${[near, ...rest].join('/')}"?`
}
const FILES = ['elements.yaml', 'institutions.yaml', 'anomalies.yaml']
const FOLDERS = ['bindings', 'policies', 'interfaces', 'dictionaries']

/**
 * @param read problems of reading the folder itself
 * @param today YYYY-MM-DD, to warn of reviews and approvals that are due; null = not asked
 * @param prepared dictionaries made ready in slices (DictionaryCache); null: they are read now, without a pause
 */
export const compileFolder = (
  files: readonly RuleFile[],
  read: readonly Problem[] = [],
  today: string | null = null,
  prepared: PreparedDictionaries | null = null,
): CompiledFolder => finish(folderSteps(files, read, today, prepared))

/** The same in steps, where calls go on meanwhile. */
export function* folderSteps(
  files: readonly RuleFile[],
  read: readonly Problem[],
  today: string | null,
  prepared: PreparedDictionaries | null,
): Steps<CompiledFolder> {
  const problems = new ProblemList()
  problems.all.push(...read)
  for (const { path } of files)
    if (!KNOWN.test(path))
      problems.error(
        { file: path, line: 1, col: 1 },
        'unknown-file',
        `no file of this name belongs to a rules folder${hintOf(path)}`,
        BELONGS,
        bothOf(
          {
            zh: `规则文件夹中没有这种文件${hintOf(path)}`,
            en: `no file of this name belongs to a rules folder${hintOf(path)}`,
          },
          { zh: BELONGS, en: BELONGS },
        ),
      )
  // What is in a file nobody expects is not told as well.
  const known = files.filter(({ path }) => KNOWN.test(path))
  const mask = yield* ruleSteps(known, SHIPPED, prepared)
  problems.all.push(...mask.problems)
  const hasDirectory = files.some((f) => f.path === 'institutions.yaml' || f.path.startsWith('interfaces/'))
  const idOf = new Map((mask.rules?.elements ?? []).map((e) => [e.zh, e.id]))
  const elementId = (written: string): string => idOf.get(written.normalize('NFKC').trim()) ?? written
  const directory = hasDirectory ? compileDirectory(files, problems, elementId).directory : null
  yield
  const anomalies = compileAnomalies(
    files.filter((f) => f.path === 'anomalies.yaml').map((f) => ({ file: f.path, text: f.text })),
  )
  problems.all.push(...anomalies.problems)
  const { rules, tests } = mask
  if (rules !== null) {
    const checks = new Checks(rules, SHIPPED, problems, files)
    if (directory !== null) checkDirectory(checks, factsOf(directory))
    checkAnyWord(checks, directory === null ? null : factsOf(directory))
    if (today !== null) checkDue(checks, today)
    if (today !== null && directory !== null) checkContracts(checks, factsOf(directory), today)
  }
  const told = problems.sorted().slice(0, MAX_PROBLEMS)
  if (rules === null || problems.failed) return { compiled: null, problems: told }
  const mine = yield* maskSteps(rules, tests)
  yield
  const parts: BundleParts = {
    mask: mine,
    access: directory === null ? null : setPart({ institutions: directory.institutions, entries: directory.entries }),
    anomaly: setPart(anomalies.anomalies),
  }
  const hash = yield* hashSteps(parts)
  return { compiled: { rules, tests, directory, anomalies: anomalies.anomalies, parts, hash }, problems: told }
}

const factsOf = (directory: Directory): DirectoryFacts => ({
  institutions: directory.institutions,
  entries: [...directory.entries.values()].map((e) => ({
    id: e.id,
    format: e.format,
    roles: e.roles,
    scenarios: e.scenarios,
    requestPolicy: e.request?.policy ?? null,
    queryElements: e.query.flatMap((q) => (q.element === null ? [] : [q.element])),
    masked: e.masking !== 'none',
    maskedInput: e.maskedInput !== null,
    lists: e.format === 'fhir' || (e.format === 'json' && e.rows !== null),
    at: e.at,
  })),
})
