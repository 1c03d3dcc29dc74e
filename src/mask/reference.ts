/**
 * References (rules-language.md): the id part of Type/id gets the treatment of resource-id; an absolute base becomes
 * the gateway's; fragments and urn:uuid stay; what does not parse, or hides an identifier beside the id, is removed.
 */
import { detectsAnything } from './detectors/index.ts'
import { isLocalId, parseReference } from './formats/fhir-reference.ts'
import { canonical } from './kinds.ts'
import type { Run } from './run.ts'
import type { Candidate } from './site.ts'

export function treatReference(run: Run, index: number, candidate: Candidate): void {
  if (run.cursor.isEmpty(index)) return
  const { element } = candidate
  const { bound, why } = run.plan.decide(element, run.raise)
  const text = run.cursor.text(index)
  const parsed = parseReference(text)
  if (parsed === 'fragment') return treatFragment(run, index, candidate, text)
  if (parsed === 'urn' && (bound.keeps || text.startsWith('urn:uuid:') || !detectsAnything(text))) {
    run.observe?.(index, element, why, 'kept', 'keep')
    return
  }
  if (parsed === null || parsed === 'urn') return run.write(index, null, element, why, 'drop')
  const id = bound.keeps ? parsed.id : treatId(run, index, candidate, parsed.id)
  if (id === null) return run.write(index, null, element, why, bound.method.name)
  const base = parsed.base === '' ? '' : baseOf(run)
  const rest = bound.keeps || !detectsAnything(parsed.rest) ? parsed.rest : ''
  run.write(index, `${base}${parsed.type}/${id}${rest}`, element, why, bound.method.name)
}

function treatId(run: Run, index: number, candidate: Candidate, id: string): string | null {
  const { bound } = run.plan.decide(candidate.element, run.raise)
  if (!bound.method.references) return null
  return bound.apply(canonical('identifier', id), run.place(index, candidate.element, candidate, id))
}

/** `#x` stays as the contained resource's id does; both are tokens where the id may be somebody's number. */
function treatFragment(run: Run, index: number, candidate: Candidate, text: string): void {
  const { element } = candidate
  const { bound, why } = run.plan.decide(element, run.raise)
  if (bound.keeps || isLocalId(text)) {
    run.observe?.(index, element, why, 'kept', 'keep')
    return
  }
  const id = treatId(run, index, candidate, text.slice(1))
  run.write(index, id === null ? null : `#${id}`, element, why, bound.method.name)
}

function baseOf(run: Run): string {
  const { publicBase } = run.plan
  return publicBase === null ? '' : publicBase.endsWith('/') ? publicBase : `${publicBase}/`
}
