/**
 * Observations that hold identity: the code or name of a result (OBX-3, Observation.code) found in
 * data/identifier-observations.json makes the value that element, whatever type is announced.
 */
import table from '../../../data/identifier-observations.json' with { type: 'json' }
import { normalKey } from '../normal-key.ts'

const CODES: ReadonlyMap<string, string> = new Map(
  Object.entries(table.codes).map(([code, id]) => [normalCode(code), id]),
)
const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(table.names).map(([name, id]) => [normalName(name), id]),
)

function normalCode(code: string): string {
  return code.normalize('NFKC').trim().toUpperCase()
}

/** As keys of HIS JSON, and without the signs labels end with. */
function normalName(name: string): string {
  return normalKey(name).replace(/[:：'’*()（）]/g, '')
}

/** Id of the element a code or name stands for, or null. */
export const identifierObservation = (codeOrName: string): string | null =>
  CODES.get(normalCode(codeOrName)) ?? NAMES.get(normalName(codeOrName)) ?? null

export const identifierElements: ReadonlySet<string> = new Set([...CODES.values(), ...NAMES.values()])

/** No normalised code or name is longer; longer texts need no look. */
export const LONGEST_OBSERVATION = 64

/** Every key of the table as it may be sent, for readers that compare bytes. */
export const observationKeys = (): readonly string[] => [...Object.keys(table.codes), ...Object.keys(table.names)]
