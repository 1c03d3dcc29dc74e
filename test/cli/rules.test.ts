import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EXIT } from '../../src/cli/command.ts'
import { RESEARCH } from '../mask/language/fixture.ts'
import { folder, run } from './rules-folder.ts'

test('check: a sound folder is 0, with its hash', async () => {
  const { code, out } = await run(folder(), 'check')
  assert.equal(code, EXIT.done)
  assert.match(out, /^0 errors, 0 warnings in 4 files\nbundle sha256:[0-9a-f]{64}\n$/)
})

test('check: a faulty folder is 1, with every problem on a line of its own', async () => {
  const cwd = folder({ 'policies/research.yaml': `${RESEARCH}adress: keep\n`, 'polices/x.yaml': 'a: b\n' })
  const { code, out } = await run(cwd, 'check', 'rules')
  assert.equal(code, EXIT.refused)
  assert.match(out, /^polices\/x.yaml:1:1: error unknown-file: /m)
  assert.match(out, /^policies\/research.yaml:16:1: error unknown-key: unknown key "adress"/m)
  assert.match(out, /2 errors, 0 warnings in 5 files\n$/)
})

test('check --json: the same as figures', async () => {
  const good = JSON.parse((await run(folder(), 'check', '--json')).out)
  assert.equal(good.ok, true)
  assert.deepEqual([good.errors, good.elements, good.bindings, good.policies], [0, 11, 12, 1])
  const bad = JSON.parse((await run(folder({ 'policies/p.yaml': 'policy: p\n' }), 'check', '--json')).out)
  assert.equal(bad.ok, false)
  assert.equal(bad.hash, null)
  assert.deepEqual(
    bad.problems.map((p: { file: string; line: number; code: string }) => [p.file, p.line, p.code]),
    [['policies/p.yaml', 1, 'missing-key']],
  )
})

test('names that policies and directory do not share are errors', async () => {
  const cwd = folder({
    'institutions.yaml': 'institutions:\n  county: { zh: 县医院, certificates: [], cidrs: [127.0.0.1/32] }\n',
    'bindings/own.yaml': 'interface: his.nowhere\nmobile: [dhhm]\n',
    'policies/o.yaml': 'policy: o\nfor: { institutions: [cuonty] }\nelements: { mobile: drop }\n',
  })
  const { code, out } = await run(cwd, 'check')
  assert.equal(code, EXIT.refused)
  assert.match(out, /bindings\/own.yaml:1:12: error unknown-interface/)
  assert.match(
    out,
    /policies\/o.yaml:2:23: error unknown-institution: .*"cuonty", did you mean "county"\? \(expected one of county\)/,
  )
})

test('test: passed and failed are counted, a failure is 1', async () => {
  const sample = '{"data":{"brxm":"张三丰","value":1.10}}'
  const good = { 'policies/samples/a.json': sample }
  const line = (want: string) => `- { sample: samples/a.json, at: 2026-11-21, expect: { lab-value: ${want} } }\n`
  const passed = await run(folder({ ...good, 'policies/research.test.yaml': line('unchanged') }), 'test')
  assert.deepEqual([passed.code, passed.out], [EXIT.done, '1 passed, 0 failed\n'])
  const failed = await run(folder({ ...good, 'policies/research.test.yaml': line('removed') }), 'test')
  assert.equal(failed.code, EXIT.refused)
  assert.match(failed.out, /^policies\/research.test.yaml:1:55: error test-failed/)
  const broken = await run(folder({ 'policies/p.yaml': 'policy: p\n' }), 'test', '--json')
  assert.equal(broken.code, EXIT.refused)
  assert.equal(JSON.parse(broken.out).ok, false)
})

test('fmt: prints one file, names those that would change, and writes both ways', async () => {
  const cwd = folder()
  const one = await run(cwd, 'fmt', '--lang', 'zh', 'rules/policies/research.yaml')
  assert.equal(one.code, EXIT.done)
  assert.match(one.out, /^策略: research$/m)
  assert.match(one.out, /^ {2}住址: \{ 方法: 截断, 保留: 市 \}$/m)
  const named = await run(cwd, 'fmt', '--lang', 'zh')
  assert.equal(named.out, 'bindings/his.yaml\nelements.yaml\npolicies/research.yaml\n')
  const before = (await run(cwd, 'check')).out
  assert.equal((await run(cwd, 'fmt', '--lang', 'zh', '--write')).code, EXIT.done)
  const file = join(cwd, 'rules', 'policies', 'research.yaml')
  assert.match(readFileSync(file, 'utf8'), /^脱敏:$/m)
  assert.equal((await run(cwd, 'check')).out, before)
  await run(cwd, 'fmt', '--lang', 'en', '--write')
  assert.equal(readFileSync(file, 'utf8'), RESEARCH)
})

test('fmt: a file that cannot be read is named and 1', async () => {
  const { code, err } = await run(folder({ 'policies/p.yaml': 'policy: p\n\tx: 1\n' }), 'fmt', '--lang', 'zh')
  assert.equal(code, EXIT.refused)
  assert.match(err, /^policies\/p.yaml: /)
})

test('wrong usage is 2', async () => {
  const cwd = folder()
  for (const args of [
    [],
    ['chekc'],
    ['fmt'],
    ['fmt', '--lang', 'fr'],
    ['check', 'a', 'b'],
    ['check', 'nowhere'],
    ['check', '--x'],
  ])
    assert.equal((await run(cwd, ...args)).code, EXIT.usage, args.join(' '))
})
