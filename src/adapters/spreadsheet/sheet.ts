/** The one door of read-excel-file: looks at the archive, then reads one sheet of it. Runs in the thread of xlsx.ts. */
import { inflateRawSync } from 'node:zlib'
import readWorkbook from 'read-excel-file/universal'
import { packedBytes, partsOf } from './archive.ts'
import { packedBuffers, packRows } from './packed-rows.ts'
import type {
  PackedAnswer,
  SheetAnswer,
  SheetLimits,
  SheetNote,
  SheetQuestion,
  SheetRefusal,
  SheetRows,
} from './xlsx.ts'

const MAX_MARKS = 100

/** Rejects when the workbook is broken. */
export async function readSheet({ bytes, sheet, limits }: SheetQuestion): Promise<SheetAnswer> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const refused = refusalOf(file, limits)
  if (refused !== null) return { refused }
  const sheets = await readWorkbook(new Blob([bytes as Uint8Array<ArrayBuffer>]), {
    trim: true,
    parseNumber: (text) => text as never,
  })
  const index = sheet === null ? 0 : sheets.findIndex((s) => s.sheet === sheet)
  const found = sheets[index]
  if (found === undefined) return { refused: 'no-sheet' }
  if (found.data.length > limits.rows) return { refused: 'too-many-rows' }
  const rows = found.data.map((row) => row.map(textOf))
  if (rows.some((row) => row.length > limits.columns)) return { refused: 'too-many-columns' }
  if (lengthOf(rows) > limits.characters) return { refused: 'too-much-text' }
  const marks = marksOf(partXml(file, index, limits))
  const others = sheets.filter((s) => s !== found && s.data.some((row) => row.length > 0)).map((s) => s.sheet)
  return { rows: { rows, ...marks, others } }
}

function refusalOf(file: Buffer, limits: SheetLimits): SheetRefusal | null {
  const parts = partsOf(file, 0xffff)
  if (parts === null || !parts.some((part) => part.name === 'xl/workbook.xml')) return 'not-xlsx'
  if (parts.length > limits.parts) return 'too-many-parts'
  if (parts.some((part) => part.name.endsWith('vbaProject.bin'))) return 'macro'
  return parts.reduce((sum, part) => sum + part.size, 0) > limits.unpacked ? 'unpacked-too-large' : null
}

const lengthOf = (rows: readonly (readonly string[])[]): number =>
  rows.reduce((sum, row) => row.reduce((n, text) => n + text.length, sum), 0)

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return String(value)
}

/** The text of the sheet's own part: by its place in the workbook and the relation named there (ECMA-376 part 1, 18.2.20). */
function partXml(file: Buffer, index: number, limits: SheetLimits): string {
  const parts = partsOf(file, limits.parts) ?? []
  const text = (name: string): string => {
    const part = parts.find((p) => p.name === name)
    if (part === undefined) return ''
    const packed = packedBytes(file, part)
    return (part.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: limits.unpacked })).toString()
  }
  const [sheet = ''] = [...text('xl/workbook.xml').matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)].slice(index).map((m) => m[0])
  const id = /\br:id="([^"]+)"/.exec(sheet)?.[1] ?? ''
  const relation = [...text('xl/_rels/workbook.xml.rels').matchAll(/<Relationship\s[^>]*>/g)].find((m) =>
    m[0].includes(`Id="${id}"`),
  )
  const target = /\bTarget="([^"]+)"/.exec(relation?.[0] ?? '')?.[1] ?? ''
  return text(target.startsWith('/') ? target.slice(1) : `xl/${target}`)
}

/** What the reader does not say: cells a formula made, merged cells, hidden rows and columns. */
function marksOf(xml: string): Pick<SheetRows, 'formulas' | 'notes'> {
  const formulas: [number, number][] = []
  for (const m of xml.matchAll(/<c\s[^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[\s>/]/g))
    if (formulas.length < MAX_MARKS) formulas.push([Number(m[2]), columnOf(m[1]!)])
  const notes: SheetNote[] = []
  for (const m of xml.matchAll(/<mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):/g))
    notes.push(['merged', Number(m[2]), columnOf(m[1]!)])
  for (const [tag] of xml.matchAll(/<(?:row|col)\s[^>]*?hidden="(?:1|true)"[^>]*>/g)) {
    const row = /\br="(\d{1,7})"/.exec(tag)?.[1]
    const column = /\bmin="(\d{1,5})"/.exec(tag)?.[1]
    if (row !== undefined) notes.push(['hidden-row', Number(row), 1])
    else if (column !== undefined) notes.push(['hidden-column', 1, Number(column)])
  }
  return { formulas, notes: notes.slice(0, MAX_MARKS) }
}

const columnOf = (letters: string): number =>
  [...letters].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 0x40, 0)

interface Port {
  postMessage(answer: PackedAnswer, handedOver?: ArrayBuffer[]): void
}

/** Reads and tells whoever asked. */
export function answerWith(port: Port, question: SheetQuestion): void {
  readSheet(question).then(
    (answer) => {
      if ('refused' in answer) return port.postMessage(answer)
      const { rows, ...told } = answer.rows
      const packed = packRows(rows)
      port.postMessage({ packed, told }, packedBuffers(packed))
    },
    () => port.postMessage({ refused: 'broken' }),
  )
}
