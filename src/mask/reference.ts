/**
 * References (rules-language.md): the id part of Type/id gets the treatment of resource-id; an absolute base becomes
 * the gateway's; fragments and urn:uuid stay; what does not parse, or hides an identifier beside the id, is removed.
 */
import { detectsAnything } from './detectors/index.ts'
import { isLocalId, parseReference } from './formats/fhir-reference.ts'
import { canonical } from './kinds.ts'
import { pageOf } from './paging.ts'
import type { Run } from './run.ts'
import type { Candidate, Scope } from './site.ts'
import { LEAF, OPEN, TYPE_MASK } from './tape.ts'

export function treatReference(run: Run, index: number, candidate: Candidate): void {
  if (run.cursor.isEmpty(index)) return
  const { element } = candidate
  const { bound, why } = run.plan.decide(element, run.raise)
  const text = run.cursor.text(index)
  const { sites } = run.plan.reader.layout
  if (sites[run.tape.words[(index << 2) + 1]!]!.link === true)
    return run.write(index, pageAt(run, index), element, why, bound.method.name)
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

/**
 * A page of the search that was asked for stays callable where all it tells is kept; any other link goes as a whole,
 * before anything in it is treated. True: the link opened at `index` is gone.
 */
export function linkGoes(run: Run, index: number, scope: Scope): boolean {
  if (scope.link !== true) return false
  const { plan, tape } = run
  const { words } = tape
  const close = words[(index << 2) + 3]!
  for (let i = index + 1; i < close; i++) {
    const at = i << 2
    const type = words[at]! & TYPE_MASK
    if (type === OPEN) i = words[at + 3]!
    if (type !== LEAF || plan.reader.layout.sites[words[at + 1]!]!.link !== true || pageAt(run, i) !== null) continue
    run.removeScope(index)
    const element = plan.rules.elementById.get('resource-id') ?? null
    run.observe?.(i, element, { source: 'structure', policy: null, at: null }, 'removed', 'drop')
    return true
  }
  return false
}

function pageAt(run: Run, index: number): string | null {
  const { plan, cursor } = run
  const keeps = (id: string): boolean => {
    const named = plan.rules.elementById.get(id)
    return named !== undefined && plan.decide(named, run.raise).bound.keeps
  }
  if (plan.paging == null || !keeps('resource-id')) return null
  return pageOf(cursor.text(index), plan.paging, plan.publicBase, keeps)
}
