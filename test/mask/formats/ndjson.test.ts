/** NDJSON: one record a line, whatever stands between the lines. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ALL, type Line, Read, rulesOf } from './fixture.ts'

const TEXT =
  '\ufeff{"resourceType":"Patient","name":[{"text":"A"}]}\r\n\n  \n{"resourceType":"Patient","name":[{"text":"B"}],"active":true}\n{"resourceType":"Patient","name":[{"text":"C"}]}'
const LINES: Line[] = [
  ['person-name', 'HumanName'],
  ['birth-date', 'Patient.birthDate'],
]
const read = (text = TEXT, interest = ALL) => new Read('ndjson', rulesOf('fhir', LINES), text, interest)

describe('NDJSON', () => {
  it('reads FHIR lines, keeps blank ones and terminators', () => {
    const r = read()
    for (const raw of ['"A"', '"B"', '"C"']) assert.deepEqual(r.bound(raw), ['person-name whole'])
    assert.equal(r.doc.rows(), 3)
    assert.ok(r.replace('"A"', 'X'))
    assert.equal(r.remove('"C"').finish(), TEXT.replace('"A"', '"X"').replace(',"name":[{"text":"C"}]', ''))
  })

  it('takes a record out with its line', () => {
    const records = () => read(TEXT, { ...ALL, levelSearch: true })
    const lines = TEXT.split('\n')
    assert.equal(records().removeScope('record', 1).finish(), [...lines.slice(0, 3), lines[4]].join('\n'))
    assert.equal(records().removeScope('record', 2).finish(), `${lines.slice(0, 4).join('\n')}\n`)
    assert.equal(records().removeScope('record', 0).finish(), `\ufeff${lines.slice(1).join('\n')}`)
  })

  it('refuses a bad line with its offset in the payload, and one text over two lines', () => {
    assert.throws(() => read('{"resourceType":"Patient"}\n{"a":}\n'), {
      code: 'PAYLOAD_UNPARSEABLE',
      hints: { offset: 32 },
    })
    assert.throws(() => read('{"resourceType":\n"Patient"}'), { code: 'PAYLOAD_UNPARSEABLE' })
    assert.throws(() => read('{} {}'), { code: 'PAYLOAD_UNPARSEABLE' })
  })

  it('reads rows of a HIS by its bindings', () => {
    const rules = rulesOf('json', [['person-name', { key: 'xm' }]])
    const r = new Read('ndjson', rules, '{"XM":"A"}\n["x"]\n', ALL, { lines: 'json' })
    assert.deepEqual(r.bound('"A"'), ['person-name whole'])
    assert.equal(r.doc.rows(), 2)
  })

  it('gives addresses by line', () => {
    const r = read()
    assert.deepEqual(r.doc.addresses([r.source.indexOf('"B"')]), ['Patient[3].name[0].text'])
  })
})
