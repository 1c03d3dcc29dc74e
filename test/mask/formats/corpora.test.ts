/** Real FHIR, JSON and NDJSON with every scalar on the tape: read or refused with a code; whatever is taken out, the rest stays JSON. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../../src/base/errors.ts'
import { Edits } from '../../../src/base/splice.ts'
import { formatOf } from '../../../src/mask/formats/index.ts'
import type { FormatName } from '../../../src/mask/model.ts'
import type { Reader } from '../../../src/mask/plan.ts'
import { LEAF, Tape, TYPE_MASK } from '../../../src/mask/tape.ts'
import { ALL, HINTS, LIMITS, type Line, OPTIONS, rulesOf } from './fixture.ts'

const CORPORA = process.env['VEILGATE_CORPORA'] ?? '../shared/corpora'
const absent = existsSync(CORPORA) ? false : `no corpora at ${CORPORA}: set VEILGATE_CORPORA`

const FHIR: Line[] = [
  ['person-name', 'HumanName'],
  ['address', 'Address'],
  ['record-no', 'Identifier'],
  ['diagnosis', 'CodeableConcept'],
  ['resident-id', "Identifier.where(type.coding.code = 'MR')"],
  ['event-date', 'dateTime'],
]
const JSON_LINES: Line[] = [
  ['person-name', { key: 'name' }],
  ['resident-id', { pair: 'id' }],
  ['note', '$..text'],
]
const EVERYTHING = { ...ALL, levelSearch: true, subject: true }

const readers: Record<'json' | 'fhir' | 'ndjson', Reader> = {
  json: formatOf('json').compile(rulesOf('json', JSON_LINES), OPTIONS, EVERYTHING),
  fhir: formatOf('fhir').compile(rulesOf('fhir', FHIR), OPTIONS, EVERYTHING),
  ndjson: formatOf('ndjson').compile(rulesOf('fhir', FHIR), OPTIONS, EVERYTHING),
}

interface File {
  readonly path: string
  readonly format: keyof typeof readers
}

function files(): File[] {
  const all = readdirSync(CORPORA, { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
  return all.flatMap((e): File[] => {
    const path = join(e.parentPath, e.name)
    if (path.includes('nst-parsing')) return []
    if (e.name.endsWith('.ndjson')) return [{ path, format: 'ndjson' }]
    if (!e.name.endsWith('.json')) return []
    return [{ path, format: /fhir|peer-ms/.test(path.slice(CORPORA.length)) ? 'fhir' : 'json' }]
  })
}

const REFUSED = [
  'fhir-ndjson/google-primitive-validation/boolean.invalid.ndjson PAYLOAD_UNPARSEABLE',
  'fhir-ndjson/google-primitive-validation/unsigned_int.invalid.ndjson PAYLOAD_UNPARSEABLE',
  'fhir-test-cases/validator/bad-json-close-1.json PAYLOAD_UNPARSEABLE',
  'json/nst-transform/string_1_invalid_codepoint.json PAYLOAD_UNPARSEABLE',
  'json/nst-transform/string_2_invalid_codepoints.json PAYLOAD_UNPARSEABLE',
  'json/nst-transform/string_3_invalid_codepoints.json PAYLOAD_UNPARSEABLE',
]

/** Parses JSON, or every line of NDJSON. */
function parse(out: string, format: FormatName): void {
  const text = out.replace(/^\ufeff/, '')
  for (const one of format === 'ndjson' ? text.split('\n') : [text]) if (one.trim() !== '') JSON.parse(one)
}

describe('corpora of the JSON family', { skip: absent }, () => {
  it('are read, or refused with a code', () => {
    const refused: string[] = []
    let read = 0
    const tape = new Tape()
    const edits = new Edits()
    for (const { path, format } of files()) {
      const source = readFileSync(path)
      tape.reset()
      edits.reset()
      try {
        const doc = readers[format].read(source, tape, LIMITS, HINTS)
        assert.ok(doc.finish(edits).equals(source), path)
        read++
      } catch (error) {
        if (!isGatewayError(error)) throw error
        refused.push(`${relative(CORPORA, path)} ${error.code}`)
      }
    }
    console.log(`read ${read}, refused:\n${refused.join('\n')}`)
    assert.deepEqual(refused.toSorted(), REFUSED)
    assert.ok(read > 200)
  })

  for (const every of [1, 3]) {
    it(`stay JSON when every ${every === 1 ? '' : `${every}rd `}scalar is taken out`, () => {
      const tape = new Tape()
      for (const { path, format } of files()) {
        if (REFUSED.some((r) => r.startsWith(relative(CORPORA, path)))) continue
        tape.reset()
        const edits = new Edits()
        const doc = readers[format].read(readFileSync(path), tape, LIMITS, HINTS)
        let n = 0
        for (let i = 0; i < tape.count; i++) {
          const [head, , start, end] = tape.words.subarray(i << 2, (i << 2) + 4)
          if ((head! & TYPE_MASK) === LEAF && n++ % every === 0) doc.remove(edits, head!, start!, end!)
        }
        const out = doc.finish(edits).toString('utf8')
        assert.doesNotThrow(() => parse(out, format), path)
      }
    })
  }
})
