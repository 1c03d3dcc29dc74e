import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashBundle, maskPart, setPart } from '../../src/mask/bundle.ts'
import { BINDINGS, compile, DICTIONARY, ELEMENTS, RESEARCH, RESEARCH_ZH } from './language/fixture.ts'

function hash(changes: Readonly<Record<string, string | null>> = {}): string {
  const { rules, tests, problems } = compile(changes)
  assert.ok(rules, JSON.stringify(problems.filter((p) => p.severity === 'error')))
  return hashBundle({ mask: maskPart(rules, tests) })
}

const SAME = hash()

/** The lines below a heading in another order. */
function shuffled(text: string, heading: RegExp, seed: number): string {
  const lines = text.split('\n')
  const start = lines.findIndex((l) => heading.test(l)) + 1
  let end = start
  while (lines[end]?.startsWith('  ')) end++
  const part = lines.slice(start, end)
  for (let i = part.length - 1; i > 0; i--) {
    seed = (seed * 1103515245 + 12345) % 2147483648
    const j = seed % (i + 1)
    ;[part[i], part[j]] = [part[j]!, part[i]!]
  }
  return [...lines.slice(0, start), ...part, ...lines.slice(end)].join('\n')
}

test('the hash is sha256 of the canonical form', () => {
  assert.match(SAME, /^sha256:[0-9a-f]{64}$/)
  assert.equal(hash(), SAME)
})

test('shuffled lines give the same hash', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const research = shuffled(RESEARCH, /^elements:/, seed)
    const elements = shuffled(ELEMENTS, /^elements:/, seed)
    assert.equal(hash({ 'policies/research.yaml': research, 'elements.yaml': elements }), SAME)
  }
  const bindings = BINDINGS.split('\n').toReversed().join('\n')
  assert.equal(hash({ 'bindings/his.yaml': bindings }), SAME)
})

/** Every order of what stands at the margin, each with the lines below it. */
function* orders(text: string): Generator<string> {
  const blocks = text.match(/^\S.*\n(?:[ #].*\n)*/gm)!
  assert.equal(blocks.join(''), text)
  for (let turn = 0; turn < blocks.length; turn++) {
    const turned = [...blocks.slice(turn), ...blocks.slice(0, turn)]
    yield turned.join('')
    yield turned.toReversed().join('')
  }
}

test('so do the blocks of a policy, and the keys within braces', () => {
  for (const research of orders(RESEARCH)) assert.equal(hash({ 'policies/research.yaml': research }), SAME, research)
  const braces = RESEARCH.replace(
    '{ roles: [researcher], scenarios: [research] }',
    '{ scenarios: [research], roles: [researcher] }',
  )
    .replace('{ level-5: drop, identity-documents: never-clear }', '{ identity-documents: never-clear, level-5: drop }')
    .replace('{ method: age-band, width: 5 }', '{ width: 5, method: age-band }')
  assert.notEqual(braces, RESEARCH)
  assert.equal(hash({ 'policies/research.yaml': braces }), SAME)
})

test('language, comments, quoting, file names and the spread over files do not count', () => {
  assert.equal(hash({ 'policies/research.yaml': RESEARCH_ZH }), SAME)
  assert.equal(hash({ 'policies/research.yaml': null, 'policies/科研.yaml': `# x\n${RESEARCH}` }), SAME)
  const [head, ...lines] = BINDINGS.trim().split('\n')
  const split = {
    'bindings/his.yaml': [head, ...lines.slice(0, 3), ''].join('\n'),
    'bindings/more.yaml': [head, ...lines.slice(3), ''].join('\n'),
  }
  assert.equal(hash(split), SAME)
})

test('any change of meaning changes the hash', () => {
  const changes: Record<string, string | null>[] = [
    { 'policies/research.yaml': RESEARCH.replace('width: 5', 'width: 10') },
    { 'policies/research.yaml': RESEARCH.replace('birth-date: year', 'birth-date: month') },
    { 'policies/research.yaml': RESEARCH.replace('unknown: redact', 'unknown: drop') },
    { 'policies/research.yaml': RESEARCH.replace('undecided: drop', 'undecided: redact') },
    { 'policies/research.yaml': RESEARCH.replace('[researcher]', '[researcher, student]') },
    { 'policies/research.yaml': RESEARCH.replace('level-5: drop, ', '') },
    { 'policies/research.yaml': RESEARCH.replace('2027-03-31', '2028-03-31') },
    { 'elements.yaml': ELEMENTS.replace('kind: phone, level: 4', 'kind: phone, level: 3') },
    { 'elements.yaml': ELEMENTS.replace(', local: true', '') },
    { 'bindings/his.yaml': BINDINGS.replace('jtdz', 'xzz') },
    { 'bindings/his.yaml': BINDINGS.replace('in: patient', 'in: person') },
    { 'dictionaries/diagnosis.csv': DICTIONARY.replace('CA', 'TU') },
    { 'dictionaries/diagnosis.csv': `${DICTIONARY}肺炎,P,active,a,b\n` },
    { 'policies/research.test.yaml': '- { sample: a.json, refused: ROLE_DENIED }\n' },
  ]
  const seen = new Set([SAME])
  for (const change of changes) {
    const changed = hash(change)
    assert.equal(seen.has(changed), false, JSON.stringify(change))
    seen.add(changed)
  }
})

test('parts of other cores are sets without places', () => {
  const at = { file: 'a', line: 1, col: 1 }
  const one = setPart(
    new Map([
      ['b', { roles: ['x', 'y'], at }],
      ['a', { roles: [], at }],
    ]),
  )
  const two = setPart({ a: { roles: [] }, b: { roles: ['y', 'x'], at: { ...at, line: 9 } } })
  assert.deepEqual(one, two)
  assert.equal(hashBundle({ access: one }), hashBundle({ access: two }))
})
