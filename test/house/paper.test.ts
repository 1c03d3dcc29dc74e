/** The checks of ARCHITECTURE.md's tables can fail too. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkGlossary, checkPorts, checkRoad } from './paper.ts'
import { items, tableUnder } from './tables.ts'
import { matchesPath, type SourceFile } from './tree.ts'

const file = (path: string, text: string): SourceFile => ({ path, text })

describe('tableUnder', () => {
  const text = '# a\n\n## b\n\nwords\n\n| `x` | y |\n|---|---|\n| `1`, 2 | p \\| q |\n\n## c\n'
  it('reads a table', () => assert.deepEqual(tableUnder(text, 'b'), [{ x: '1, 2', y: 'p | q' }]))
  it('refuses a heading without one', () => assert.throws(() => tableUnder(text, 'c')))
  it('refuses a missing heading', () => assert.throws(() => tableUnder(text, 'd')))
  it('splits lists', () => assert.deepEqual(items('a, b · c – '), ['a', 'b', 'c –']))
  it('knows the empty list', () => assert.deepEqual(items('–'), []))
})

describe('matchesPath', () => {
  it('stays within a segment', () => {
    assert.ok(matchesPath('src/a/*.ts', 'src/a/b.ts'))
    assert.ok(!matchesPath('src/a/*.ts', 'src/a/b/c.ts'))
    assert.ok(!matchesPath('src/a.ts', 'src/axts'))
    assert.ok(matchesPath('src/a/', 'src/a/b/c.ts'))
  })
})

describe('checkRoad', () => {
  const call = file('src/gateway/call.ts', 'export interface Received {}\nexport interface Identified {}')
  const one = file('src/gateway/steps/one.ts', "throw new GatewayError('A_B')")
  const two = file('src/gateway/steps/two.ts', '')
  const pipeline = file(
    'src/gateway/pipeline.ts',
    "import { one } from './steps/one.ts'\nimport { two } from './steps/two.ts'\n\nconst x = two(one(y))\n",
  )
  const straight = file(pipeline.path, pipeline.text.replace('two(one(y))', 'one(y) + two(x)'))
  const road = [
    { file: one.path, takes: 'Received', gives: 'Identified', 'can refuse with': 'A_*' },
    { file: two.path, takes: 'Identified', gives: 'bytes', 'can refuse with': '–' },
  ]
  const codes = ['A_B', 'A_C']

  it('passes a road in order', () => assert.deepEqual(checkRoad([call, one, two, straight], road, codes), []))
  it('refuses another order', () => assert.equal(checkRoad([call, one, two, pipeline], road, codes).length, 1))
  it('refuses a step off the paper', () => {
    const files = [call, one, two, straight, file('src/gateway/steps/three.ts', '')]
    assert.equal(checkRoad(files, road, codes).length, 1)
  })
  it('refuses a step nobody calls', () => {
    const lazy = file(pipeline.path, pipeline.text.replace('two(one(y))', 'one(y)'))
    assert.equal(checkRoad([call, one, two, lazy], road, codes).length, 1)
  })
  it('refuses an unknown type', () => {
    assert.equal(checkRoad([one, two, straight], road, codes).length, 3)
  })
  it('refuses an unlisted and an unknown code', () => {
    const [first, second] = road
    assert.equal(
      checkRoad([call, one, two, straight], [{ ...first!, 'can refuse with': 'A_C' }, second!], codes).length,
      1,
    )
    assert.equal(
      checkRoad([call, one, two, straight], [first!, { ...second!, 'can refuse with': 'B' }], codes).length,
      1,
    )
  })
})

describe('checkPorts', () => {
  const port = file('src/ports/log.ts', 'export interface Log {}')
  const adapter = file('src/adapters/log/memory.ts', '')
  const contract = file('test/contracts/log.test.ts', "import { memoryLog } from '../../src/adapters/log/memory.ts'")
  const row = { port: 'Log', file: port.path, adapters: adapter.path, 'contract test': contract.path }
  it('passes a whole row', () => assert.deepEqual(checkPorts([port, adapter], [contract], [row]), []))
  it('refuses a port without a row', () => assert.equal(checkPorts([port, adapter], [contract], []).length, 1))
  it('refuses an adapter that is not there', () => assert.equal(checkPorts([port], [contract], [row]).length, 1))
  it('refuses a contract that examines nothing', () => {
    assert.equal(checkPorts([port, adapter], [file(contract.path, '')], [row]).length, 1)
  })
})

describe('checkGlossary', () => {
  const words = [
    { word: 'entry', means: 'one line of the directory' },
    { word: 'permit', means: 'the decision to let through' },
  ]
  const source = [file('src/a.ts', 'interface Entry {}\ninterface Permit {}')]
  it('passes words in use', () => assert.deepEqual(checkGlossary(source, words), []))
  it('refuses disorder', () => assert.equal(checkGlossary(source, words.toReversed()).length, 1))
  it('refuses a word nobody says', () => assert.equal(checkGlossary([], words).length, 2))
  it('refuses an empty meaning', () => {
    assert.equal(checkGlossary(source, [{ word: 'entry', means: 'x' }]).length, 1)
  })
})
