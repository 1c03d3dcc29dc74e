/**
 * What the HL7 v2 scanner is told by the format: which segments, fields and components reach the tape, and under which
 * site. Built lazily by formats/hl7v2-program.ts; the scanner asks and never decides.
 */
import type { Repetition } from './hl7v2-repetition.ts'

/** Decoded text of one token of a repetition. */
export type TextOf = (start: number, end: number, escaped: boolean) => string

/** One datatype laid over one repetition: a table of site ids by component (rows) and subcomponent (columns). */
export interface RepetitionPlan {
  /** group scope opened around the repetition; -1 = its leaves stand alone */
  readonly scope: number
  /** a repetition of one plain value needs no group */
  readonly alone: boolean
  /**
   * rows x columns: a site, {@link SKIP}, or a guard as -2 - its index. The last row and column stand for everything
   * beyond.
   */
  readonly sites: Int32Array
  readonly rows: number
  readonly columns: number
}

export interface FieldPlan {
  /** what holds for every repetition, or null when {@link choose} decides (or nothing is of interest) */
  readonly fixed: RepetitionPlan | null
  /** decides by what stands in the repetition and in its segment */
  readonly choose: ((repetition: Repetition, number: number, text: TextOf) => RepetitionPlan | null) | null
}

/** Reads fields of a segment ahead of all others, for bindings with a condition on them. Holds one segment's answers. */
export interface Foresight {
  /** by field number, up to the last one to be read: 1 = is read */
  readonly wanted: Uint8Array
  begin(message: number, source: Uint8Array, multibyte: boolean): void
  see(field: number, repetition: Repetition, text: TextOf): void
}

export interface SegmentPlan {
  /** by field number; beyond its end {@link rest} holds */
  readonly fields: readonly (FieldPlan | null)[]
  readonly rest: FieldPlan | null
  readonly foresight: Foresight | null
  /** what the foresight reads stands before all that depends on it: one pass is enough */
  readonly inOrder: boolean
}

/** Not of interest. */
export const SKIP = -1

/** Chooses between two sites (or {@link SKIP}) by what the text looks like. */
export interface Guard {
  readonly test: (text: string) => boolean
  readonly then: number
  readonly otherwise: number
}

export interface Program {
  readonly recordScope: number
  /** null = nothing in such segments is of interest. Names are packed: three bytes, first one highest. */
  segment(name: number): SegmentPlan | null
  readonly guards: readonly Guard[]
}

export const packName = (name: string): number =>
  (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2)
export const unpackName = (packed: number): string =>
  String.fromCharCode(packed >> 16, (packed >> 8) & 255, packed & 255)
