/** The one door of read-excel-file: looks at the archive, then reads one sheet of it. Runs in the thread of xlsx.ts. */
import { inflateRawSync } from 'node:zlib'
import readWorkbook from 'read-excel-file/universal'
import { packedBytes, partsOf } from './archive.ts'
import type { SheetAnswer, SheetLimits, SheetQuestion, SheetRefusal, SheetRows } from './xlsx.ts'

const MAX_FORMULAS = 100

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
  return { rows: { rows, formulas: formulasOf(file, limits) } }
}

function refusalOf(file: Buffer, limits: SheetLimits): SheetRefusal | null {
  const parts = partsOf(file, 0xffff)
  if (parts === null || !parts.some((part) => part.name === 'xl/workbook.xml')) return 'not-xlsx'
  if (parts.length > limits.parts) return 'too-many-parts'
  if (parts.some((part) => part.name.endsWith('vbaProject.bin'))) return 'macro'
  return parts.reduce((sum, part) => sum + part.size, 0) > limits.unpacked ? 'unpacked-too-large' : null
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return String(value)
}

/** Which cells hold a formula: the reader gives their last result and does not say so. */
function formulasOf(file: Buffer, limits: SheetLimits): SheetRows['formulas'] {
  const found: [number, number][] = []
  for (const part of partsOf(file, limits.parts) ?? []) {
    if (!/^xl\/worksheets\/[^/]+\.xml$/.test(part.name)) continue
    const packed = packedBytes(file, part)
    const xml = (part.method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: limits.unpacked })).toString()
    for (const m of xml.matchAll(/<c\s[^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[\s>/]/g)) {
      if (found.length === MAX_FORMULAS) return found
      found.push([Number(m[2]), columnOf(m[1]!)])
    }
  }
  return found
}

const columnOf = (letters: string): number =>
  [...letters].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 0x40, 0)

/** Reads and tells whoever asked. */
export function answerWith(port: { postMessage(answer: SheetAnswer): void }, question: SheetQuestion): void {
  readSheet(question).then(
    (told) => port.postMessage(told),
    () => port.postMessage({ refused: 'broken' }),
  )
}
