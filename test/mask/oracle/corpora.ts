/** The public sample material, file by file, for tests that run over all of it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FormatName } from '../../../src/mask/index.ts'

const CORPORA = process.env['VEILGATE_CORPORA'] ?? '../shared/corpora'

/** why tests that need it skip, or false */
export const absent: string | false = existsSync(CORPORA) ? false : `no corpora at ${CORPORA}: set VEILGATE_CORPORA`

export interface Sample {
  readonly path: string
  readonly format: FormatName
  readonly body: Buffer
}

const SETS: readonly (readonly [folder: string, format: FormatName, ending: RegExp])[] = [
  ['fhir-r4-hl7-examples', 'fhir', /\.json$/],
  ['fhir-r4-synthea', 'fhir', /\.json$/],
  ['fhir-test-cases', 'fhir', /\.json$/],
  ['fhir-zh', 'fhir', /\.json$/],
  ['peer-ms-anonymizer', 'fhir', /TestResources.*\.json$/],
  ['fhir-ndjson', 'ndjson', /\.ndjson$/],
  ['zh/medflow-json-api', 'json', /\.json$/],
  ['hl7v2', 'hl7v2', /\.(?:hl7|txt|er7)$/i],
]

export function* samples(format: FormatName): Generator<Sample> {
  for (const [folder, of, ending] of SETS)
    if (of === format)
      for (const path of filesIn(join(CORPORA, folder)))
        if (ending.test(path)) yield { path: path.slice(CORPORA.length + 1), format, body: readFileSync(path) }
}

function* filesIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* filesIn(path)
    else yield path
  }
}
