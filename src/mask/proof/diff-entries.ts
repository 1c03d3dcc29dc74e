/**
 * Entries that leave the routes of a directory: one call less, unless a wider path of another entry takes its calls. What
 * was refused at the literal path is then forwarded under the template.
 */
import type { Place } from './diff-plain.ts'
import { judged } from './verdict.ts'

/** What of an entry decides which calls are its own. */
export interface Routed {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly status: string
}

const OFF_THE_ROUTES: ReadonlySet<string> = new Set(['draft', 'testing'])

/** Judges an entry that was on the routes and is not any more. `after`: the entries of the newer bundle. */
export function entryPlace(before: readonly Routed[], after: readonly Routed[]): Place {
  const known = new Map(before.map((entry) => [entry.id, entry]))
  return (path, _a, b) => {
    const [core, kind, id, part] = path
    if (core !== 'access' || kind !== 'entries' || id === undefined) return null
    const leaves = path.length === 3 ? b === undefined : part === 'status' && OFF_THE_ROUTES.has(String(b))
    const entry = leaves ? known.get(id) : undefined
    if (entry === undefined || OFF_THE_ROUTES.has(entry.status)) return null
    const heir = after.find((e) => e.id !== id && !OFF_THE_ROUTES.has(e.status) && meets(entry, e))
    return heir === undefined
      ? null
      : judged('looser', `其路径上的调用改由 ${heir.id} 转发`, `calls on its path are forwarded by ${heir.id} now`)
  }
}

/** Can one call mean both? */
function meets(a: Routed, b: Routed): boolean {
  const [left, right] = [a.path.split('/'), b.path.split('/')]
  return (
    a.method === b.method &&
    left.length === right.length &&
    left.every((segment, i) => isName(segment) || isName(right[i]!) || textOf(segment) === textOf(right[i]!))
  )
}

const isName = (segment: string): boolean => segment.startsWith('{')

function textOf(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
