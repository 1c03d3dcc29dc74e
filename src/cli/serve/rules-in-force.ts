/**
 * The rules as the snapshot calls run under: compiled, wired and replaced whole when their source gives others. Where
 * rules come from, and which of them may run, is the source's matter.
 */
import { randomBytes } from 'node:crypto'
import type { Directory } from '../../access/directory.ts'
import type { Entry } from '../../access/model.ts'
import type { Anomaly } from '../../anomaly/index.ts'
import { inSlices } from '../../base/steps.ts'
import { createSnapshot, type Shadow, type Snapshot } from '../../gateway/snapshot.ts'
import { buildWires, type SecretReader, type Wires } from '../../gateway/wire.ts'
import { DictionaryCache } from '../../mask/dictionary/prepare.ts'
import type { DriftBook } from '../../mask/drift.ts'
import { compilePlan, compileWriteCheck, type Pseudonyms, type RandomIds, type RuleSet } from '../../mask/index.ts'
import type { Log } from '../../ports/log.ts'
import { folderSteps } from '../rules/compile-folder.ts'
import { pace } from './pace.ts'
import type { RuleSource, Compiled as SourceCompiled, SourceTools } from './rule-source.ts'

export interface RulesOptions {
  readonly source: (tools: SourceTools) => RuleSource
  /** a candidate beside the rules in force */
  readonly shadow: () => Shadow | null
  readonly pseudonyms: Pseudonyms
  /** the map of random ids of this node */
  readonly randomIds: RandomIds
  readonly secrets: SecretReader
  readonly today: () => string
  readonly publicBase: string | null
  /** what interfaces brought that no rule knows */
  readonly drift: DriftBook
  readonly limits: { readonly maxDepth: number; readonly maxRatio: number }
  readonly log: Log
  /** told of every new set in force, before calls see it */
  readonly inForce: (rules: { readonly wires: Wires; readonly anomalies: readonly Anomaly[] }) => void
}

interface Compiled {
  readonly rules: RuleSet
  readonly directory: Directory
  readonly anomalies: readonly Anomaly[]
  readonly hash: string
}

export class RulesInForce {
  readonly #o: RulesOptions
  #compiled: Compiled | null = null
  #snapshot: Snapshot | null = null
  #building: Promise<void> = Promise.resolve()
  readonly source: RuleSource
  /** large dictionaries are made ready while calls go on */
  readonly #dictionaries = new DictionaryCache()

  constructor(options: RulesOptions) {
    this.#o = options
    this.source = options.source({
      compile: async (files, read = []) => {
        const pause = pace()
        return inSlices(folderSteps(files, read, null, await this.#dictionaries.prepare(files, pause)), pause)
      },
      put: (compiled) => this.#put(compiled),
      bundle: () => this.bundle,
    })
  }

  /** what the snapshot was compiled from */
  get rules(): RuleSet | null {
    return this.#compiled?.rules ?? null
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot
  }

  /** Resolves when the source's rules are in force or nothing could be. */
  start(): Promise<void> {
    return this.source.start()
  }

  get bundle(): string | null {
    return this.#snapshot?.bundle ?? null
  }

  /** Reads secrets and certificates of upstreams again: a replaced file counts from now on. */
  rewire(): Promise<void> {
    this.#building = this.#building
      .then(async () => {
        if (this.#compiled !== null) await this.#activate(this.#compiled)
      })
      // what was wired before goes on
      .catch(() => this.#o.log.error('upstream.unusable', { problem: 'INTERNAL' }))
    return this.#building
  }

  stop(): Promise<void> {
    return this.source.stop()
  }

  #put({ rules, directory, anomalies, hash }: SourceCompiled): Promise<boolean> {
    const put = this.#building.then(async () => {
      if (directory === null) return false
      if (hash !== this.#compiled?.hash) await this.#activate({ rules, directory, anomalies, hash })
      return true
    })
    this.#building = put.then(
      () => {},
      () => {},
    )
    return put
  }

  async #activate(compiled: Compiled): Promise<void> {
    const { log, secrets, limits, inForce } = this.#o
    const wires = await buildWires(compiled.directory.entries.values(), secrets, (entry, reason) =>
      log.error('upstream.unusable', { interface: entry.id, problem: reason }),
    )
    inForce({ wires, anomalies: compiled.anomalies })
    this.#compiled = compiled
    this.#snapshot = this.#snapshotOf(compiled, wires, limits)
    log.info('rules.active', { bundle: compiled.hash, count: compiled.directory.entries.size })
  }

  #snapshotOf({ rules, directory, hash }: Compiled, wires: Wires, limits: RulesOptions['limits']): Snapshot {
    const { pseudonyms, today, publicBase, randomIds } = this.#o
    return createSnapshot({
      bundle: hash,
      shadow: this.#o.shadow,
      directory,
      wires: wires.byEntry,
      limits,
      compilePlan: (request) =>
        compilePlan(rules, request, {
          pseudonyms,
          today,
          publicBase,
          randomIds,
          random: randomBytes,
          drift: this.#o.drift,
        }),
      compileWriteCheck: (entry: Entry) =>
        compileWriteCheck(
          rules,
          entry,
          pseudonyms.forCall({ recipient: entry.provider, scenario: null, holder: entry.provider, project: null }),
          today,
        ),
    })
  }
}
