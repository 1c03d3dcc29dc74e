/**
 * A folder without signatures (`approval: off`): a good edit is in force at once, a bad one leaves the last good rules in
 * force and says so; at a start over a bad draft the rules kept in the state folder run.
 */
import { type RuleFileText, type RuleFolder, readRuleFolder, watchRuleFolder } from '../../adapters/rule-files.ts'
import { keepRules, keptRules } from '../../adapters/state/folder.ts'
import type { Problem } from '../../base/problem.ts'
import type { Log } from '../../ports/log.ts'
import { Keeping } from './keeping.ts'
import type { RuleSource, SourceTools } from './rule-source.ts'

export interface DraftOptions {
  readonly folder: string
  /** null: nothing is kept (workers; one of a folder keeps) */
  readonly keepIn: string | null
  readonly state: string
  readonly log: Log
}

export class DraftSource implements RuleSource {
  readonly #o: DraftOptions
  readonly #tools: SourceTools
  readonly #keeping: Keeping
  #problems = 0
  #stopped = false
  #taking: Promise<void> = Promise.resolve()
  #watch: { close(): void } | null = null

  constructor(options: DraftOptions, tools: SourceTools) {
    this.#o = options
    this.#tools = tools
    this.#keeping = new Keeping(options.log)
  }

  async start(): Promise<void> {
    const first = await readRuleFolder(this.#o.folder)
    await this.#take(first.files, first.problems)
    if (this.#tools.bundle() === null) {
      const refused = this.#problems
      const kept = keptRules(this.#o.state)
      if (kept !== null) await this.#take(kept, [])
      this.#problems = refused
      if (this.#tools.bundle() !== null) this.#o.log.warn('rules.last-good', { bundle: this.#tools.bundle() ?? '' })
    }
    this.#watch = watchRuleFolder(
      this.#o.folder,
      first,
      (next: RuleFolder) => {
        this.#taking = this.#taking
          .then(() => this.#take(next.files, next.problems))
          .catch(() => this.#o.log.error('rules.unreadable', { problem: 'INTERNAL' }))
      },
      () => this.#o.log.error('rules.unreadable', {}),
    )
  }

  reasons(): readonly string[] {
    return []
  }

  notes(): readonly string[] {
    const notes = ['APPROVAL_OFF']
    if (this.#problems > 0 && this.#tools.bundle() !== null) notes.push('RULES_LAST_GOOD')
    if (this.#keeping.failed) notes.push('RULES_NOT_KEPT')
    return notes
  }

  shadow(): null {
    return null
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#watch?.close()
    await this.#taking
    this.#keeping.stop()
  }

  async #take(files: readonly RuleFileText[], read: readonly Problem[]): Promise<void> {
    if (this.#stopped) return
    const { compiled, problems } = await this.#tools.compile(files, read)
    const errors = problems.filter((p) => p.severity === 'error')
    if (compiled === null || !(await this.#tools.put(compiled))) {
      this.#problems = Math.max(1, errors.length)
      for (const { file, line, col, code } of errors.slice(0, 50))
        this.#o.log.error('rules.problem', { file, line, col, problem: code })
      this.#o.log.error('rules.refused', { count: this.#problems, bundle: this.#tools.bundle() ?? '' })
      return
    }
    this.#problems = 0
    const { keepIn } = this.#o
    if (keepIn !== null && !this.#stopped) this.#keeping.keep(() => keepRules(keepIn, compiled.hash, files))
  }
}
