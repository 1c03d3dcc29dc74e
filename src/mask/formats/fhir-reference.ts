/** Literal references of FHIR R4 (references.html#literal): [base/]Type/id[/_history/version]. */
import { detectsAnything } from '../detectors/index.ts'
import type { Shape } from '../site.ts'

export interface Reference {
  /** absolute base with its closing slash, or empty */
  readonly base: string
  readonly type: string
  readonly id: string
  /** `/_history/v` or empty */
  readonly rest: string
}

const LITERAL =
  /^((?:https?:\/\/[^\s?#"<>]{1,1024}\/)?)([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,64})((?:\/_history\/[A-Za-z0-9.-]{1,64})?)$/
const URN = /^urn:(?:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|oid:[0-2](?:\.(?:0|[1-9]\d*)){1,40})$/
const FRAGMENT = /^#[A-Za-z0-9.-]{0,64}$/

/** `#x`: 'fragment'; `urn:uuid:` and `urn:oid:`: 'urn'; null: not a literal reference (conditional, search or broken). */
export function parseReference(text: string): Reference | 'fragment' | 'urn' | null {
  if (FRAGMENT.test(text)) return 'fragment'
  if (URN.test(text)) return 'urn'
  const m = LITERAL.exec(text)
  return m === null ? null : { base: m[1]!, type: m[2]!, id: m[3]!, rest: m[4]! }
}

/** Does the id of a contained resource name nothing outside? Then it stays, and so do the fragments that point at it. */
export const isLocalId = (id: string): boolean => !/\d{6}/.test(id) && !detectsAnything(id)

export const LOCAL_ID: Shape = {
  reason: 'id of a contained resource: fragments point at it, nothing else does',
  test: (text) => FRAGMENT.test(`#${text}`) && isLocalId(text),
  otherwise: 'unknown',
}
