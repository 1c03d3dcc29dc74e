/** Bindings of different elements no reader could decide between: equally narrow on one place, and not exclusive. */
import type { Steps } from '../../base/steps.ts'
import type { Binding, RuleSet } from '../model.ts'
import { bindingIndex } from './binding-index.ts'
import type { Conflict } from './format.ts'
import { memberAt } from './hl7v2-cells.ts'
import type { Bound } from './hl7v2-conditions.ts'
import { componentsOf, fieldType } from './hl7v2-datatypes.ts'
import { boundOf } from './hl7v2-program.ts'
import type { Filter, Selector } from './hl7v2-selector.ts'

export function* hl7Conflicts(rules: RuleSet): Steps<readonly Conflict[]> {
  const { shared, own } = bindingIndex(rules)
  const found = new Map<string, Conflict>()
  // An interface's own selectors are narrower than any of the format: they can only collide with each other.
  for (const bindings of [shared, ...own.values()]) {
    yield
    const bound = readOwn(bindings)
    for (let i = 0; i < bound.length; i++)
      for (let k = i + 1; k < bound.length; k++) {
        const where = collide(bound[i]!, bound[k]!)
        if (where === null) continue
        const [a, b] = [bound[i]!.binding, bound[k]!.binding]
        found.set(`${a.at.file}:${a.at.line}:${a.at.col} ${b.at.file}:${b.at.line}:${b.at.col}`, { a, b, where })
      }
  }
  return [...found.values()]
}

/** Interface files may be in another format's notation: only those whose every selector is ours are judged. */
function readOwn(bindings: readonly Binding[]): Bound[] {
  // A JSON selector is known at once, and a consortium's tables are full of them.
  if (bindings[0]?.interfaceId != null && (bindings[0].path?.startsWith('$') ?? true)) return []
  try {
    return boundOf(bindings)
  } catch {
    return []
  }
}

function collide(a: Bound, b: Bound): string | null {
  const [s, t] = [a.selector, b.selector]
  if (a.binding.element === b.binding.element || a.rank !== b.rank) return null
  if (!sameSegments(s, t) || (s.field !== t.field && s.field !== 0 && t.field !== 0) || exclusive(s, t)) return null
  const segment = s.wild ? t.segment : s.segment
  const field = s.field || t.field || 1
  const type = typeOf(segment, field, s)
  const rows = Math.max(1, componentsOf(type).length, s.component, t.component)
  for (let c = 1; c <= rows; c++)
    for (let sub = 1; sub <= Math.max(1, s.subcomponent, t.subcomponent); sub++) {
      const [x, y] = [memberAt(a, { type, table: 0 }, c, sub), memberAt(b, { type, table: 0 }, c, sub)]
      if (x === null || y === null || x.role === 'none' || y.role === 'none') continue
      if (x.role === 'use' && y.role === 'use') continue
      return `${segment}${s.wild && t.wild ? '*' : ''}-${field}${rows > 1 ? `.${c}` : ''}`
    }
  return null
}

/** OBX-5 is laid out as the type its condition names. */
function typeOf(segment: string, field: number, s: Selector): string {
  if (segment !== 'OBX' || field !== 5) return fieldType(segment, field).type
  const named = s.filters.find((f) => f.field === 2)
  return named === undefined ? 'ST' : ([...named.values][0] ?? 'ST')
}

const sameSegments = (s: Selector, t: Selector): boolean =>
  s.wild === t.wild
    ? s.segment === t.segment || (s.wild && (s.segment.startsWith(t.segment) || t.segment.startsWith(s.segment)))
    : false

/** Can no repetition fulfil both? */
function exclusive(s: Selector, t: Selector): boolean {
  if (s.repetition > 0 && t.repetition > 0 && s.repetition !== t.repetition) return true
  if (s.occurrence > 0 && t.occurrence > 0 && s.occurrence !== t.occurrence) return true
  return s.filters.some((f) => t.filters.some((g) => disjoint(f, g)))
}

function disjoint(f: Filter, g: Filter): boolean {
  if (f.field !== g.field || f.component !== g.component || f.subcomponent !== g.subcomponent) return false
  return [...f.values].every((v) => !g.values.has(v))
}
