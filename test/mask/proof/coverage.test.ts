/** The matrix: every cell with its line, floors applied, undecided shown, refused callers named. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coverage } from '../../../src/mask/proof/coverage.ts'
import { csvRow } from '../../../src/mask/proof/csv-row.ts'
import { policy, rulesOf } from '../language/fixture.ts'

const INTERFACES = [
  { id: 'his.x', format: 'json' as const, roles: ['researcher', 'guest'], scenarios: ['research'] },
  { id: 'hl7.x', format: 'hl7v2' as const, roles: ['researcher'], scenarios: null },
]

const cellIn = (matrix: ReturnType<typeof coverage>, element: string, column: string) => {
  const i = matrix.columns.findIndex((c) => c.id === column)
  assert.ok(i >= 0, `${column} of ${matrix.columns.map((c) => c.id).join(' ')}`)
  return matrix.rows.find((r) => r.element === element)!.cells[i] ?? null
}

test('each cell names its line, its source and what is left', () => {
  const matrix = coverage(rulesOf(), { interfaces: INTERFACES })
  assert.deepEqual(
    matrix.columns.map((c) => [c.id, c.policies.join()]),
    [
      ['guest', ''],
      ['researcher/research', 'research'],
      ['researcher/*', ''],
    ],
  )
  const name = cellIn(matrix, 'person-name', 'researcher/research')!
  assert.deepEqual([name.method, name.source, name.at?.line, name.leaves > 0], ['pseudonym', 'cell', 8, true])
  const mobile = cellIn(matrix, 'mobile', 'researcher/research')!
  assert.deepEqual([mobile.method, mobile.source, mobile.leaves], ['drop', 'undecided', 0])
  assert.equal(cellIn(matrix, 'mobile', 'guest'), null)
  assert.deepEqual(
    matrix.columns.map((c) => c.unknown?.treatment ?? null),
    [null, 'redact', null],
  )
  const { cells, decided, undecided, floors, denied } = matrix.totals
  assert.equal(decided + undecided + floors + denied, cells)
})

test('a floor stands in the cell it overrules, and raised records stand beside', () => {
  const rules = rulesOf({
    'policies/p.yaml': policy(
      'p',
      'undecided: drop\nunknown: drop\nfloors: { contact: never-clear, level-5: drop }\nelements: { mobile: keep, diagnosis: keep }\n',
    ),
  })
  const matrix = coverage(rules)
  const mobile = cellIn(matrix, 'mobile', 'tester')!
  assert.deepEqual(
    [mobile.method, mobile.source, mobile.at?.line, mobile.overruled?.method],
    ['redact', 'floor', 5, 'keep'],
  )
  const diagnosis = cellIn(matrix, 'diagnosis', 'tester')!
  assert.deepEqual(
    diagnosis.raised.map((r) => [r.by, r.method]),
    [['level-5', 'drop']],
  )
})

test('when: of an interface is seen on that interface, and listed elsewhere', () => {
  const lines =
    'undecided: drop\nunknown: drop\nelements: { mobile: [mask, { method: drop, when: { interfaces: [his.x] } }] }\n'
  const rules = rulesOf({ 'policies/p.yaml': policy('p', lines, '{ roles: [guest] }') })
  const all = coverage(rules, { interfaces: INTERFACES })
  const anywhere = cellIn(all, 'mobile', 'guest')!
  assert.deepEqual([anywhere.method, anywhere.narrowed.map((n) => n.method)], ['mask', ['drop']])
  const one = coverage(rules, { interfaces: INTERFACES, interfaceId: 'his.x' })
  assert.equal(cellIn(one, 'mobile', 'guest')!.method, 'drop')
  assert.deepEqual([...new Set(one.columns.flatMap((c) => c.scenarios))], ['research'])
  assert.throws(() => coverage(rules, { interfaces: INTERFACES, interfaceId: 'none' }), RangeError)
})

test('an element no interface of the format binds says so', () => {
  const matrix = coverage(rulesOf(), { interfaces: INTERFACES, interfaceId: 'hl7.x' })
  assert.ok(matrix.rows.every((r) => !r.bound))
})

test('the matrix is plain: what goes out as JSON is the same matrix', () => {
  const matrix = coverage(rulesOf(), { interfaces: INTERFACES })
  assert.deepEqual(JSON.parse(JSON.stringify(matrix)), matrix)
})

test('X66: a cell a spreadsheet would run is text', () => {
  assert.equal(
    csvRow(['=HYPERLINK("x")', '+1', 'a,b', '-', '@x', 'plain']),
    '"\'=HYPERLINK(""x"")",\'+1,"a,b",\'-,\'@x,plain\r\n',
  )
  for (const lead of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    assert.ok(/^"?'/.test(csvRow([`${lead}1`])), JSON.stringify(lead))
  assert.equal(csvRow(['x;=1+1', 'y\t＝1']), '"x;=1+1","y\t＝1"\r\n')
})
