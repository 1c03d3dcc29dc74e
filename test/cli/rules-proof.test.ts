/** Proofs through the command line, in Chinese and English: risk, coverage, diff, learn, tests of changes, explain. */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { shippedFolder } from '../../src/cli/shipped.ts'
import { veilgate } from '../fixtures/command.ts'

const cwd = await mkdtemp(join(tmpdir(), 'veilgate-proof-'))
after(() => rm(cwd, { recursive: true, force: true }))
for (const name of ['rules', 'next']) await cp(shippedFolder('rules'), join(cwd, name), { recursive: true })
const demo = join(shippedFolder('data/demo'), 'inpatient.his.json')

const edit = async (path: string, from: string, to: string): Promise<void> => {
  const text = await readFile(join(cwd, path), 'utf8')
  assert.ok(text.includes(from), from)
  await writeFile(join(cwd, path), text.replace(from, to))
}

test('rules coverage: text, CSV and JSON, one role, one interface', async () => {
  const zh = await veilgate(['rules', 'coverage', '--role', 'researcher', '--lang', 'zh'], { cwd })
  assert.equal(zh.code, 0)
  assert.match(zh.out, /姓名 +假名 {2}policies\/research\.yaml:\d+/)
  assert.match(zh.out, /手机号 +删除 {2}policies\/research\.yaml:\d+; 未定处理/)
  const csv = await veilgate(['rules', 'coverage', '--format', 'csv', '--interface', 'his.bill'], { cwd })
  assert.match(csv.out, /^element,name,level/)
  assert.match(csv.out, /\r\nmobile,手机号,4,yes,billing,[^\r]*,keep,cell,policies\/billing\.yaml:\d+/)
  const json = await veilgate(['rules', 'coverage', '--format', 'json'], { cwd })
  const matrix = JSON.parse(json.out) as { rows: { element: string }[]; totals: { cells: number } }
  assert.ok(matrix.totals.cells > 500)
  const none = await veilgate(['rules', 'coverage', '--interface', 'none'], { cwd })
  assert.equal(none.code, 2)
})

test('rules coverage: selectors that match nothing in the samples', async () => {
  const typo = '医生姓名错字'
  await cp(join(cwd, 'rules'), join(cwd, 'typo'), { recursive: true })
  await edit('typo/bindings/his.yaml', 'occupation: [zydm,', `occupation: [${typo}, zydm,`)
  const { out, code } = await veilgate(['rules', 'coverage', 'typo', '--samples', demo, '--unused', '--lang', 'zh'], {
    cwd,
  })
  assert.equal(code, 0, out)
  assert.match(out, /个落点中有 \d+ 个在样例中没有命中\n位置 +数据元 +落点\n-+ {2}-+ {2}-+\n/)
  assert.match(out, new RegExp(`bindings/his\\.yaml:\\d+:\\d+ +\\S+ +${typo}\\n`))
  const json = await veilgate(['rules', 'coverage', 'typo', '--samples', demo, '--format', 'json'], { cwd })
  const { selectors } = JSON.parse(json.out) as { selectors: { judged: number; unused: { selector: string }[] } }
  const names = selectors.unused.map((each) => each.selector)
  assert.ok(names.includes(typo) && !names.includes('brxm'), 'what decides a value is not named')
  assert.ok(selectors.judged > names.length)
  assert.ok(!out.includes('张三丰'))
})

test('rules check --lowered is a table, and a list in JSON', async () => {
  const { out } = await veilgate(['rules', 'check', '--lowered', '--lang', 'en'], { cwd })
  assert.match(
    out,
    /\nkey +level +by this line +lowered to +by this line\n(?:-+ *)+\n\S+ +person-name 4 +bindings\/his\.yaml:\d+:\d+ +/,
  )
  const json = await veilgate(['rules', 'check', '--lowered', '--json'], { cwd })
  const { lowered, loweredKeys } = JSON.parse(json.out) as {
    lowered: number
    loweredKeys: { from: { level: number }; by: { level: number } }[]
  }
  assert.equal(loweredKeys.length, lowered)
  assert.ok(lowered > 0 && loweredKeys.every(({ from, by }) => by.level < from.level))
})

test('rules diff: a tightening, then a loosening, with samples under both', async () => {
  await edit('next/policies/research.yaml', 'birth-date: year', 'birth-date: drop')
  const one = await veilgate(['rules', 'diff', 'rules', 'next', '--lang', 'en'], { cwd })
  assert.match(
    one.out,
    /tighter mask\.policies\.research\.cells\.birth-date policies\/research\.yaml:\d+: it leaves less/,
  )
  assert.match(one.out, /birth-date: year → drop \(researcher\/research\)/)
  assert.match(one.out, /tighter inpatient\.json birth-date \S+ x1: year \(replaced\) → drop \(removed\)/)
  assert.match(one.out, /class: tighter: one approver/)
  await edit('next/policies/third-party.yaml', 'mobile: drop', 'mobile: mask')
  assert.match(one.out, /more in raised records \(--raised lists them\)/)
  const raised = await veilgate(['rules', 'diff', 'rules', 'next', '--raised', '--lang', 'en'], { cwd })
  assert.match(
    raised.out,
    /\nverdict +raised by +element +before +after +callers\n(?:-+ *)+\ntighter +\S+ +birth-date +/,
  )
  const two = await veilgate(['rules', 'diff', 'rules', 'next', '--lang', 'zh'], { cwd })
  assert.match(two.out, /更松 mask\.policies\.third-party\.cells\.mobile .*留下的更多/)
  assert.match(two.out, /变更类别: 放宽，须两人批准/)
  for (const secret of ['张三丰', '13812345678', '1990-03-07']) assert.ok(!two.out.includes(secret), secret)
  const same = await veilgate(['rules', 'diff', 'rules', 'rules', '--json'], { cwd })
  assert.equal((JSON.parse(same.out) as { class: string }).class, 'same')
})

test('rules diff reads a bundle file as it reads a folder', async () => {
  const files = [{ path: 'elements.yaml', text: 'elements: {}\n', encoding: 'utf8' }]
  await writeFile(join(cwd, 'bundle.json'), JSON.stringify({ files }))
  const { code, out } = await veilgate(['rules', 'diff', 'bundle.json', 'rules', '--lang', 'en'], { cwd })
  assert.equal(code, 0)
  assert.match(out, /class: looser/)
  await writeFile(join(cwd, 'none.json'), '{}')
  assert.equal((await veilgate(['rules', 'diff', 'none.json', 'rules'], { cwd })).code, 2)
})

test('rules check --risk names combinations for each policy', async () => {
  const { code, out } = await veilgate(['rules', 'check', '--risk', '--lang', 'en'], { cwd })
  assert.equal(code, 0)
  assert.match(out, /researcher\/research .*\(research\)/)
  assert.match(out, /address \+ birth-date: [\d.]+ % of the people are singled out/)
  assert.match(out, /third-party[^\n]*\n(?: {2}[^\n]*\n)* {2}all together: 0\.00 % singled out/)
})

test('rules learn: proposed lines that compile, and wait for a person', async () => {
  const args = ['rules', 'learn', '--interface', 'his.inpatient-record', '--rules', 'rules']
  const sample = join(cwd, 'sample.json')
  await writeFile(sample, JSON.stringify({ data: { list: [{ guardian_phone: '13812345678', brxm: '张三' }] } }))
  const zh = await veilgate([...args, 'sample.json', '--lang', 'zh'], { cwd })
  assert.equal(zh.code, 0)
  assert.match(
    zh.out,
    /手机号:\n {2}- \{ 路径: "\$\.data\.list\[\*\]\.guardian_phone", 状态: 建议 \} {2}# 4 级; 键名 guardian phone; 识别 mobile 1\/1/,
  )
  assert.match(zh.out, /# 已有落点: \$\.data\.list\[\*\]\.brxm person-name/)
  assert.ok(!zh.out.includes('13812345678') && !zh.out.includes('张三'))
  await writeFile(join(cwd, 'rules', 'bindings', 'learned.yaml'), zh.out)
  const check = await veilgate(['rules', 'check'], { cwd })
  assert.equal(check.code, 0, check.out)
  assert.match(check.out, /bindings\/learned\.yaml:4:5: warning proposed: 此行为建议/)
  await rm(join(cwd, 'rules', 'bindings', 'learned.yaml'))
  assert.equal((await veilgate([...args, 'nowhere.json'], { cwd })).code, 2)
  await writeFile(sample, '张三 is no JSON')
  const broken = await veilgate([...args, 'sample.json'], { cwd })
  assert.equal(broken.code, 1)
  assert.ok(!broken.err.includes('张三'))
})

test('rules test: a change that must be refused', async () => {
  const good = await veilgate(['rules', 'test'], { cwd })
  assert.equal(good.code, 0, good.out)
  await edit('rules/policies/nurse.test.yaml', 'keep: 6+4', 'keep: 1+2')
  const bad = await veilgate(['rules', 'test'], { cwd })
  assert.equal(bad.code, 1)
  assert.match(bad.out, /policies\/nurse\.test\.yaml:\d+:\d+: error test-change: .*\(expected combination\)/)
})

test('explain --access: the line that lets a call through or refuses it', async () => {
  const ask = (call: string, ...more: string[]) =>
    veilgate(['explain', '--access', call, '--rules', 'rules', '--at', '2026-11-21', '--json', ...more], { cwd })
  const told = async (call: string, ...more: string[]) => {
    const { code, out } = await ask(call, ...more)
    const { code: why, policies } = JSON.parse(out) as { code: string; policies: string[] }
    return [code, why, ...policies]
  }
  const county = ['--institution', 'county']
  const record = 'GET /teaching/inpatients/ZY1'
  assert.deepEqual(await told(record, ...county, '--role', 'doctor', '--scenario', 'treatment'), [0, 'OK', 'doctor'])
  assert.deepEqual(await told(record, ...county, '--role', 'manager'), [1, 'ROLE_DENIED'])
  assert.deepEqual(await told(record, ...county, '--role', 'doctor', '--scenario', 'research'), [1, 'SCENARIO_DENIED'])
  assert.deepEqual(await told('GET /nowhere', ...county, '--role', 'doctor'), [1, 'INTERFACE_NOT_FOUND'])
  assert.deepEqual(await told('DELETE /teaching/inpatients/ZY1', ...county, '--role', 'doctor'), [
    1,
    'METHOD_NOT_ALLOWED',
  ])
  assert.deepEqual(await told('GET /teaching/../x', ...county, '--role', 'doctor'), [1, 'BAD_PATH_ENCODING'])
  const suspended = await veilgate(
    [
      'explain',
      '--access',
      record,
      ...county,
      '--role',
      'doctor',
      '--scenario',
      'treatment',
      '--at',
      '2029-01-01',
      '--lang',
      'zh',
    ],
    { cwd },
  )
  assert.match(suspended.out, /^CONTRACT_EXPIRED .*\ninstitutions\.yaml:\d+:\d+\n$/)
})

test('explain names every leaf and its line, in the language asked for, and no value', async () => {
  const { out } = await veilgate(['explain', '--role', 'researcher', '--scenario', 'research', '--lang', 'zh', demo], {
    cwd,
  })
  assert.match(out, /\$\.data\.list\[0\]\.brxm +姓名 +假名 -> 替换 +单元 research policies\/research\.yaml:\d+:\d+/)
  for (const secret of ['张三丰', '13812345678', '李四']) assert.ok(!out.includes(secret))
})
