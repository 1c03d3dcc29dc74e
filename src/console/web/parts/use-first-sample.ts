/**
 * What a preview opens on when nobody said: a role outside direct care, and the first sample that role receives. A sample
 * its policy refuses has no after to show, and would teach a newcomer nothing.
 */
import { useEffect, useState } from 'react'
import { call, Refused } from '../api/client.ts'
import type { Schemas } from '../api/types.ts'

export interface First {
  readonly role: string | undefined
  readonly scenario: string | undefined
  readonly sample: string | undefined
}

/** samples that are tried before the first of them is shown as it is */
const TRIED = 6

export function useFirstSample(
  ref: string,
  rules: Schemas['Rules'] | undefined,
  samples: readonly Schemas['Sample'][] | undefined,
  given: {
    readonly role: string | undefined
    readonly scenario: string | undefined
    readonly sample: string | undefined
  },
): First {
  const [found, setFound] = useState<{ readonly key: string; readonly sample: string } | undefined>(undefined)
  const own = given.role === undefined ? firstCaller(rules) : given
  const { role, scenario } = own
  const ids = samples?.map(({ id }) => id).join(' ') ?? ''
  const key = `${ref} ${role} ${scenario} ${ids}`
  const wanted = given.sample === undefined && role !== undefined && ids !== ''
  useEffect(() => {
    if (!wanted) return
    let gone = false
    const look = async () => {
      const sample = await shown(ref, ids.split(' '), role, scenario)
      if (!gone) setFound({ key, sample })
    }
    void look()
    return () => {
      gone = true
    }
  }, [wanted, key, ref, ids, role, scenario])
  return { role, scenario, sample: given.sample ?? (found?.key === key ? found.sample : undefined) }
}

async function shown(ref: string, ids: readonly string[], role: string, scenario: string | undefined): Promise<string> {
  for (const sample of ids.slice(0, TRIED)) {
    try {
      const body = { role, sample, ...(scenario === undefined ? {} : { scenario }) }
      const { refused, counts } = await call('POST /api/rules/{ref}/preview', { path: { ref }, body })
      if (refused === null && counts.replaced + counts.removed > 0) return sample
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  return ids[0]!
}

/** The researcher where there is one: nobody outside care is shown less of more. */
function firstCaller(rules: Schemas['Rules'] | undefined): { role: string | undefined; scenario: string | undefined } {
  const outside = (rules?.policies ?? []).filter((each) => !each.directCare && (each.roles?.length ?? 0) > 0)
  const policy = outside.find((each) => each.roles?.includes('researcher') === true) ?? outside[0]
  return { role: policy?.roles?.[0] ?? rules?.roles[0], scenario: policy?.scenarios?.[0] }
}
