/**
 * Rows of text on their way out of a thread: three arrays that are handed over and not copied, and rows again in
 * slices. A message of strings is read back in one turn, and one text shown in many cells comes as often as it is shown.
 */
import { inSlices, type Pause, type Steps } from '../../base/steps.ts'

export interface PackedRows {
  /** every cell, one after the other, UTF-16LE */
  readonly text: Uint8Array<ArrayBuffer>
  /** where each cell ends, in UTF-16 units */
  readonly ends: Uint32Array<ArrayBuffer>
  /** cells of each row */
  readonly widths: Uint32Array<ArrayBuffer>
}

const SLICE = 4000

export function packRows(rows: readonly (readonly string[])[]): PackedRows {
  const widths = Uint32Array.from(rows, (row) => row.length)
  const ends = new Uint32Array(widths.reduce((sum, n) => sum + n, 0))
  let units = 0
  let cell = 0
  for (const row of rows) for (const text of row) ends[cell++] = units += text.length
  const text = new Uint8Array(2 * units)
  const bytes = Buffer.from(text.buffer)
  let at = 0
  for (const row of rows) for (const cellText of row) at += bytes.write(cellText, at, 'utf16le')
  return { text, ends, widths }
}

/** Of {@link packRows}: to be handed over with it. */
export const packedBuffers = ({ text, ends, widths }: PackedRows): ArrayBuffer[] => [
  text.buffer,
  ends.buffer,
  widths.buffer,
]

export const unpackRows = (packed: PackedRows, pause: Pause): Promise<string[][]> =>
  inSlices(unpackSteps(packed), pause)

function* unpackSteps({ text, ends, widths }: PackedRows): Steps<string[][]> {
  const all = Buffer.from(text.buffer).toString('utf16le')
  const rows: string[][] = []
  let from = 0
  let cell = 0
  let pausedAt = 0
  for (const width of widths) {
    const row: string[] = []
    for (let i = 0; i < width; i++) {
      const end = ends[cell++]!
      row.push(all.slice(from, end))
      from = end
    }
    rows.push(row)
    if (cell - pausedAt < SLICE) continue
    pausedAt = cell
    yield
  }
  return rows
}
