/** NDJSON: one JSON text a line, each a record; what a line holds is the interface's choice (FHIR bulk data, or rows). */
import type { Binding } from '../model.ts'
import { checkFhirSelector, compileFhir } from './fhir.ts'
import type { Format } from './format.ts'
import { checkJsonSelector, compileJson } from './json.ts'
import { sniffJson } from './json-sniff.ts'

type Selector = Pick<Binding, 'path' | 'key' | 'within' | 'pair'>

/** `$...`, keys and labels are of plain JSON, everything else is of FHIR. */
const isPlain = (s: Selector): boolean => s.path === null || s.path.startsWith('$')

export const ndjson: Format = {
  name: 'ndjson',
  mediaTypes: ['application/fhir+ndjson', 'application/x-ndjson', 'application/ndjson'],
  sniff: sniffJson,
  check: (selector) => (isPlain(selector) ? checkJsonSelector(selector) : checkFhirSelector(selector)),
  // Its lines are bound by the rules of JSON and FHIR, which report their own conflicts.
  // biome-ignore lint/correctness/useYield: it has no places of its own
  *conflicts() {
    return []
  },
  compile: (rules, options, interest) =>
    options.lines === 'fhir'
      ? compileFhir(rules, options, interest, true)
      : compileJson(rules, options, interest, true),
}
