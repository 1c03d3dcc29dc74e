/** Makes XLSX files for tests: a ZIP of the four parts a workbook needs. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface PartText {
  readonly name: string
  readonly text: string
  /** what the directory says the part's size is; default: the truth */
  readonly declared?: number
}

export function zip(parts: readonly PartText[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, text, declared } of parts) {
    const raw = Buffer.from(text)
    const packed = deflateRawSync(raw)
    const title = Buffer.from(name)
    const sizes = Buffer.alloc(12)
    sizes.writeUInt32LE(crc32(raw), 0)
    sizes.writeUInt32LE(packed.length, 4)
    sizes.writeUInt32LE(declared ?? raw.length, 8)
    const local = Buffer.concat([bytes(0x04034b50, [20, 0, 8, 0, 0]), sizes, short(title.length, 0), title, packed])
    directory.push(
      Buffer.concat([
        bytes(0x02014b50, [20, 20, 0, 8, 0, 0]),
        sizes,
        short(title.length, 0, 0, 0, 0, 0, 0),
        long(offset),
        title,
      ]),
    )
    files.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.concat([
    bytes(0x06054b50, [0, 0, parts.length, parts.length]),
    long(central.length, offset),
    short(0),
  ])
  return Buffer.concat([...files, central, end])
}

const bytes = (signature: number, shorts: readonly number[]): Buffer =>
  Buffer.concat([long(signature), short(...shorts)])

function short(...values: number[]): Buffer {
  const made = Buffer.alloc(values.length * 2)
  for (const [i, value] of values.entries()) made.writeUInt16LE(value, i * 2)
  return made
}

function long(...values: number[]): Buffer {
  const made = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) made.writeUInt32LE(value, i * 4)
  return made
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

const column = (i: number): string =>
  (i < 26 ? '' : String.fromCharCode(64 + Math.floor(i / 26))) + String.fromCharCode(65 + (i % 26))

/** A cell: text, a number, or a formula with the value it last had. */
export type CellValue = string | number | { readonly formula: string; readonly value: string }

const cellXml = (value: CellValue, ref: string): string => {
  if (typeof value === 'number') return `<c r="${ref}"><v>${value}</v></c>`
  if (typeof value === 'string') return `<c r="${ref}" t="inlineStr"><is><t>${escaped(value)}</t></is></c>`
  return `<c r="${ref}" t="str"><f>${escaped(value.formula)}</f><v>${escaped(value.value)}</v></c>`
}

export function workbookParts(rows: readonly (readonly CellValue[])[]): PartText[] {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships'
  const data = rows
    .map((row, r) => `<row r="${r + 1}">${row.map((v, c) => cellXml(v, `${column(c)}${r + 1}`)).join('')}</row>`)
    .join('')
  return [
    {
      name: '[Content_Types].xml',
      text: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    },
    {
      name: '_rels/.rels',
      text: `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      text: `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="字典" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    { name: 'xl/worksheets/sheet1.xml', text: `<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>` },
  ]
}

export const workbook = (rows: readonly (readonly CellValue[])[]): Buffer => zip(workbookParts(rows))
