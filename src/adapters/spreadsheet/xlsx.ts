/**
 * An XLSX to rows of text, in a thread of its own with a time and a memory limit, so that a workbook made to hurt costs
 * a thread and no call.
 */
import { setImmediate as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { threadUrl } from '../records/thread-url.ts'
import { type PackedRows, unpackRows } from './packed-rows.ts'

export interface SheetLimits {
  /** bytes of the file, and of all its parts unpacked */
  readonly file: number
  readonly unpacked: number
  readonly parts: number
  readonly rows: number
  readonly columns: number
  /** UTF-16 units of all cells: one text may be shown in every cell, and a file of kilobytes be gigabytes of rows */
  readonly characters: number
  readonly milliseconds: number
}

export const SHEET_LIMITS: SheetLimits = {
  file: 20 * 2 ** 20,
  unpacked: 200 * 2 ** 20,
  parts: 1000,
  rows: 200_000,
  columns: 64,
  characters: 16 * 2 ** 20,
  milliseconds: 60_000,
}

/** Why a workbook was not read; stable, for messages. */
export type SheetRefusal =
  | 'too-large'
  | 'not-xlsx'
  | 'too-many-parts'
  | 'unpacked-too-large'
  | 'macro'
  | 'no-sheet'
  | 'too-many-rows'
  | 'too-many-columns'
  | 'too-much-text'
  | 'timeout'
  | 'broken'

export class SheetError extends Error {
  override readonly name = 'SheetError'
  readonly reason: SheetRefusal
  constructor(reason: SheetRefusal) {
    super(reason)
    this.reason = reason
  }
}

export interface SheetRows {
  /** every cell as text, numbers as they are written, dates YYYY-MM-DD; row 1 is the first */
  readonly rows: readonly (readonly string[])[]
  /** cells whose value a formula made: row and column from 1, the first hundred */
  readonly formulas: readonly (readonly [row: number, column: number])[]
  /** cells that are numbers, the first of each column: a spreadsheet keeps no zeros in front of one or at its end */
  readonly numbers: readonly (readonly [row: number, column: number])[]
  /** what an eye on the sheet sees otherwise than the rows say: the first hundred */
  readonly notes: readonly SheetNote[]
  /** names of the sheets that were not read and are not empty */
  readonly others: readonly string[]
}

export type SheetNote = readonly [
  kind: 'merged' | 'hidden-row' | 'hidden-column' | 'hidden-sheet',
  row: number,
  column: number,
]

export interface SheetQuestion {
  readonly bytes: Uint8Array
  /** null = the first sheet */
  readonly sheet: string | null
  readonly limits: SheetLimits
}

export type SheetAnswer = { readonly rows: SheetRows } | { readonly refused: SheetRefusal }

/** The same as it leaves the thread. */
export type PackedAnswer =
  | { readonly packed: PackedRows; readonly told: Omit<SheetRows, 'rows'> }
  | { readonly refused: SheetRefusal }

/** megabytes of the thread's heap */
const HEAP = 512

/** Throws SheetError. `bytes` is handed over and must not be used again. */
export async function readXlsx(
  bytes: Uint8Array,
  sheet: string | null = null,
  limits: SheetLimits = SHEET_LIMITS,
): Promise<SheetRows> {
  if (bytes.length > limits.file) throw new SheetError('too-large')
  const question: SheetQuestion = { bytes, sheet, limits }
  const thread = new Worker(threadUrl(import.meta.url, 'xlsx-thread'), {
    workerData: question,
    resourceLimits: { maxOldGenerationSizeMb: HEAP, maxYoungGenerationSizeMb: 64 },
    env: {},
    stdout: true,
    stderr: true,
  })
  const answer = Promise.withResolvers<PackedAnswer>()
  const timer = setTimeout(() => answer.resolve({ refused: 'timeout' }), limits.milliseconds)
  thread.once('message', (told: PackedAnswer) => answer.resolve(told))
  thread.once('error', () => answer.resolve({ refused: 'broken' }))
  thread.once('exit', () => answer.resolve({ refused: 'broken' }))
  let came: PackedAnswer
  try {
    came = await answer.promise
  } finally {
    clearTimeout(timer)
    await thread.terminate()
  }
  if ('refused' in came) throw new SheetError(came.refused)
  return { rows: await unpackRows(came.packed, () => pause()), ...came.told }
}
