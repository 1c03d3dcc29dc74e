/** Checks between dictionaries, and of where they are used. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRules } from '../../../src/mask/language/index.ts'
import { FOLDER } from './fixture.ts'

const HEAD = 'term,replacement,kind,mode,status,author,approver\n'
const problems = (changes: Readonly<Record<string, string>>): string[] =>
  compileRules(Object.entries({ ...FOLDER, ...changes }).map(([path, text]) => ({ path, text })))
    .problems.filter((p) => /^dictionary/.test(p.code))
    .map((p) => `${p.file}:${p.line}:${p.col} ${p.code}`)

const BRANDS = `${HEAD}思密达,蒙脱石散,generic,field,active,a,b\n万爽力,盐酸曲美他嗪,generic,both,active,a,b\n`
const care = (cell: string) => `policy: care
direct-care: true
for: { roles: [doctor], scenarios: [treatment] }
elements: { diagnosis: keep, drug-name: keep, facility: ${cell} }
undecided: redact
unknown: redact
`

test('X63: a replacement that is a brand, or holds a term, of another file', () => {
  const other = (row: string) =>
    problems({ 'dictionaries/brands.csv': BRANDS, 'dictionaries/a.csv': `${HEAD}${row}\n` })
  assert.deepEqual(other('蒙脱石,思密达,drug,field,active,a,b'), ['dictionaries/a.csv:2:5 dictionary-brand'])
  assert.deepEqual(other('曲美他嗪片,万爽力,drug,both,active,a,b'), ['dictionaries/a.csv:2:7 dictionary-brand'])
  assert.deepEqual(other('曲美他嗪片,改用万爽力片,drug,both,active,a,b'), ['dictionaries/a.csv:2:7 dictionary-chain'])
  assert.deepEqual(other('曲美他嗪片,曲美,drug,both,active,a,b'), [])
})

test('X63: brands become generic names outside care only', () => {
  const used = (cell: string) => problems({ 'dictionaries/brands.csv': BRANDS, 'policies/care.yaml': care(cell) })
  assert.deepEqual(used('{ method: substitute, dictionary: brands, otherwise: keep }'), [
    'policies/care.yaml:4:57 dictionary-in-care',
  ])
  assert.deepEqual(used('{ method: substitute, dictionary: diagnosis, otherwise: keep }'), [])
  const outside = problems({
    'dictionaries/brands.csv': BRANDS,
    'policies/care.yaml': care('{ method: substitute, dictionary: brands, otherwise: keep }').replace(
      'direct-care: true\n',
      '',
    ),
  })
  assert.deepEqual(outside, [])
})
