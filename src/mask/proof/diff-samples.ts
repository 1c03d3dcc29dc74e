/**
 * Sample documents masked under two rule sets, for every caller whose treatment of them differs: what the change does to
 * real places of real payloads. Addresses and counts only, never a value.
 */
import { leavesOf, type MethodLookup } from '../choose.ts'
import { formatOf } from '../language/rule-test.ts'
import type { Explained } from '../mask.ts'
import type { Element, RuleSet } from '../model.ts'
import { explainSample } from '../sample.ts'
import { methodByName } from '../transforms/index.ts'
import { type Admitted, callersOf, namesOf, OTHER, policiesFor } from './columns.ts'
import { type Judged, judged, type Verdict } from './verdict.ts'

export interface Sample {
  /** shown in results */
  readonly name: string
  readonly bytes: Uint8Array
  /** interface it belongs to; null = none */
  readonly interfaceId?: string | null
}

/** Leaves of one element in one sample that one or more callers see otherwise than before. */
export interface SampleChange extends Judged {
  readonly sample: string
  readonly callers: readonly string[]
  /** null = a value no binding knows */
  readonly element: string | null
  /** method and what became of the leaf; a code when the payload is refused */
  readonly before: string
  readonly after: string
  readonly leaves: number
  /** one of the places */
  readonly address: string | null
}

export interface SampleDiff {
  readonly changes: readonly SampleChange[]
  /** leaves compared, over all samples and callers, and those treated as before */
  readonly compared: number
  readonly same: number
  /** samples that could not be read in any format */
  readonly skipped: readonly string[]
}

/** @param date the call's day, YYYY-MM-DD */
export function diffSamples(
  before: RuleSet,
  after: RuleSet,
  samples: readonly Sample[],
  date: string,
  admitted: readonly Admitted[] = [],
  methods: MethodLookup = methodByName,
): SampleDiff {
  const merged = new Map<string, SampleChange & { callers: string[] }>()
  const skipped: string[] = []
  let compared = 0
  let same = 0
  for (const sample of samples) {
    const format = formatOf(sample.name)
    if (format === null) {
      skipped.push(sample.name)
      continue
    }
    for (const caller of distinctCallers(before, after, admitted)) {
      const request = {
        bytes: sample.bytes,
        format,
        role: caller.role,
        scenario: caller.scenario,
        institution: caller.institution,
        purpose: null,
        interfaceId: sample.interfaceId ?? null,
        date,
      }
      const [a, b] = [explainSample(before, request), explainSample(after, request)]
      const found =
        a.refused !== null || b.refused !== null ? refusals(a, b) : compareLeaves(a.leaves, b.leaves, methods)
      compared += found.compared
      same += found.same
      for (const change of found.changes) {
        const key = JSON.stringify([sample.name, change.element, change.before, change.after, change.verdict])
        const known = merged.get(key)
        if (known === undefined) merged.set(key, { ...change, sample: sample.name, callers: [caller.name] })
        else known.callers.push(caller.name)
      }
    }
  }
  return { changes: [...merged.values()], compared, same, skipped }
}

interface Found {
  readonly changes: readonly Omit<SampleChange, 'sample' | 'callers'>[]
  readonly compared: number
  readonly same: number
}

type Outcome = ReturnType<typeof explainSample>

function refusals(a: Outcome, b: Outcome): Found {
  const [left, right] = [a.refused ?? 'OK', b.refused ?? 'OK']
  if (left === right) return { changes: [], compared: 1, same: 1 }
  const verdict: Verdict = a.refused === null ? 'tighter' : 'looser'
  const why = judged(verdict, `${left} → ${right}`, `${left} became ${right}`)
  return {
    changes: [{ ...why, element: null, before: left, after: right, leaves: 1, address: null }],
    compared: 1,
    same: 0,
  }
}

/** Leaves of one document under two rule sets, by address. */
export function compareLeaves(a: readonly Explained[], b: readonly Explained[], methods: MethodLookup): Found {
  const after = Map.groupBy(b, (l) => l.address)
  const changes = new Map<string, Omit<SampleChange, 'sample' | 'callers' | 'leaves'> & { leaves: number }>()
  let same = 0
  for (const leaf of a) {
    const twin = after.get(leaf.address)?.shift() ?? null
    if (
      twin !== null &&
      twin.method === leaf.method &&
      twin.outcome === leaf.outcome &&
      twin.element?.id === leaf.element?.id
    ) {
      same++
      continue
    }
    const why = judgeLeaf(leaf, twin, methods)
    const element = (twin?.element ?? leaf.element)?.id ?? null
    const [left, right] = [shownLeaf(leaf), twin === null ? '-' : shownLeaf(twin)]
    const key = JSON.stringify([element, left, right, why.verdict])
    const known = changes.get(key)
    if (known === undefined)
      changes.set(key, { ...why, element, before: left, after: right, leaves: 1, address: leaf.address })
    else known.leaves++
  }
  return { changes: [...changes.values()], compared: a.length, same }
}

const shownLeaf = ({ method, outcome }: Explained): string => (outcome === 'kept' ? 'keep' : `${method} (${outcome})`)

function judgeLeaf(a: Explained, b: Explained | null, methods: MethodLookup): Judged {
  if (b === null) return judged('looser', '不再逐项处理', 'it is no longer looked at by itself')
  if (b.outcome === 'removed' && a.outcome !== 'removed') return judged('tighter', '现在删除', 'removed now')
  if (a.outcome === 'removed' && b.outcome !== 'removed') return judged('looser', '不再删除', 'no longer removed')
  if (b.outcome === 'kept' && a.outcome !== 'kept') return judged('looser', '现在可见', 'clear now')
  if (a.outcome === 'kept' && b.outcome !== 'kept') return judged('tighter', '不再可见', 'no longer clear')
  if (a.outcome === b.outcome && a.outcome !== 'replaced') return judged('same', '结果相同', 'the same result')
  const [left, right] = [left0(a, methods), left0(b, methods)]
  return right < left
    ? judged('tighter', '留下的更少', 'it leaves less')
    : judged('looser', '无法证明更严', 'not proved tighter')
}

/** What the default form of a method leaves, at one level for both sides. */
function left0(leaf: Explained, methods: MethodLookup): number {
  const level: Element['level'] = 4
  return leavesOf({ method: leaf.method, params: {} }, level, methods)
}

/** One caller for each pair of policy sets. */
function distinctCallers(before: RuleSet, after: RuleSet, admitted: readonly Admitted[]) {
  const seen = new Set<string>()
  const found: { role: string; scenario: string | null; institution: string; name: string }[] = []
  for (const caller of callersOf(namesOf([before, after], admitted))) {
    const sets = [before, after].map((r) => policiesFor(r, caller).map((p) => p.id))
    const key = JSON.stringify(sets)
    if (sets.every((s) => s.length === 0) || seen.has(key)) continue
    seen.add(key)
    found.push({ ...caller, name: `${caller.role}/${caller.scenario ?? OTHER}` })
  }
  return found
}
