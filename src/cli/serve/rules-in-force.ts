/**
 * The rules folder as the snapshot calls run under. A good edit replaces it whole; a bad one leaves the last good one
 * in force and says so; at a start over a bad draft the one kept in the state folder runs.
 */
import type { Directory } from '../../access/directory.ts'
import type { Entry } from '../../access/model.ts'
import { type RuleFileText, type RuleFolder, readRuleFolder, watchRuleFolder } from '../../adapters/rule-files.ts'
import { keepRules, keptRules } from '../../adapters/state/folder.ts'
import type { Anomaly } from '../../anomaly/index.ts'
import type { Problem } from '../../base/problem.ts'
import { createSnapshot, type Snapshot } from '../../gateway/snapshot.ts'
import { buildWires, type SecretReader, type Wires } from '../../gateway/wire.ts'
import { compilePlan, compileWriteCheck, type Pseudonyms, type RuleSet } from '../../mask/index.ts'
import type { Log } from '../../ports/log.ts'
import { compileFolder } from '../rules/compile-folder.ts'

export interface RulesOptions {
  readonly folder: string
  /** null: nothing is kept (workers; the primary keeps) */
  readonly keepIn: string | null
  readonly state: string
  readonly pseudonyms: Pseudonyms
  readonly secrets: SecretReader
  readonly today: () => string
  readonly publicBase: string | null
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
  #problems = 0
  #building: Promise<void> = Promise.resolve()
  #watch: { close(): void } | null = null

  constructor(options: RulesOptions) {
    this.#o = options
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot
  }

  /** problems of an edit that is not in force; 0 = the folder is what calls run under */
  get problems(): number {
    return this.#problems
  }

  /** Resolves when the folder, or the rules kept from it, are in force or nothing could be. */
  async start(): Promise<void> {
    const first = await readRuleFolder(this.#o.folder)
    await this.#take(first)
    if (this.#snapshot === null) {
      const refused = this.#problems
      const kept = keptRules(this.#o.state)
      if (kept !== null) await this.#put(kept, [])
      this.#problems = refused
      if (this.#snapshot !== null) this.#o.log.warn('rules.last-good', { bundle: this.bundle ?? '' })
    }
    this.#watch = watchRuleFolder(
      this.#o.folder,
      first,
      (next) => {
        this.#building = this.#building.then(() => this.#take(next))
      },
      () => this.#o.log.error('rules.unreadable', {}),
    )
  }

  get bundle(): string | null {
    return this.#snapshot?.bundle ?? null
  }

  /** Reads secrets and certificates of upstreams again: a replaced file counts from now on. */
  rewire(): Promise<void> {
    this.#building = this.#building.then(async () => {
      if (this.#compiled !== null) await this.#activate(this.#compiled)
    })
    return this.#building
  }

  stop(): void {
    this.#watch?.close()
  }

  async #take(folder: RuleFolder): Promise<void> {
    await this.#put(folder.files, folder.problems)
  }

  async #put(files: readonly RuleFileText[], read: readonly Problem[]): Promise<void> {
    const { compiled, problems } = compileFolder(files, read)
    const errors = problems.filter((p) => p.severity === 'error')
    if (compiled === null || compiled.directory === null) {
      this.#problems = Math.max(1, errors.length)
      for (const { file, line, col, code } of errors.slice(0, 50))
        this.#o.log.error('rules.problem', { file, line, col, problem: code })
      this.#o.log.error('rules.refused', { count: this.#problems, bundle: this.bundle ?? '' })
      return
    }
    const { rules, directory, anomalies, hash } = compiled
    if (hash !== this.#compiled?.hash) await this.#activate({ rules, directory, anomalies, hash })
    this.#problems = 0
    if (this.#o.keepIn !== null) keepRules(this.#o.keepIn, hash, files)
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
    const { pseudonyms, today, publicBase } = this.#o
    return createSnapshot({
      bundle: hash,
      directory,
      wires: wires.byEntry,
      limits,
      compilePlan: (request) => compilePlan(rules, request, { pseudonyms, today, publicBase }),
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
