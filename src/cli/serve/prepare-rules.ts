/** What decides in a worker: rules in force with their source, a candidate beside them, what masking takes of the node. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DATASETS_FILE, datasetMap } from '../../adapters/dataset-map/index.ts'
import { readSecret } from '../../adapters/secret/files.ts'
import type { Readiness } from '../../gateway/operations.ts'
import type { SecretReader } from '../../gateway/wire.ts'
import { Pseudonyms } from '../../mask/index.ts'
import type { ReadingUpstream } from '../../ports/upstream.ts'
import { ApprovalOffError } from './approval-off.ts'
import { driftBook } from './drift-book.ts'
import { DueWatch } from './due-watch.ts'
import { openSource } from './open-source.ts'
import { RulesInForce, type RulesOptions } from './rules-in-force.ts'
import { type ShadowOptions, ShadowRun } from './shadow-run.ts'
import type { WorkerOptions } from './worker-options.ts'

export interface Ruled {
  readonly rules: RulesInForce
  readonly due: DueWatch
  readonly drift: ReturnType<typeof driftBook>
  /** takes no new rules any more */
  stop(): Promise<void>
  /** after the last call */
  close(): void
}

/** Nothing is in force before `rules.start()`. Throws ApprovalOffError, and as openSource(). */
export async function prepareRules(
  options: WorkerOptions,
  locate: (path: string) => string,
  today: () => string,
  condition: () => Readiness,
  upstreams: readonly Pick<ReadingUpstream, 'retarget'>[],
): Promise<Ruled> {
  const shadow: ShadowRun = shadowOf(options, today, () => rules.source.shadow())
  const source = await sourceOf(options, locate, condition, shadow)
  const world = worldOf(options, locate)
  const rules = rulesOf(options, locate, { ...world, today, source, shadow: () => shadow.current() }, upstreams)
  const due = new DueWatch({ rules: () => rules.rules, today, log: options.log })
  return {
    rules,
    due,
    drift: world.drift,
    async stop() {
      due.stop()
      shadow.stop()
      await rules.stop()
    },
    close: () => world.datasets.close(),
  }
}

/** What masking takes from this node beside its rules. */
function worldOf({ config, keyring, log }: WorkerOptions, locate: (path: string) => string) {
  const pseudonyms = new Pseudonyms(keyring)
  const state = locate(config.state)
  const datasets = datasetMap(join(state, DATASETS_FILE), keyring, pseudonyms)
  return { pseudonyms, datasets, randomIds: datasets, drift: driftBook(state, pseudonyms, log) }
}

const shadowOf = ({ config, keyring, log }: WorkerOptions, today: () => string, offer: ShadowOptions['offer']) =>
  new ShadowRun({ offer, keyring, today, log, publicBase: config.data.publicBase })

function rulesOf(
  options: WorkerOptions,
  locate: (path: string) => string,
  world: Pick<RulesOptions, 'today' | 'pseudonyms' | 'randomIds' | 'source' | 'drift' | 'shadow'>,
  upstreams: readonly Pick<ReadingUpstream, 'retarget'>[],
): RulesInForce {
  const { config, log } = options
  const { today, pseudonyms, randomIds, source, drift, shadow } = world
  return new RulesInForce({
    ...{ today, pseudonyms, randomIds, source, drift, shadow },
    secrets: secretReader(options, locate),
    publicBase: config.data.publicBase,
    limits: { maxDepth: config.limits.depth, maxRatio: config.limits.ratio },
    log,
    inForce: ({ wires, anomalies }) => {
      for (const upstream of upstreams) upstream.retarget(wires.targets)
      options.anomalies?.(anomalies)
    },
  })
}

function sourceOf(
  options: WorkerOptions,
  locate: (path: string) => string,
  condition: () => Readiness,
  shadow: ShadowRun,
) {
  const { config, keyring, env, log, keepsRules = true, admitDemo = false, unsafeApprovalOff = false } = options
  if (config.release.approval === 'off' && !admitDemo && !unsafeApprovalOff) throw new ApprovalOffError()
  const said = () => [...condition().reasons, ...condition().notes]
  return openSource({
    config,
    keyring,
    env,
    locate,
    log,
    speaks: keepsRules,
    condition: said,
    shadow: () => shadow.counts(),
  })
}

function secretReader(options: WorkerOptions, locate: (path: string) => string): SecretReader {
  return {
    secret: (ref) => readSecret(ref, options.env, locate),
    file: (path) => readFile(locate(path), 'utf8'),
  }
}
