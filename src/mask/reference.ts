/**
 * References (rules-language.md): the id part of Type/id gets the treatment of resource-id; an absolute base becomes
 * the gateway's; fragments and urn:uuid stay; what does not parse, or hides an identifier beside the id, is removed.
 */
import { detectsAnything } from './detectors/index.ts'
import { parseReference } from './formats/fhir-reference.ts'
import { canonical } from './kinds.ts'
import type { Run } from './run.ts'
import type { Candidate } from './site.ts'

export function treatReference(run: Run, index: number, candidate: Candidate): void {
  if (run.cursor.isEmpty(index)) return
  const { element } = candidate
  const { bound, why } = run.plan.decide(element, run.raise)
  const text = run.cursor.text(index)
  const parsed = parseReference(text)
  if (typeof parsed === 'string' && (bound.keeps || text.startsWith('urn:uuid:') || !detectsAnything(text))) {
    run.observe?.(index, element, why, 'kept', 'keep')
    return
  }
  if (parsed === null || typeof parsed === 'string') return run.write(index, null, element, why, 'drop')
  const id = bound.keeps
    ? parsed.id
    : bound.method.references
      ? bound.apply(canonical('identifier', parsed.id), run.place(index, element, candidate, parsed.id))
      : null
  if (id === null) return run.write(index, null, element, why, bound.method.name)
  const base = parsed.base === '' ? '' : baseOf(run)
  const rest = bound.keeps || !detectsAnything(parsed.rest) ? parsed.rest : ''
  run.write(index, `${base}${parsed.type}/${id}${rest}`, element, why, bound.method.name)
}

function baseOf(run: Run): string {
  const { publicBase } = run.plan
  return publicBase === null ? '' : publicBase.endsWith('/') ? publicBase : `${publicBase}/`
}
