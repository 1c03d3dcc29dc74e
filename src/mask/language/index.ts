/**
 * The door of the rules language: files of a rules folder in, one immutable rule set or every problem out. Files of
 * other cores (institutions, interfaces, anomalies) are theirs to read and are passed over here.
 */
import { Reading } from '../../base/fields.ts'
import { type Problem, ProblemList } from '../../base/problem.ts'
import { finish, type Steps } from '../../base/steps.ts'
import { type Lang, languageOf } from '../../base/vocabulary.ts'
import { isDictionaryFile, type PreparedDictionaries } from '../dictionary/prepare.ts'
import { dictionarySteps } from '../dictionary/read.ts'
import type { Binding, Dictionary, Policy, RuleSet } from '../model.ts'
import { type Catalogue, SHIPPED } from './catalogue.ts'
import { checkCare } from './checks/care.ts'
import { Checks } from './checks/checks.ts'
import { checkCoding } from './checks/coding.ts'
import { checkCombination } from './checks/combination.ts'
import { checkConditions } from './checks/conditions.ts'
import { checkConflicts } from './checks/conflicts.ts'
import { checkDictionaries } from './checks/dictionaries.ts'
import { checkInvented } from './checks/methods.ts'
import { checkNames } from './checks/names.ts'
import { checkNever, checkUnbound } from './checks/never.ts'
import { checkOverlaps } from './checks/overlaps.ts'
import { ElementIndex } from './element-index.ts'
import { readBindings } from './read-bindings.ts'
import { readElements } from './read-elements.ts'
import { readPolicy } from './read-policies.ts'
import { type RuleTestFile, readTests } from './read-tests.ts'

/** One file of the folder; path with `/`, relative to the folder. */
export interface RuleFile {
  readonly path: string
  readonly text: string
}

export interface CompiledRules {
  /** null when there is any error */
  readonly rules: RuleSet | null
  readonly tests: readonly RuleTestFile[]
  /** all at once, sorted by place; at most {@link MAX_PROBLEMS} */
  readonly problems: readonly Problem[]
}

export const MAX_PROBLEMS = 1000

/** A check may be long: then it gives its steps. */
type Check = (checks: Checks) => void | Steps<void>

const CHECKS: readonly Check[] = [
  checkConflicts,
  checkOverlaps,
  checkConditions,
  checkCare,
  checkInvented,
  checkCombination,
  checkCoding,
  checkNever,
]

/** @param prepared dictionaries read before, in slices; those not in it are read now */
export const compileRules = (
  files: readonly RuleFile[],
  catalogue: Catalogue = SHIPPED,
  prepared: PreparedDictionaries | null = null,
): CompiledRules => finish(ruleSteps(files, catalogue, prepared))

/** The same in steps: a consortium's folder takes seconds, and calls go on meanwhile. */
export function* ruleSteps(
  files: readonly RuleFile[],
  catalogue: Catalogue,
  prepared: PreparedDictionaries | null,
): Steps<CompiledRules> {
  const problems = new ProblemList()
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const elementsFile = sorted.find((f) => f.path === 'elements.yaml')
  if (elementsFile === undefined)
    problems.error(
      { file: 'elements.yaml', line: 1, col: 1 },
      'missing-file',
      'the folder has no elements.yaml',
      'elements.yaml',
    )
  const elements = new ElementIndex(
    elementsFile === undefined ? [] : readElements(elementsFile.path, elementsFile.text, catalogue, problems),
  )
  const bindings: Binding[] = []
  const policies: Policy[] = []
  const dictionaries = new Map<string, Dictionary>()
  const tests: RuleTestFile[] = []
  for (const { path, text } of sorted) {
    if (/^bindings\/.*\.ya?ml$/.test(path)) bindings.push(...readBindings(path, text, elements, catalogue, problems))
    else if (/\.test\.ya?ml$/.test(path)) tests.push(readTests(path, text, elements, catalogue, problems))
    else if (/^policies\/.*\.ya?ml$/.test(path))
      addPolicy(policies, readPolicy(path, text, elements, catalogue, problems), languageOf(text), problems)
    else if (isDictionaryFile(path)) {
      const { dictionary, problems: told } = prepared?.get(path) ?? (yield* dictionarySteps(path, text))
      for (const problem of told) problems.all.push(problem)
      if (dictionary !== null) dictionaries.set(dictionary.id, dictionary)
    }
    yield
  }
  const rules: RuleSet = {
    elements: elements.all,
    elementById: new Map(elements.all.map((e) => [e.id, e])),
    bindings,
    policies,
    dictionaries,
  }
  yield* checkRelations(rules, catalogue, problems, sorted)
  return { rules: problems.failed ? null : rules, tests, problems: problems.sorted().slice(0, MAX_PROBLEMS) }
}

/** Relations are judged between sound files only: anything else would tell the same mistake twice. */
function* checkRelations(
  rules: RuleSet,
  catalogue: Catalogue,
  problems: ProblemList,
  files: readonly RuleFile[],
): Steps<void> {
  const broken = new Set(problems.all.filter((p) => p.severity === 'error').map((p) => p.file))
  if (broken.has('elements.yaml')) return
  const sound: RuleSet = {
    ...rules,
    bindings: rules.bindings.filter((b) => !broken.has(b.at.file)),
    policies: rules.policies.filter((p) => !broken.has(p.at.file)),
  }
  const checks = new Checks(sound, catalogue, problems, files)
  for (const check of CHECKS) {
    const steps = check(checks)
    if (steps !== undefined) yield* steps
    yield
  }
  if (broken.size > 0) return
  checkNames(checks)
  checkUnbound(checks)
  checkDictionaries(checks)
}

function addPolicy(policies: Policy[], policy: Policy | null, lang: Lang, problems: ProblemList): void {
  if (policy === null) return
  const first = policies.find((p) => p.id === policy.id)
  if (first === undefined) {
    policies.push(policy)
    return
  }
  const place = `${first.at.file}:${first.at.line}`
  new Reading(policy.at.file, lang, problems).error(
    policy.at,
    'policy-twice',
    { zh: `策略“${policy.id}”已在 ${place}`, en: `the policy "${policy.id}" stands at ${place} already` },
    { zh: '另取名称', en: 'another name' },
  )
}
