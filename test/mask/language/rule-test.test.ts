import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from '../../../src/base/problem.ts'
import { runRuleTests } from '../../../src/mask/language/rule-test.ts'
import { runSample } from '../../../src/mask/sample.ts'
import { compile } from './fixture.ts'

const SAMPLE = JSON.stringify({
  code: 0,
  data: {
    brxm: '张三丰',
    sfzh: '500103199003070025',
    jtdz: '重庆市渝中区示例路10号1单元',
    csrq: '1990-03-07',
    zdmc: '癌症',
    value: 12.5,
  },
})
const LEVEL5 = JSON.stringify({ data: { zdmc: 'B20.1', value: 1 } })
const SAMPLES: Readonly<Record<string, string>> = { 'policies/a.json': SAMPLE, 'policies/b.json': LEVEL5 }

async function run(tests: string, changes: Readonly<Record<string, string>> = {}) {
  const { rules, tests: files, problems } = compile({ ...changes, 'policies/research.test.yaml': tests })
  assert.ok(rules, problems.map(formatProblem).join('\n'))
  const read = async (path: string) => (SAMPLES[path] === undefined ? null : Buffer.from(SAMPLES[path]))
  const report = await runRuleTests(rules, files, read, runSample)
  return {
    ...report,
    told: report.problems.map(formatProblem).map((l) => l.replace('policies/research.test.yaml:', '')),
  }
}

test('a test that holds passes: unchanged, no-original, exact text, refusal', async () => {
  const { passed, told } = await run(
    `- sample: a.json
  at: 2026-11-21
  expect: { person-name: no-original, resident-id: 35-39岁, address: 重庆市***, birth-date: "1990", lab-value: unchanged, diagnosis: CA }
- { sample: b.json, at: 2026-11-21, refused: LEVEL5_FORBIDDEN }
- { sample: a.json, at: 2026-11-21, role: nobody, refused: ROLE_DENIED }
`,
  )
  assert.deepEqual(told, [])
  assert.equal(passed, 3)
})

test('a test that does not hold says which element at which line, and never quotes the sample', async () => {
  const { told, failed } = await run(`- sample: a.json
  at: 2026-11-21
  expect:
    person-name: unchanged
    resident-id: 30-34岁
    address: removed
    lab-value: no-original
    mobile: removed
- { sample: a.json, at: 2026-11-21, refused: ROLE_DENIED }
- { sample: b.json, at: 2026-11-21, expect: { lab-value: unchanged } }
- { sample: c.json, at: 2026-11-21, expect: { lab-value: unchanged } }
- { sample: a.json, expect: { lab-value: unchanged } }
`)
  assert.deepEqual(
    told.map((l) => l.replace(/: error /, ' ')),
    [
      '4:5 test-failed: "person-name" was changed (expected unchanged)',
      '5:5 test-failed: 1 of 1 values of "resident-id" are something else (expected 30-34岁)',
      '5:5 test-failed: "resident-id" never became 30-34岁 (expected 30-34岁)',
      '6:5 test-failed: "address" left 1 of 1 values (expected removed)',
      '7:5 test-failed: 1 of 1 values of "lab-value" are found in the result (expected no-original)',
      '8:5 test-absent: the sample holds no "mobile" (expected a sample with the element)',
      '9:3 test-refused: the result is OK (expected ROLE_DENIED)',
      '10:3 test-refused: the result is LEVEL5_FORBIDDEN (expected OK)',
      '11:3 test-sample: there is no sample policies/c.json (expected a file beside the test)',
      '12:3 test-date: the result depends on the date (expected at: YYYY-MM-DD)',
    ],
  )
  assert.equal(failed, 5)
  for (const secret of ['张三', '5001', '渝中']) assert.equal(told.join('').includes(secret), false)
})

test('tests in Chinese', async () => {
  const { told, passed } = await run(
    '- 样例: a.json\n  日期: 2026-11-21\n  期望: { 姓名: 不含原文, 检验结果值: 不变, 住址: 重庆市*** }\n',
  )
  assert.deepEqual(told, [])
  assert.equal(passed, 1)
})

test('a change of the policy that must be refused: by its code, without a sample', async () => {
  const recheck = (_policy: string, change: readonly { target: string; written: string }[]) =>
    change[0]?.written === 'keep' ? ['keep-level-5'] : []
  const tests = `- { change: { credential: keep }, refused: keep-level-5 }
- { change: { credential: drop }, refused: keep-level-5 }
- { 改动: { undecided: keep }, refused: combination }
`
  const { rules, tests: files } = compile({ 'policies/research.test.yaml': tests })
  assert.ok(rules)
  const report = await runRuleTests(rules, files, async () => null, runSample, recheck)
  assert.equal(report.passed, 1)
  assert.deepEqual(
    report.problems.map((p) => [p.line, p.code, p.expected]),
    [
      [2, 'test-change', 'keep-level-5'],
      [3, 'test-change', 'combination'],
    ],
  )
  const unrun = await runRuleTests(rules, files, async () => null, runSample)
  assert.equal(unrun.failed, 3)
})
