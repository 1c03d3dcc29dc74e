/**
 * A plan: one rule set, compiled for one call's role, scenario, institution, interface and direction. The engine
 * (apply.ts) runs it over a tape. Building it is policy.ts' work; reading and writing bytes is the format's.
 */
import type { Position } from '../base/problem.ts'
import type { Edit, Edits } from '../base/splice.ts'
import type { Element, FormatName, Level, RuleSet, UnknownTreatment } from './model.ts'
import type { Layout } from './site.ts'
import type { Tape } from './tape.ts'
import type { Bound, Effects } from './transforms/transform.ts'

/** Why a leaf was treated as it was; quoted by explain and by the call record (counts only). */
export interface Why {
  readonly source: 'cell' | 'undecided' | 'unknown' | 'floor' | 'structure' | 'key' | 'level-5'
  readonly policy: string | null
  readonly at: Position | null
}

export interface Decision {
  readonly bound: Bound
  readonly why: Why
  /** keep judged by kind (outside direct care): a value off its kind is `unknown` */
  readonly keepByKind: boolean
  /** of a kept identifier: the element whose numbers are told from its own and treated more strictly; absent = none is */
  readonly holding?: Element | null
  /** what the method leaves of the element's level, once it was asked for ({@link leavesOf}) */
  leaves?: number
}

/** What the method leaves of the level of the element the decision is for. */
export const leavesOf = (decision: Decision, { level }: Element): number =>
  (decision.leaves ??= decision.bound.method.leaves(level, decision.bound.params))

/** How far content raised the record: bit 0 level-5 sign, bit 1 minor. */
export type Raise = 0 | 1 | 2 | 3

export interface Plan {
  readonly rules: RuleSet
  readonly format: FormatName
  readonly reader: Reader
  readonly unknown: { readonly treatment: UnknownTreatment; readonly why: Why }
  /** some treatment looks for values masked elsewhere in the payload: in sentences, in what it keeps */
  readonly needsText?: boolean
  /** decision for an element in a record raised so far */
  readonly decide: (element: Element, raise: Raise) => Decision
  /** true when content may raise the level and some decision depends on it */
  readonly levelSearch: boolean
  /** level-5 floor is `drop`: the whole record goes */
  readonly dropRaised: boolean
  /** some decision needs the record's subject (person-name: pseudonym) */
  readonly needsSubject: boolean
  /** some decision treats all values of one person alike (date-shift): records are asked whose they are */
  readonly needsOwner?: boolean
  /** some decision makes a list a table of statistics */
  readonly aggregates?: boolean
  /** no leaf is touched whatever the payload holds: bytes need not be read */
  readonly keepsAll: boolean
  /** policies that took part, and whether something is uncontrolled (unknown: keep) */
  readonly policies: readonly string[]
  readonly uncontrolled: boolean
  /** YYYY-MM-DD: after it an approval this plan rests on is over, and the plan with it; null or absent = nothing ends */
  readonly lastDay?: string | null
  readonly effects: Effects
  /** namespace of local identifiers when the payload names no assigning authority: the provider */
  readonly provider: string
  /** assigning authorities and identifier systems known to belong to an institution: their numbers share its namespace */
  readonly authorities: ReadonlyMap<string, string>
  /** base of this API at the gateway: absolute references are rewritten to it; null = made relative */
  readonly publicBase: string | null
  /** absent or null: links to other pages go */
  readonly paging?: Paging | null
  /** replaces a key that is payload: `?` + 6 or more hex digits of a keyed hash */
  readonly keyName: (key: string, digits: number) => string
  /** JSON outside FHIR: what happens to a number that becomes text */
  readonly onTypeConflict: 'string' | 'null' | 'drop'
}

/** Which leaves must reach the tape. A format prunes what cannot matter. */
export interface Interest {
  /** some decision for it, at any raise, does more than keep, or keeps by kind */
  readonly element: (element: Element) => boolean
  /** of those: kept, and asked for another element's numbers only: its composites need not be seen as such */
  readonly asked?: (element: Element) => boolean
  /** leaves neither bound nor structure, and structure leaves to be checked by shape */
  readonly unknown: boolean
  /** record scopes, level-5 signs and birth dates */
  readonly levelSearch: boolean
  /** identifiers of the record's subject */
  readonly subject: boolean
  /** and in FHIR the resource's own id and references to patients */
  readonly owner?: boolean
  /** a text of this element that is JSON may be opened: its treatment as a whole is no stricter. Absent: none may */
  readonly opens?: (element: Element) => boolean
}

export interface Limits {
  readonly maxDepth: number
  readonly maxBytes: number
}

/** A format's compiled reader for one (rule set, interface, interest). Not reentrant; one payload at a time. */
export interface Reader {
  readonly layout: Layout
  /**
   * Reads the whole payload strictly and fills the tape. Throws GatewayError PAYLOAD_UNPARSEABLE, PAYLOAD_TOO_DEEP,
   * PAYLOAD_INVALID, UNSUPPORTED_CHARSET (request codes; the road turns them for responses). Never half a tape.
   */
  read(source: Buffer, tape: Tape, limits: Limits, hints: ReadHints): Document
}

export interface ReadHints {
  /** charset of the Content-Type header, lower case, or null */
  readonly charset: string | null
  /** charset fixed by the interface entry, or null */
  readonly entryCharset: string | null
}

/** One payload while it is edited. Offsets are those of the tape. */
export interface Document {
  readonly source: Buffer
  /** the bytes of the source at its offsets, for as long as nobody reads another payload; absent or null: ask the source */
  view?(): DataView | null
  /** a LEAF's decoded text (no quotes, escapes resolved) */
  text(head: number, start: number, end: number): string
  /** HL7 `""`, empty and absent values stay as they are and are not given to methods */
  isEmpty(head: number, start: number, end: number): boolean
  /** writes text in the carrier's escaping; false when the carrier's type does not admit it (then call remove) */
  replace(edits: Edits, site: number, head: number, start: number, end: number, text: string): boolean
  /** true when the inner bytes of the LEAF are its text as UTF-8 (no escapes, no other charset): the fast road is open */
  plain(head: number, start: number, end: number): boolean
  /** bytes of quoting before and after the inner span (JSON 1, HL7 0) */
  readonly quote: 0 | 1
  remove(edits: Edits, head: number, start: number, end: number): void
  /** removes a whole scope (object, repetition, segment or record); start, end from OPEN and CLOSE */
  removeScope(edits: Edits, scope: number, start: number, end: number): void
  replaceKey(edits: Edits, start: number, end: number, text: string): void
  /** assigning authority or identifier system near a leaf, for the namespace of local identifiers; null = none */
  authority(tape: Tape, index: number): string | null
  /** human-readable addresses of the given byte offsets (ascending), for explain */
  addresses(offsets: readonly number[]): string[]
  /** applies all edits; removals of members, separators and emptied containers are settled here */
  finish(edits: Edits): Buffer
  /** edits of `source` as edits of the bytes that came, where those are others; absent: they are the same */
  outward?(edits: readonly Edit[]): readonly Edit[]
  /** rows delivered, by the format's own rule (domain.md 5.1): without the records removed so far */
  rows(): number
}

/** What a page of this entry's search looks like, at the upstream and at the gateway (Bundle.link). */
export interface Paging {
  /** path of the search at the upstream */
  readonly from: string
  /** the same search at the gateway */
  readonly to: string
  /** declared parameters, and the element each carries */
  readonly parameters: ReadonlyMap<string, string | null>
}

export interface PlanRequest {
  readonly role: string
  readonly scenario: string | null
  /** who receives the bytes */
  readonly recipient: string
  /** institution of the caller (policies' `for:` and `when:`) */
  readonly institution: string
  readonly provider: string
  readonly purpose: string | null
  /** the token's project claim, for pseudonyms of one dataset; absent = none */
  readonly project?: string | null
  readonly interfaceId: string
  readonly format: FormatName
  readonly direction: 'request' | 'response'
  /** policy named by the entry for a request; null = all whose `for:` matches */
  readonly policy: string | null
  /** row path of the entry, JSONPath, or null */
  readonly rows: string | null
  /** of a FHIR search; absent: links to other pages go */
  readonly paging?: Paging | null
}

/** Level word used in reports. */
export type LevelIn = Level | 0
