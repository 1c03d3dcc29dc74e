/**
 * Walks two canonical bundles side by side and asks a table of proofs about every difference. What the table does not
 * know is looser, so a new kind of rule can never be loosened unseen.
 */
import { canonicalJson } from '../../base/canonical.ts'
import type { Position } from '../../base/problem.ts'
import {
  admits,
  care,
  exception,
  filter,
  firstDay,
  guards,
  label,
  lastDay,
  level,
  opens,
  type Prover,
  quota,
  ranked,
  restriction,
  span,
  unproved,
  watches,
} from './provers.ts'
import type { Change, Judged } from './verdict.ts'

export type Path = readonly string[]
/** A proof that needs to know where it stands; null = go into the members. */
export type Place = (path: Path, before: unknown, after: unknown) => Judged | null

/** `*` stands for one name. Longest first is not needed: patterns of one length are asked in order. */
export const TABLE: Readonly<Record<string, Prover>> = {
  'mask.elements.*.zh': label,
  'mask.elements.*.level': level,
  'mask.elements.*.sign': restriction,
  'mask.elements.*.group': restriction,
  'mask.policies.*.basis': label,
  'mask.policies.*.owner': label,
  'mask.policies.*.review': lastDay,
  'mask.policies.*.directCare': care,
  'mask.policies.*.unknown.expires': lastDay,
  'access.institutions.*': opens,
  'access.institutions.*.id': label,
  'access.institutions.*.zh': label,
  'access.institutions.*.status': ranked('active', 'suspended'),
  'access.institutions.*.contract.from': firstDay,
  'access.institutions.*.contract.to': lastDay,
  'access.institutions.*.certificates': admits,
  'access.institutions.*.cidrs': admits,
  'access.institutions.*.scenarios': admits,
  'access.entries.*': opens,
  'access.entries.*.id': label,
  'access.entries.*.zh': label,
  'access.entries.*.version': label,
  'access.entries.*.slo': label,
  'access.entries.*.status': ranked('published', 'deprecated', 'suspended', 'retired', 'testing', 'draft'),
  'access.entries.*.roles': admits,
  'access.entries.*.scenarios': admits,
  'access.entries.*.query.*': filter,
  'access.entries.*.query.*.required': ranked('false', 'true'),
  'access.entries.*.query.*.pattern': restriction,
  'access.entries.*.query.*.element': restriction,
  'access.entries.*.request.policy': restriction,
  'access.entries.*.masking': ranked('none', 'full'),
  'access.entries.*.mode': ranked('observe', 'enforce'),
  'access.entries.*.maskedInput': exception,
  'access.entries.*.body.max': quota,
  'access.entries.*.timeoutMs': quota,
  'access.entries.*.audit': ranked('normal', 'write-ahead'),
  'access.entries.*.mediaTypes': admits,
  'access.entries.*.expires': lastDay,
  'anomaly.*': guards,
  'anomaly.*.zh': label,
  'anomaly.*.windowMs': span,
  'anomaly.*.threshold': quota,
  'anomaly.*.cooldownMs': quota,
  'anomaly.*.severity': ranked('info', 'warning', 'critical'),
  'anomaly.*.enabled': ranked('false', 'true'),
  'anomaly.*.codes': watches,
  'alerts.*': guards,
  'samples.*': guards,
}

const compiled = Object.entries(TABLE).map(([pattern, prover]) => ({ steps: pattern.split('.'), prover }))

function proverAt(path: Path): Prover | null {
  for (const { steps, prover } of compiled)
    if (steps.length === path.length && steps.every((s, i) => s === '*' || s === path[i])) return prover
  return null
}

type Plain = Readonly<Record<string, unknown>>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lists of things with names are compared by name: a changed member is not one removed and another added. */
function byName(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isPlain)) return value
  const keyed = value.map((v) => [v['id'] ?? v['name'], v] as const)
  const ids = new Set(keyed.map(([id]) => id))
  return keyed.every(([id]) => typeof id === 'string') && ids.size === value.length ? Object.fromEntries(keyed) : value
}

export interface Walk {
  /** asked first; for what only the rules themselves can tell */
  readonly place: Place
  readonly positions: (path: Path) => readonly [before: Position | null, after: Position | null]
}

/** Every difference, judged, in the order of the paths. */
export function diffPlain(before: unknown, after: unknown, walk: Walk, path: Path = []): Change[] {
  if (before !== undefined && after !== undefined && canonicalJson(before) === canonicalJson(after)) return []
  const special = walk.place(path, before, after)
  if (special !== null) return [changeOf(path, special, walk)]
  const named = [byName(before), byName(after)] as const
  const both = isPlain(named[0]) && isPlain(named[1])
  // An empty list and a list of named things are still lists of the same kind.
  const [left, right] = [asMembers(named[0], named[1]), asMembers(named[1], named[0])]
  if (both || (left !== null && right !== null)) {
    const keys = [...new Set([...Object.keys(left!), ...Object.keys(right!)])].sort()
    return keys.flatMap((key) => diffPlain(left![key], right![key], walk, [...path, key]))
  }
  return [changeOf(path, (proverAt(path) ?? unproved)(before, after), walk)]
}

const asMembers = (value: unknown, other: unknown): Plain | null => {
  if (isPlain(value)) return value
  return Array.isArray(value) && value.length === 0 && isPlain(other) ? {} : null
}

function changeOf(path: Path, { verdict, reason }: Judged, walk: Walk): Change {
  const [before, after] = walk.positions(path)
  return { path: path.join('.'), verdict, reason, before, after }
}
