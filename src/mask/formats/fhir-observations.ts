/**
 * Observations that hold identity (data/identifier-observations.json): their value is that element, whatever other
 * bindings say. They join the bindings of the rules as the narrowest of all.
 */
import type { Binding, Element, RuleSet } from '../model.ts'
import type { FhirBinding } from './fhir-binding.ts'
import { identifierElements, identifierObservation, LONGEST_OBSERVATION } from './identifier-observations.ts'

const ANCHORS = ['Observation', 'Observation.component']
const WITNESSES = [
  ['code', 'coding', 'code'],
  ['code', 'coding', 'display'],
  ['code', 'text'],
]
/** above every file's own bindings */
const NARROWEST = 20
const MAX_REMEMBERED = 4096

const remembered = new Map<string, string | null>()

/** Codes of observations repeat: the few of a payload are looked up once. */
function elementOf(text: string): string | null {
  if (text.length > LONGEST_OBSERVATION) return null
  let id = remembered.get(text)
  if (id === undefined) {
    id = identifierObservation(text)
    if (remembered.size < MAX_REMEMBERED) remembered.set(text, id)
  }
  return id
}

const isIdentity = (text: string): boolean => elementOf(text) !== null

export function observationBindings(rules: RuleSet, wants: (element: Element) => boolean, from: number): FhirBinding[] {
  const bindings: FhirBinding[] = []
  for (const id of identifierElements) {
    const element = rules.elementById.get(id)
    if (element === undefined) continue
    for (const anchor of ANCHORS)
      bindings.push(observationBinding(element, anchor, wants(element), from + bindings.length))
  }
  return bindings
}

function observationBinding(element: Element, anchor: string, wanted: boolean, index: number): FhirBinding {
  const { at, id } = element
  const binding: Binding = {
    element,
    format: 'fhir',
    interfaceId: null,
    path: `${anchor}.value`,
    key: null,
    within: null,
    pair: null,
    at,
  }
  return {
    index,
    binding,
    element,
    selector: { anchor, steps: [{ name: 'value', only: null }], where: null, targets: null },
    rank: NARROWEST,
    conditionalRank: NARROWEST,
    condition: { key: `o${index}`, test: (text) => elementOf(text) === id, at },
    witnesses: WITNESSES,
    only: isIdentity,
    after: 0,
    wanted,
  }
}
