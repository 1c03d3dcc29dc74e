/** The one door of read-excel-file: looks at the archive, then reads one sheet of it. Runs in the thread of xlsx.ts. */
import { inflateRawSync } from 'node:zlib'
import readWorkbook from 'read-excel-file/universal'
import { packedBytes, partsOf } from './archive.ts'
import { packedBuffers, packRows } from './packed-rows.ts'
import { attributeOf, marksOf, tagsOf } from './sheet-marks.ts'
import type { PackedAnswer, SheetAnswer, SheetLimits, SheetNote, SheetQuestion, SheetRefusal } from './xlsx.ts'

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
  const { xml, isHidden } = partOf(file, index, limits)
  const marks = marksOf(xml)
  const notes: SheetNote[] = isHidden ? [['hidden-sheet', 1, 1], ...marks.notes] : [...marks.notes]
  const others = sheets.filter((s) => s !== found && s.data.some((row) => row.length > 0)).map((s) => s.sheet)
  return { rows: { rows, ...marks, notes, others } }
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
function partOf(file: Buffer, index: number, limits: SheetLimits): { xml: string; isHidden: boolean } {
  const parts = partsOf(file, limits.parts) ?? []
  const text = (name: string): string => {
    const part = parts.find((p) => p.name === name)
    if (part === undefined) return ''
    const packed = packedBytes(file, part)
    return (part.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: limits.unpacked })).toString()
  }
  const sheet = tagsOf(text('xl/workbook.xml'), 'sheet')[index] ?? ''
  const id = attributeOf(sheet, 'id')
  const relation = tagsOf(text('xl/_rels/workbook.xml.rels'), 'Relationship').find(
    (tag) => attributeOf(tag, 'Id') === id,
  )
  const target = attributeOf(relation ?? '', 'Target')
  const xml = text(target.startsWith('/') ? target.slice(1) : `xl/${target}`)
  // What cannot be looked at might hold anything.
  if (xml === '') throw new Error('the part of the sheet was not found')
  return { xml, isHidden: /hidden/i.test(attributeOf(sheet, 'state')) }
}

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
