/** What the console is made of. Everything it touches comes in here. */
import type { Cost } from '../../accounts/index.ts'
import type { Problem } from '../../base/problem.ts'
import type { Row } from '../../mask/dictionary/csv.ts'
import type { RuleTestFile } from '../../mask/language/read-tests.ts'
import type { RuleTestReport } from '../../mask/language/rule-test.ts'
import type { FormatName, RuleSet } from '../../mask/model.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { CallQueries } from '../../ports/call-queries.ts'
import type { Log } from '../../ports/log.ts'
import type { ReleaseDesk } from '../../ports/release.ts'
import type { Workshop } from '../../ports/workshop.ts'
import type { BundleFile } from '../../release/model.ts'
import type { Bounds } from './bounds.ts'
import type { Pages } from './pages.ts'

/** What the console reads of the interface directory. */
export interface DirectoryFacts {
  readonly institutions: ReadonlyMap<string, { readonly id: string; readonly zh: string }>
  readonly entries: ReadonlyMap<string, EntryFacts>
}

export interface EntryFacts {
  readonly id: string
  readonly zh: string
  readonly format: FormatName
  readonly provider: string
  readonly roles: readonly string[]
  readonly scenarios: readonly string[] | null
  readonly rows: string | null
}

export interface Compilation {
  /** null when any file has an error */
  readonly compiled: {
    readonly rules: RuleSet
    readonly tests: readonly RuleTestFile[]
    readonly directory: DirectoryFacts | null
    readonly hash: string
  } | null
  readonly problems: readonly Problem[]
}

/** An uploaded table; places are those of the file. */
export interface ReadTable {
  /** null: it could not be read within the limits */
  readonly table: {
    readonly rows: readonly Row[]
    readonly formulas: readonly (readonly [row: number, column: number])[]
    readonly numbers: readonly (readonly [row: number, column: number])[]
  } | null
  readonly problems: readonly Problem[]
}

/** What one treatment is changed to by another rule set. */
export interface CellChange {
  readonly what: string
  readonly class: 'same' | 'tighter' | 'looser'
  readonly message: { readonly zh: string; readonly en: string }
  readonly element?: string | null
  readonly column?: string | null
  readonly before?: Side | null
  readonly after?: Side | null
}
export interface Side {
  readonly text: string
  readonly at: { readonly file: string; readonly line: number; readonly col: number } | null
  /** of a treatment, for who tells it in words of their own */
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
}

export interface Difference {
  readonly class: 'same' | 'tighter' | 'looser'
  readonly needs: number
  readonly changes: readonly CellChange[]
}

/** The compilers, which stand on a higher floor. */
export interface RuleTools {
  compile(files: readonly BundleFile[]): Promise<Compilation>
  test(compilation: NonNullable<Compilation['compiled']>, files: readonly BundleFile[]): Promise<RuleTestReport>
  /** null when either does not compile */
  diff(before: readonly BundleFile[], after: readonly BundleFile[]): Promise<Difference | null>
  /** An uploaded CSV or workbook, the latter read away from the event loop. */
  readTable(bytes: Uint8Array, file: string): Promise<ReadTable>
}

export interface ConsoleOptions {
  readonly node: string
  /** IANA zone of periods and days */
  readonly zone: string
  readonly accounts: Accounts
  readonly workshop: Workshop
  readonly desk: ReleaseDesk
  readonly tools: RuleTools
  readonly queries: CallQueries
  /** the parsed spec/console.openapi.yaml: bodies and parameters are held against it */
  readonly document: OpenApi
  /** the built application; null: not built */
  readonly pages: Pages | null
  /** the deployment's bearer secret, at least 32 characters; null: none */
  readonly secret: string | null
  readonly log: Log
  /** ms since 1970 */
  readonly now: () => number
  readonly random: (bytes: number) => Uint8Array
  /** of password hashes that are made */
  readonly cost: Cost
  /** of what officers keep; default BOUNDS */
  readonly bounds?: Bounds
  /** seals TOTP secrets; 32 bytes */
  readonly totpKey: Uint8Array
  /** key of the pseudonyms previews show: thrown away with the process */
  readonly previewKey: Uint8Array
}

type Schema = Readonly<Record<string, unknown>>

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, Schema>>>>
}
