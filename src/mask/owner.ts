/**
 * Whose record it is, for methods that treat all values of one person alike (date-shift). FHIR: the patient a resource
 * speaks of, else the resource itself, so that a patient and what refers to it have one owner whatever else they name;
 * elsewhere the record's subject. Only ever a keyed token.
 */
import type { Cursor } from './cursor.ts'
import { parseReference } from './formats/fhir-reference.ts'
import { canonical } from './kinds.ts'
import { forEachLeaf, subjectOf } from './records.ts'

/** Members under which a resource names its patient (FHIR R4 compartment Patient); looked at where the type is not told. */
const PATIENT = /"(?:subject|patient|individual|beneficiary|for)"\s*:\s*\{[^{}]*$/
const NEAR = 256
const URN = /^urn:(?:uuid|oid):/

/** Token of the owner of the record opened at `index`; null = the record names nobody. */
export function ownerOf(cursor: Cursor, index: number): string | null {
  const { plan } = cursor
  if (plan.format !== 'fhir' && plan.format !== 'ndjson') return subjectOf(cursor, index).token
  const found = patientIn(cursor, index)
  const element = plan.rules.elementById.get('resource-id')
  if (found === null || element === undefined) return subjectOf(cursor, index).token
  return plan.effects.pseudonym(element, plan.provider, canonical('identifier', found))
}

/** The patient's id by rank: a reference that says Patient or stands where patients stand, the resource's own id, fullUrl. */
function patientIn(cursor: Cursor, index: number): string | null {
  const words = cursor.tape.words
  const { sites } = cursor.plan.reader.layout
  let named: string | null = null
  let own: string | null = null
  let ownDepth = Number.POSITIVE_INFINITY
  let address: string | null = null
  forEachLeaf(cursor, index, (leaf) => {
    if (named !== null || cursor.isEmpty(leaf)) return
    const at = leaf << 2
    if (sites[words[at + 1]!]!.reference) {
      const text = cursor.text(leaf)
      const parsed = parseReference(text)
      if (parsed === null || parsed === 'fragment') return
      if (parsed !== 'urn') {
        if (parsed.type === 'Patient') named = parsed.id
        return
      }
      const before = cursor.doc.source.toString('latin1', Math.max(0, words[at + 2]! - NEAR), words[at + 2]!)
      const id = text.replace(URN, '')
      if (PATIENT.test(before)) named = id
      else address ??= id
      return
    }
    const candidate = cursor.choose(leaf)
    if (candidate?.element.id !== 'resource-id' || candidate.role === 'use') return
    if (cursor.open.length >= ownDepth) return
    ownDepth = cursor.open.length
    own = cursor.text(leaf)
  })
  return named ?? own ?? address
}
