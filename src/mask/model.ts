/** PURE CORE mask: the words everything else in it is written in. See docs/rules.md and ARCHITECTURE.md (glossary). */
import type { Position } from '../base/problem.ts'
import type { Sign } from './level5-signs.ts'

export const KINDS = [
  'name',
  'identifier',
  'phone',
  'email',
  'address',
  'date',
  'age',
  'code',
  'text',
  'number',
  'blob',
] as const
export type Kind = (typeof KINDS)[number]

/** 公开 1, 普通 2, 敏感 3, 重要 4, 控制 5 */
export type Level = 1 | 2 | 3 | 4 | 5

export const FORMATS = ['json', 'fhir', 'ndjson', 'hl7v2'] as const
export type FormatName = (typeof FORMATS)[number]

export interface Element {
  /** position in {@link RuleSet.elements}; what tapes and plans carry */
  readonly index: number
  readonly id: string
  readonly zh: string
  readonly kind: Kind
  readonly level: Level
  readonly group: string | null
  /** issued by one institution, unique only there: pseudonyms use its namespace and the pair scope */
  readonly local: boolean
  /** detector whose hits are this element */
  readonly detect: string | null
  /** how its values can raise a record to level 5 (domain.md E24); null = they cannot */
  readonly sign: readonly Sign[] | null
  readonly at: Position
}

/** One line of a binding file: `element: [selectors]`, not yet parsed by its format. */
export interface Binding {
  readonly element: Element
  /** exactly one of both is set */
  readonly format: FormatName | null
  readonly interfaceId: string | null
  /** the format's own notation, or null when `key`/`pair` is set */
  readonly path: string | null
  /** a JSON key in normalised form (domain.md 2.5.1) */
  readonly key: string | null
  /** `in:` scope of a key: a normalised ancestor key */
  readonly within: string | null
  /** label of a {name, value} pair */
  readonly pair: string | null
  readonly at: Position
}

/** One cell of the matrix role x element. */
export interface Cell {
  readonly method: string
  /** parameters with defaults filled in, checked against the method's schema */
  readonly params: Readonly<Record<string, unknown>>
  readonly at: Position
  /** narrows the cell; null = everywhere */
  readonly when: When | null
  /** approved to leave more than the policy's own cell, where `when` holds, up to and with its last day */
  readonly exception?: Approval | null
}

/** Who allowed what is no rule, and its last day (YYYY-MM-DD). */
export interface Approval {
  readonly approval: string
  readonly expires: string
}

export interface When {
  readonly interfaces: readonly string[] | null
  readonly institutions: readonly string[] | null
  readonly purposes: readonly string[] | null
}

export type UnknownTreatment = 'scrub' | 'codes-only' | 'redact' | 'drop' | 'withhold' | 'keep'

export interface Floor {
  /** `level-5` etc., or a group of elements.yaml */
  readonly target: { readonly level: Level } | { readonly group: string }
  readonly cell: Cell | 'never-clear'
  readonly at: Position
}

export interface Policy {
  readonly id: string
  readonly basis: string | null
  readonly owner: string | null
  /** YYYY-MM-DD */
  readonly review: string | null
  /** roles in direct care never see a changed drug, dose, allergy, blood group, unit or charge item, and keep is not judged by kind */
  readonly directCare: boolean
  readonly for: {
    readonly roles: readonly string[] | null
    readonly scenarios: readonly string[] | null
    readonly institutions: readonly string[] | null
  }
  readonly floors: readonly Floor[]
  /** by element id: the unconditional cell and those with `when:` */
  readonly cells: ReadonlyMap<string, readonly Cell[]>
  /** null in an overlay */
  readonly undecided: Cell | null
  readonly unknown: {
    readonly treatment: UnknownTreatment
    /** who allowed `keep`, and until when (YYYY-MM-DD) */
    readonly approval?: string | null
    readonly expires?: string | null
    readonly at: Position
  } | null
  readonly at: Position
}

/** A dictionary (脱敏字典): its active rows, and every name that may replace a whole field. */
export interface Dictionary {
  readonly id: string
  /** active rows in the file's order, whatever their days and roles */
  readonly rows: readonly DictionaryEntry[]
  /** rows of mode field and both by term and alias (canonical); several rows of one name differ in days or roles */
  readonly terms: ReadonlyMap<string, readonly DictionaryEntry[]>
}

/** What the term of a row is; `generic` = a brand that becomes its generic name (outside care only). */
export const TERM_KINDS = [
  'diagnosis',
  'symptom',
  'procedure',
  'exam',
  'analyte',
  'drug',
  'generic',
  'manufacturer',
  'department',
  'abbreviation',
  'category',
  'other',
] as const
export type TermKind = (typeof TERM_KINDS)[number]

/** One row of a dictionary file. */
export interface DictionaryEntry {
  readonly term: string
  readonly aliases: readonly string[]
  readonly replacement: string
  readonly kind: TermKind
  /** whole fields, inside texts, or both */
  readonly mode: 'field' | 'text' | 'both'
  /** in a text, no hit where one of these stands directly before, or directly after the term */
  readonly notBefore: readonly string[]
  readonly notAfter: readonly string[]
  /** only for these roles; null = for all */
  readonly roles: readonly string[] | null
  readonly code: string | null
  readonly codeSystem: string | null
  /** [from, to) as YYYY-MM-DD in the configured zone; null = open */
  readonly from: string | null
  readonly to: string | null
  readonly batch: string | null
  readonly author: string
  readonly approver: string
  readonly at: Position
  /** where the replacement stands */
  readonly replacementAt: Position
}

/** The mask part of a bundle: everything compiled from rules/ that masking needs. Immutable. */
export interface RuleSet {
  readonly elements: readonly Element[]
  readonly elementById: ReadonlyMap<string, Element>
  readonly bindings: readonly Binding[]
  readonly policies: readonly Policy[]
  readonly dictionaries: ReadonlyMap<string, Dictionary>
}
