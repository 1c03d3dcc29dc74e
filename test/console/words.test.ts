/** A problem in both languages, whatever the file is written in: what a Chinese reader of an English file is shown. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { activateRules, type Browser, type Console, startConsole } from './fixtures/console.ts'
import { RULE_FILES } from './fixtures/rules.ts'

const RESEARCH = 'policies/research.yaml'
const HAN = /\p{Script=Han}/u

interface Told {
  readonly code: string
  readonly message: string
  readonly zh?: { readonly message: string; readonly expected?: string }
  readonly en?: { readonly message: string; readonly expected?: string }
}

let at: Console
let lin: Browser
let draft = ''
before(async () => {
  at = await startConsole()
  await activateRules(at)
  lin = await at.person('lin.wei', 'editor')
  draft = (await lin.post('/api/drafts', { title: 'words' })).json.id
})
after(() => at.close())

const text = (path: string): string => RULE_FILES.find((f) => f.path === path)!.text

async function told(files: readonly object[]): Promise<Told[]> {
  return (await lin.post(`/api/drafts/${draft}/check`, { files })).json.problems
}

function inBoth(problems: readonly Told[], ...codes: string[]): void {
  for (const code of codes) {
    const problem = problems.find((p) => p.code === code)
    assert.ok(problem !== undefined, `${code} of ${problems.map((p) => p.code)}`)
    assert.match(problem.zh?.message ?? '', HAN, code)
    assert.ok(problem.en !== undefined && !HAN.test(problem.en.message), code)
    assert.ok([problem.zh!.message, problem.en.message].includes(problem.message), code)
  }
}

test('the compiler: words, parameters, YAML, files, whole folders', async () => {
  const broken = text(RESEARCH)
    .replace('mobile: mask ', 'mobile: msk ')
    .replace('resident-id: redact', 'resident-id: { method: mask, first: many }')
  inBoth(await told([{ path: RESEARCH, text: broken }]), 'unknown-method', 'bad-parameter')
  inBoth(await told([{ path: RESEARCH, text: `${text(RESEARCH)}undecided: drop\n` }]), 'yaml-duplicate-key')
  inBoth(await told([{ path: 'notes.yaml', text: 'a: b\n' }]), 'unknown-file')
  const chinese = await told([{ path: 'policies/doctor.yaml', text: '策略: doctor\n脱敏:\n  手机号: 遮闭\n' }])
  assert.match(chinese.find((p) => p.code === 'unknown-method')!.message, HAN, "the file's own language first")
})

test('rule tests that fail', async () => {
  const path = 'policies/research.test.yaml'
  const failing = text(path).replace('no-original', 'unchanged')
  const { json } = await lin.post(`/api/rules/${draft}/tests`, { files: [{ path, text: failing }] })
  assert.equal(json.failed, 1)
  inBoth(json.problems, 'test-failed')
})

test('a rule test of a change runs as it does at the gate', async () => {
  const path = 'policies/research.test.yaml'
  const change = (code: string) => `${text(path)}- name: typo\n  change: { mobile: msk }\n  refused: ${code}\n`
  const run = async (code: string) =>
    (await lin.post(`/api/rules/${draft}/tests`, { files: [{ path, text: change(code) }] })).json
  const { passed, failed } = await run('unknown-method')
  assert.deepEqual([passed, failed], [2, 0])
  assert.equal((await run('combination')).failed, 1)
})
