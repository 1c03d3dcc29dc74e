/**
 * What the reader of a workbook does not say of a sheet (ECMA-376 part 1, 18.3.1): cells a formula made, cells that are
 * numbers, merged cells, hidden rows and columns. Any prefix, either sort of quotes, comments between: whoever made the
 * file chose them.
 */
import type { SheetNote, SheetRows } from './xlsx.ts'

const MAX_MARKS = 100
const TAG =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<(\/?)(?:[\w.-]+:)?([A-Za-z]\w*)((?:"[^"<]*"|'[^'<]*'|[^"'<>])*)>/g

/** An attribute of a tag, whatever its prefix; '' = there is none. */
export function attributeOf(tag: string, name: string): string {
  const found = new RegExp(`\\s(?:[\\w.-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag)
  return found?.[1] ?? found?.[2] ?? ''
}

/** Every tag of that name that opens an element. */
export const tagsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(TAG)].filter((m) => m[1] === '' && m[2] === name).map((m) => m[3]!)

export function marksOf(xml: string): Pick<SheetRows, 'formulas' | 'numbers' | 'notes'> {
  const marks = new Marks()
  for (const m of xml.matchAll(TAG)) if (m[2] !== undefined) marks.tag(m[1] === '/', m[2], m[3]!)
  const { formulas, numbers, notes } = marks
  return { formulas, numbers: [...numbers.values()], notes: notes.slice(0, MAX_MARKS) }
}

class Marks {
  readonly formulas: [number, number][] = []
  /** the first of each column */
  readonly numbers = new Map<number, readonly [number, number]>()
  readonly notes: SheetNote[] = []
  /** attributes of the cell it stands in */
  #cell: string | null = null

  tag(closes: boolean, name: string, tag: string): void {
    if (name === 'c') this.#cell = closes || tag.endsWith('/') ? null : tag
    else if (closes) return
    else if (name === 'f') this.#formula()
    else if (name === 'v') this.#value()
    else if (name === 'mergeCell') {
      const at = placeOf(attributeOf(tag, 'ref').split(':')[0]!)
      if (at !== null) this.notes.push(['merged', ...at])
    } else if (name === 'row' || name === 'col') this.#hidden(name, tag)
  }

  #formula(): void {
    const at = this.#cell === null ? null : placeOf(attributeOf(this.#cell, 'r'))
    if (at !== null && this.formulas.length < MAX_MARKS) this.formulas.push(at)
  }

  #value(): void {
    if (this.#cell === null || /\st\s*=\s*["'][^n]/.test(this.#cell)) return
    const at = placeOf(attributeOf(this.#cell, 'r'))
    if (at !== null && !this.numbers.has(at[1])) this.numbers.set(at[1], at)
  }

  #hidden(name: 'row' | 'col', tag: string): void {
    if (!/\shidden\s*=\s*["'](?:1|true)["']/.test(tag)) return
    if (name === 'row') this.notes.push(['hidden-row', Number(attributeOf(tag, 'r')) || 1, 1])
    else this.notes.push(['hidden-column', 1, Number(attributeOf(tag, 'min')) || 1])
  }
}

function placeOf(ref: string): [row: number, column: number] | null {
  const m = /^([A-Z]{1,3})(\d{1,7})$/.exec(ref)
  return m === null ? null : [Number(m[2]), columnOf(m[1]!)]
}

const columnOf = (letters: string): number =>
  [...letters].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 0x40, 0)
