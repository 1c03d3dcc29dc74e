/** learn.*: element proposals of `rules learn` against labels a person wrote: precision and recall. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readRuleFolder } from '../src/adapters/rule-files.ts'
import { compileRules } from '../src/mask/language/index.ts'
import type { Level, RuleSet } from '../src/mask/model.ts'
import { learn, type Proposal } from '../src/mask/proof/learn.ts'
import { DEMO, MEDFLOW } from './learn-labels.ts'
import { type Suite, wanted } from './suite.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const MEDFLOW_FOLDER = path('../../shared/corpora/zh/medflow-json-api/tests/data/')
const DEMO_FOLDER = path('../data/demo/')

export interface Score {
  readonly addresses: number
  readonly proposed: number
  readonly right: number
  /** labelled with an element */
  readonly labelled: number
  readonly precision: number
  readonly recall: number
  /** elements of level 4 or 5 proposed as level 1 */
  readonly underrated: readonly string[]
  readonly wrong: readonly string[]
  /** addresses without a label: the labels must be complete */
  readonly strange: readonly string[]
}

export async function shippedRules(): Promise<RuleSet> {
  const { rules } = compileRules((await readRuleFolder(path('../rules'))).files)
  if (rules === null) throw new Error('the shipped rules do not compile')
  return rules
}

/** Without the bindings of JSON: what words, detectors and shapes tell of an interface in nobody's keys. */
export const withoutAliases = (rules: RuleSet): RuleSet => ({
  ...rules,
  bindings: rules.bindings.filter((b) => b.format !== 'json'),
})

const lastKey = ({ address }: Proposal): string => /([^.[\]*']+)(?:\[\*\])*'?\]?$/.exec(address)?.[1] ?? address

export function score(
  rules: RuleSet,
  samples: readonly string[],
  labels: Readonly<Record<string, string | null>>,
): Score {
  const proposals = learn(rules, 'bench.learn', samples)
  const truth = proposals.map((p) => labels[lastKey(p)])
  const levelOf = (id: string | null | undefined): Level | 0 => (id == null ? 0 : rules.elementById.get(id)!.level)
  const proposed = proposals.filter((p) => p.element !== null).length
  const labelled = truth.filter((t) => t != null).length
  const right = proposals.filter((p, i) => p.element !== null && p.element === truth[i]).length
  return {
    addresses: proposals.length,
    proposed,
    right,
    labelled,
    precision: right / proposed,
    recall: right / labelled,
    underrated: proposals.flatMap((p, i) => (levelOf(truth[i]) >= 4 && p.level === 1 ? [p.address] : [])),
    wrong: proposals.flatMap((p, i) =>
      p.element !== (truth[i] ?? null) ? [`${p.address}: ${p.element} instead of ${truth[i]}`] : [],
    ),
    strange: proposals.flatMap((p, i) => (truth[i] === undefined ? [p.address] : [])),
  }
}

export const demoSamples = (): string[] =>
  ['inpatient.his.json', 'control-level.his.json'].map((f) => readFileSync(DEMO_FOLDER + f, 'utf8'))

/** null where the corpora are not there */
export function medflowSamples(): string[] | null {
  if (!existsSync(MEDFLOW_FOLDER)) return null
  const files = readdirSync(MEDFLOW_FOLDER).filter((f) => f.endsWith('.json'))
  return files.sort().map((f) => readFileSync(MEDFLOW_FOLDER + f, 'utf8'))
}

export const learnSuite: Suite = {
  ids: ['learn.demo', 'learn.medflow'],
  async run(prefix, emit) {
    const rules = await shippedRules()
    const report = (id: string, s: Score, bar: { precision: number; recall: number } | null): void => {
      const detail = `${s.right} of ${s.proposed} proposed, ${s.labelled} labelled, ${s.addresses} addresses; level 4-5 as level 1: ${s.underrated.length}`
      for (const what of ['precision', 'recall'] as const) {
        const least = bar?.[what] ?? null
        const holds = least === null ? null : s[what] >= least && s.underrated.length === 0
        emit({ id: `${id}.${what}`, value: s[what], unit: 'share', bar: least, holds }, detail)
      }
    }
    if (wanted('learn.demo', prefix) || prefix.startsWith('learn.demo')) {
      report('learn.demo', score(rules, demoSamples(), DEMO), { precision: 0.9, recall: 0.9 })
      report('learn.demo.blind', score(withoutAliases(rules), demoSamples(), DEMO), null)
    }
    const medflow = medflowSamples()
    if (medflow === null) return void process.stdout.write('learn.medflow: skipped, the corpora are not there\n')
    if (wanted('learn.medflow', prefix) || prefix.startsWith('learn.medflow')) {
      report('learn.medflow', score(rules, medflow, MEDFLOW), { precision: 0.85, recall: 0.9 })
      report('learn.medflow.blind', score(withoutAliases(rules), medflow, MEDFLOW), null)
    }
  },
}
