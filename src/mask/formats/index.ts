/** All payload formats. To add one: one file, one line here, one test. */
import type { FormatName } from '../model.ts'
import { fhir } from './fhir.ts'
import type { Format } from './format.ts'
import { hl7v2 } from './hl7v2.ts'
import { json } from './json.ts'
import { ndjson } from './ndjson.ts'

export const FORMATS: ReadonlyMap<FormatName, Format> = new Map([json, fhir, ndjson, hl7v2].map((f) => [f.name, f]))

/** The format of that name; every name of the union has one. */
export const formatOf = (name: FormatName): Format => FORMATS.get(name)!

export type { Conflict, Format, ReaderOptions, SelectorError } from './format.ts'
