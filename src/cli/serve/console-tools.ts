/** The compilers as the console uses them: rules, rule tests, comparison, uploaded tables. */
import { readTable } from '../../adapters/spreadsheet/table.ts'
import { inSlices } from '../../base/steps.ts'
import type { RuleTools } from '../../console/api/options.ts'
import { DictionaryCache } from '../../mask/dictionary/prepare.ts'
import { runRuleTests } from '../../mask/language/rule-test.ts'
import type { Treatment } from '../../mask/proof/coverage.ts'
import { diffRules, type RulesDiff } from '../../mask/proof/diff.ts'
import { runSample } from '../../mask/sample.ts'
import type { BundleFile } from '../../release/model.ts'
import { peopleFor } from '../../release/quorum.ts'
import { readerOf, ruleFilesOf } from '../release/bundle-files.ts'
import { type CompiledFolder, folderSteps } from '../rules/compile-folder.ts'
import { sideOf } from '../rules/open-bundle.ts'
import { recheckOf } from '../rules/recheck.ts'
import { pace } from './pace.ts'

/** changes and cells that are told of one comparison */
const MOST = 2000

/** @param today YYYY-MM-DD in the configured zone */
export function consoleTools(today: () => string): RuleTools {
  const dictionaries = new DictionaryCache()
  const compile = async (files: readonly BundleFile[]): Promise<CompiledFolder> => {
    const rules = ruleFilesOf(files)
    const pause = pace()
    return inSlices(folderSteps(rules, [], today(), await dictionaries.prepare(rules, pause)), pause)
  }
  return {
    compile,
    test: ({ rules, tests }, files) =>
      runRuleTests(rules, tests, readerOf(files), runSample, recheckOf(ruleFilesOf(files), rules)),
    async diff(before, after) {
      const [from, to] = [await compile(before), await compile(after)]
      if (from.compiled === null || to.compiled === null) return null
      const sides = [await sideOf(from.compiled, readerOf(before)), await sideOf(to.compiled, readerOf(after))] as const
      return differenceOf(diffRules(...sides))
    },
    async readTable(bytes, file) {
      // the thread that reads a workbook takes the memory with it
      const { table, problems } = await readTable(Buffer.from(bytes), file, 'zh')
      return { table, problems }
    },
  }
}

function differenceOf({
  class: change,
  changes,
  cells,
}: RulesDiff): NonNullable<Awaited<ReturnType<RuleTools['diff']>>> {
  const parts = changes.map(({ path, verdict, reason, before, after }) => ({
    what: path,
    class: verdict,
    message: reason,
    before: before === null ? null : { text: path, at: before },
    after: after === null ? null : { text: path, at: after },
  }))
  const treated = cells.map(({ verdict, element, callers, reason, before, after }) => ({
    what: element === null ? 'unknown' : 'cell',
    class: verdict,
    message: reason,
    element,
    column: callers.join(', '),
    before: sideText(before),
    after: sideText(after),
  }))
  return { class: change, needs: peopleFor(change), changes: [...treated, ...parts].slice(0, MOST) }
}

function sideText(treatment: Treatment | null) {
  if (treatment === null) return null
  const { method, params, at } = treatment
  const said = Object.entries(params).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  return { text: said.length === 0 ? method : `${method} { ${said.join(', ')} }`, at, method, params }
}
