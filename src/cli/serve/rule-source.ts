/** Where the rules in force come from: a folder anybody edits, a folder with signatures beside it, or a bundle store. */
import type { Problem } from '../../base/problem.ts'
import type { RuleFile } from '../../mask/language/index.ts'
import type { CompiledFolder } from '../rules/compile-folder.ts'
import type { ShadowOffer } from './shadow-run.ts'

export type Compiled = NonNullable<CompiledFolder['compiled']>

/** What a source is given. */
export interface SourceTools {
  /** large dictionaries are made ready in slices, while calls go on */
  compile(files: readonly RuleFile[], read?: readonly Problem[]): Promise<CompiledFolder>
  /** New calls run under these rules when it resolves. False: they have no directory, and nothing was changed. */
  put(compiled: Compiled): Promise<boolean>
  /** hash of the rules in force, null while there are none */
  bundle(): string | null
}

export interface RuleSource {
  /** Resolves when the first rules are in force, or nothing could be. */
  start(): Promise<void>
  /** codes for /readyz: why the node must not be used */
  reasons(): readonly string[]
  /** codes for /readyz: worth knowing */
  notes(): readonly string[]
  /** a candidate to run beside the rules in force */
  shadow(): ShadowOffer | null
  stop(): Promise<void>
}
