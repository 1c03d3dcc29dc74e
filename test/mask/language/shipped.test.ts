import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readRuleFolder } from '../../../src/adapters/rule-files.ts'
import { formatProblem } from '../../../src/base/problem.ts'
import { compileFolder } from '../../../src/cli/rules/compile-folder.ts'
import { recheckOf } from '../../../src/cli/rules/recheck.ts'
import { choose } from '../../../src/mask/choose.ts'
import { runRuleTests } from '../../../src/mask/language/rule-test.ts'
import { runSample } from '../../../src/mask/sample.ts'
import { methodByName } from '../../../src/mask/transforms/index.ts'

const RULES = fileURLToPath(new URL('../../../rules', import.meta.url))
const { files, problems } = await readRuleFolder(RULES)
const shipped = compileFolder(files, problems)

test('the shipped rules have no problem, not even a warning', () => {
  assert.deepEqual(shipped.problems.map(formatProblem), [])
  assert.ok(shipped.compiled)
})

test('every policy has its tests and all of them pass', async () => {
  const { rules, tests } = shipped.compiled!
  assert.deepEqual(tests.map((t) => t.policy).toSorted(), rules.policies.map((p) => p.id).toSorted())
  const report = await runRuleTests(
    rules,
    tests,
    (path) => readFile(join(RULES, path)),
    runSample,
    recheckOf(files, rules),
  )
  assert.deepEqual(report.problems.map(formatProblem), [])
  assert.ok(report.passed >= rules.policies.length)
})

test('every element of level 4 and 5 is said by name or falls to a floor or undecided that clears it outside care', () => {
  const { rules } = shipped.compiled!
  const scene = { interfaceId: '', institution: '', purpose: null }
  const outward = rules.policies.filter((p) => ['research', 'third-party', 'management'].includes(p.id))
  assert.equal(outward.length, 3)
  for (const policy of outward)
    for (const element of rules.elements.filter((e) => e.level >= 4))
      assert.notEqual(choose(element, 0, [policy], scene, methodByName).method, 'keep', `${policy.id}: ${element.id}`)
})

test('research keeps what results consist of', () => {
  const research = shipped.compiled!.rules.policies.find((p) => p.id === 'research')!
  for (const id of ['lab-item', 'lab-value', 'lab-unit', 'lab-range', 'amount', 'sex', 'event-date'])
    assert.deepEqual(
      research.cells.get(id)!.map((c) => c.method),
      ['keep'],
      id,
    )
  assert.equal(research.unknown?.treatment, 'codes-only')
})
