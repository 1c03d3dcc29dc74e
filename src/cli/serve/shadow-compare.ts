/**
 * One answer under the rules in force and under a candidate: how many leaves each would treat otherwise. Whatever is
 * masked here is thrown away; figures and codes are all that comes out.
 */
import { randomBytes } from 'node:crypto'
import { datasetMap } from '../../adapters/dataset-map/index.ts'
import { isGatewayError } from '../../base/errors.ts'
import type { Keyring } from '../../base/keyring.ts'
import { compilePlan, type Limits, type Plan, type PlanRequest, Pseudonyms, type ReadHints } from '../../mask/index.ts'
import { explainPayload } from '../../mask/mask.ts'
import { compareLeaves } from '../../mask/proof/diff-samples.ts'
import { methodByName } from '../../mask/transforms/index.ts'
import type { BundleFile } from '../../release/model.ts'
import { ruleFilesOf } from '../release/bundle-files.ts'
import { compileFolder } from '../rules/compile-folder.ts'

export interface ShadowSides {
  readonly live: readonly BundleFile[]
  readonly candidate: readonly BundleFile[]
  readonly keyring: Keyring
  readonly publicBase: string | null
}

export interface ShadowTask {
  readonly request: PlanRequest
  readonly body: Uint8Array
  readonly hints: ReadHints
  readonly limits: Limits
  /** YYYY-MM-DD in the configured zone */
  readonly day: string
}

export interface ShadowFigures {
  readonly tighter: number
  readonly looser: number
  readonly other: number
  /** code the candidate would refuse the call with; null: none */
  readonly failed: string | null
}

const MAX_PLANS = 256

/** Throws when one of the two does not compile. */
export function createComparer({
  live,
  candidate,
  keyring,
  publicBase,
}: ShadowSides): (task: ShadowTask) => ShadowFigures {
  const pseudonyms = new Pseudonyms(keyring)
  // ids of datasets made here are forgotten with the run: nothing is added to the node's own map
  const randomIds = datasetMap(null, keyring, pseudonyms)
  let day = ''
  const world = { pseudonyms, randomIds, publicBase, random: randomBytes, today: () => day }
  const [before, after] = [live, candidate].map((files) => planner(files, world))
  return (task) => {
    day = task.day
    const body = Buffer.from(task.body.buffer, task.body.byteOffset, task.body.byteLength)
    const [old, next] = [before!(task.request), after!(task.request)]
    if (old === null) return { ...NOTHING }
    if (next === null) return { ...NOTHING, failed: 'ROLE_DENIED' }
    const seen = explainPayload(old, body, task.hints, task.limits).leaves
    try {
      return figuresOf(compareLeaves(seen, explainPayload(next, body, task.hints, task.limits).leaves, methodByName))
    } catch (error) {
      return { ...NOTHING, failed: isGatewayError(error) ? error.code : 'MASK_FAILED' }
    }
  }
}

const NOTHING: ShadowFigures = { tighter: 0, looser: 0, other: 0, failed: null }

function figuresOf({ changes }: ReturnType<typeof compareLeaves>): ShadowFigures {
  const sum = { tighter: 0, looser: 0, same: 0 }
  for (const { verdict, leaves } of changes) sum[verdict] += leaves
  return { tighter: sum.tighter, looser: sum.looser, other: sum.same, failed: null }
}

function planner(
  files: readonly BundleFile[],
  world: Parameters<typeof compilePlan>[2],
): (r: PlanRequest) => Plan | null {
  const { compiled } = compileFolder(ruleFilesOf(files))
  if (compiled === null) throw new Error('the bundle does not compile')
  const plans = new Map<string, Plan | null>()
  return (request) => {
    const key = JSON.stringify(request)
    let plan = plans.get(key)
    if (plan === undefined) {
      if (plans.size >= MAX_PLANS) plans.clear()
      plans.set(key, (plan = compilePlan(compiled.rules, request, world)))
    }
    return plan
  }
}
