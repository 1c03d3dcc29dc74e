/** A consortium's rules: thousands of tables compile in seconds, and a call costs what it cost before. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProblemList } from '../../../src/base/problem.ts'
import { inSlices } from '../../../src/base/steps.ts'
import { parseFullYaml } from '../../../src/base/yaml.ts'
import { parsePlainYaml } from '../../../src/base/yaml-plain.ts'
import { compileFolder, folderSteps } from '../../../src/cli/rules/compile-folder.ts'
import { compileRules } from '../../../src/mask/index.ts'
import { scaled } from '../../fixtures/scale.ts'
import { mask, OUTSIDE, planOf, rulesOf, shippedBindings } from '../formats/folded.ts'
import { FIELDS, fieldKey, interfaceOf, scaleBindings, TABLES } from './scale-folder.ts'

const scale = { tables: scaled(TABLES, 500), fields: scaled(FIELDS, 9000) }

/** Keys of a table that begin so and stand in its bindings by themselves, not as a path. */
const ownKeys = (table: number, begin: string): string[] =>
  Array.from({ length: Math.floor(scale.fields / scale.tables) }, (_, n) => n)
    .filter((n) => n % 7 !== 3)
    .map((n) => fieldKey(table, n))
    .filter((key) => key.startsWith(begin))

describe('a consortium of tables', () => {
  const own = scaleBindings(scale)
  const rules = rulesOf(own)

  it(`${scale.tables} tables have ${scale.fields} fields, each bound`, () => {
    assert.equal(rules.bindings.filter((b) => b.interfaceId !== null).length, scale.fields)
    assert.equal(new Set(rules.bindings.map((b) => b.interfaceId)).size, scale.tables + 1)
  })

  it('compiles in time that grows with the fields', () => {
    const files = [...shippedBindings(), { path: 'policies/outside.yaml', text: OUTSIDE }, ...own]
    const from = process.cpuUsage()
    compileRules(files)
    const { user, system } = process.cpuUsage(from)
    // 3 s for all fields, on a machine that runs other tests beside; the bench (rules.scale) holds the bar
    assert.ok(user + system < 12_000_000 * Math.max(scale.fields / FIELDS, 0.2), `${user + system} us`)
  })

  it('compiles and is hashed in slices: calls go on between them', async () => {
    const files = [...shippedBindings(), { path: 'policies/outside.yaml', text: OUTSIDE }, ...own]
    const unsliced = folderSteps(files, [], null, null)
    let steps = 0
    let longest = 0
    for (let from = process.cpuUsage(); unsliced.next().done !== true; from = process.cpuUsage(), steps++) {
      const { user, system } = process.cpuUsage(from)
      longest = Math.max(longest, user + system)
    }
    assert.ok(steps > scale.tables + scale.fields / 4096, `${steps} steps`)
    // a few dozen milliseconds (the shipped FHIR file is read at once); a machine that runs other tests beside counts double
    assert.ok(longest < 1_500_000, `${longest} us in one step`)
    let pauses = 0
    const pause = async () => void pauses++
    const { compiled, problems } = await inSlices(folderSteps(files, [], null, null), pause)
    assert.deepEqual(problems, [])
    assert.equal(compiled!.hash, compileFolder(files).compiled!.hash)
    assert.ok(pauses > 3, `${pauses} pauses`)
  })

  it('a table is masked by its own lines', () => {
    // not every table has a name field, and the first ones are the largest
    const table = Array.from({ length: scale.tables }, (_, i) => scale.tables - 1 - i).find(
      (t) => ownKeys(t, 'xm').length > 0,
    )!
    const plan = planOf('outside', 'json', rules, { interfaceId: interfaceOf(table) })
    const key = ownKeys(table, 'xm')[0]!
    assert.equal(mask(plan, JSON.stringify({ [key]: '张三' })), JSON.stringify({ [key]: '张**' }))
    const other = planOf('outside', 'json', rules, { interfaceId: interfaceOf(0) })
    assert.equal(mask(other, JSON.stringify({ [key]: '张三' })), JSON.stringify({ [key]: '***' }))
  })

  it('a conflict inside one of them is found', () => {
    const bad = `interface: ${interfaceOf(1)}\nperson-name: [key_a, "$.a.b"]\nmobile: [key_b, "$.a['b']"]\n`
    const { problems } = compileRules([
      ...shippedBindings(),
      ...own.filter((f) => !f.path.includes('table-1.')),
      { path: 'bindings/bad.yaml', text: bad },
    ])
    const told = problems.filter((p) => p.code === 'binding-conflict').map((p) => `${p.line}:${p.col}`)
    assert.deepEqual(told, ['3:17'])
  })
})

describe('the fast reader of plain files', () => {
  const SAME = [
    'a: b\n',
    '# c\n\nformat: json\nx: [a, b.c, d-e, 姓名]\ny: "q, [x]"\n',
    'interface: a.b\np: [x, { key: xm, in: patient }, "$.a[*].b"] # why\nq: { path: "$.a", }\n',
    'p: [ a , b ]   \nq: 文字',
    'a: {b: c}\n',
    'a: [b\n  , c]\n',
    'a: null\nb: [true, x]\nc: ~\n',
    'a: x y\n',
    'a: b\na: c\n',
    ' a: b\n',
    'a: 1\n',
    'a: [x]y\n',
    'a: &b c\n',
    'a: b#c\n',
    'a: b:c\nd: [e:f]\n',
    'a: [x,]\n',
    'a: []\n',
    'a:b\n',
    '---\na: b\n',
    '"a": b\n',
    'a: "\\n"\n',
    'a: b\r\nc: d\r\n',
    '',
  ]
  for (const text of [
    ...SAME,
    ...scaleBindings({ tables: 3, fields: 60 }).map((f) => f.text),
    ...shippedBindings().map((f) => f.text),
  ])
    it(`reads ${JSON.stringify(text.slice(0, 40))} as the general one does, or not at all`, () => {
      const fast = parsePlainYaml('f.yaml', text)
      if (fast === null) return
      const problems = new ProblemList()
      assert.deepEqual(fast, parseFullYaml('f.yaml', text, problems))
      assert.deepEqual(problems.all, [])
    })
  it('reads what the generator writes', () => {
    for (const { path, text } of scaleBindings({ tables: 5, fields: 90 }))
      assert.ok(parsePlainYaml(path, text) !== null)
  })
})
