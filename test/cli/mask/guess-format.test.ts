import assert from 'node:assert/strict'
import { it } from 'node:test'
import { guessFormat } from '../../../src/cli/mask/guess-format.ts'

const CASES: readonly (readonly [string, string | null])[] = [
  ['{"code":0,"data":{"list":[]}}', 'json'],
  ['[{"brxm":"x"}]', 'json'],
  ['{\n  "code": 0\n}\n', 'json'],
  ['{"id":"1","resourceType":"Patient"}', 'fhir'],
  ['{\n "resourceType" : "Bundle"\n}', 'fhir'],
  ['{"resourceType":"Patient"}\n{"resourceType":"Patient"}\n', 'ndjson'],
  ['{"a":1}\n', 'json'],
  ['{}\n{}\n', 'ndjson'],
  ['[1]\n[2]\n', 'json'],
  ['MSH|^~\\&|HIS\rPID|1\r', 'hl7v2'],
  ['hello', null],
  ['', null],
]
for (const [text, format] of CASES) {
  it(`takes ${JSON.stringify(text.slice(0, 30))} for ${format}`, () =>
    assert.equal(guessFormat(Buffer.from(text)), format))
}
