/**
 * JSON inside JSON strings (domain.md 2.5.5, X32): a string that is itself an object or array is read as if it stood
 * there without quotes, and what is masked in it is escaped again.
 */
import { type Layer, LayerWriter } from './json-layer.ts'
import { walkJson } from './json-walk.ts'

/** How many strings deep a document is opened. */
export const MAX_NESTED = 3

/**
 * Can any string of these bytes be a document? One with a member name or a text in it holds an escaped quote, and its
 * bracket is followed by an escape or a blank, or is escaped itself, or begins a list. A list whose texts were removed
 * (`[null]`) and an object that was emptied (`{}`) hold none and must still be read as they were: the last bracket
 * stands before a quote or an escape, or is escaped itself.
 */
export function mayNest(source: Buffer): boolean {
  const has = (needle: string): boolean => source.indexOf(needle, 0, 'latin1') >= 0
  return has('\\u0022') || (has('\\"') && NEEDLES.some(has)) || EMPTIED.some(has)
}
const EMPTIED = [']"', '}"', ']\\', '}\\', '\\u005', '\\u007'] as const
const NEEDLES = ['{\\', '[\\', '\\u00', '{ ', '[ ', '"['] as const

/** The bytes with such strings opened once; null = there are none. `opens` is asked with the place of each string. */
export function openStrings(source: Buffer, opens: (start: number) => boolean): Layer | null {
  const writer = new LayerWriter(source)
  walkJson(source, {
    string(start, end) {
      if (!mayBeDocument(source, start + 1, end - 1)) return
      const inner = decode(source, start + 1, end - 1)
      if (inner === null || !opens(start)) return
      writer.copyTo(start)
      const at = writer.length
      for (const [bytes, from] of inner.pieces) writer.put(bytes, from)
      writer.skipTo(end)
      writer.region({ start: at, end: writer.length, from: start, to: end, innerTo: inner.to, cells: null })
    },
    table() {},
  })
  return writer.finish()
}

/** First sign that is no blank: a brace or bracket, as it is or after escapes. */
function mayBeDocument(b: Buffer, start: number, end: number): boolean {
  if (end - start < 2) return false
  const c = b[start]!
  if (c === 0x7b || c === 0x5b) return true
  return c <= 0x20 || c === 0x5c || c === 0xef
}

interface Inner {
  /** decoded bytes, and where each stretch begins in the source */
  readonly pieces: readonly (readonly [Buffer, number])[]
  /** where the document ends in the source */
  readonly to: number
}

const SHORT: Readonly<Record<number, number>> = { 98: 8, 102: 12, 110: 10, 114: 13, 116: 9 }

/** The text of a literal as a document, without blanks around it; null = it is none. */
function decode(b: Buffer, start: number, end: number): Inner | null {
  const pieces: [Buffer, number][] = []
  for (let p = start; p < end; ) {
    if (b[p] !== 0x5c) {
      let to = b.indexOf(0x5c, p)
      if (to < 0 || to > end) to = end
      pieces.push([b.subarray(p, to), p])
      p = to
      continue
    }
    const size = b[p + 1] === 0x75 ? escapeSize(b, p) : 2
    const bytes = size === 2 ? Buffer.of(SHORT[b[p + 1]!] ?? b[p + 1]!) : decodeUnicode(b, p, size)
    if (bytes === null) return null
    pieces.push([bytes, p])
    p += size
  }
  return trimmed(pieces, end)
}

/** A surrogate pair is one sign: its two escapes belong together. */
const escapeSize = (b: Buffer, p: number): number =>
  /^\\u[dD][89abAB]..\\u[dD][c-fC-F]/.test(b.toString('latin1', p, p + 12)) ? 12 : 6

function decodeUnicode(b: Buffer, p: number, size: number): Buffer | null {
  const text = JSON.parse(`"${b.toString('latin1', p, p + size)}"`) as string
  return text.isWellFormed() ? Buffer.from(text) : null
}

function trimmed(pieces: readonly (readonly [Buffer, number])[], end: number): Inner | null {
  const all = Buffer.concat(pieces.map(([bytes]) => bytes))
  const text = all.toString('utf8')
  const body = text.replace(/^[\ufeff \t\r\n]+/, '')
  if (!isDocument(body)) return null
  const first = Buffer.byteLength(text) - Buffer.byteLength(body)
  const last = first + Buffer.byteLength(body.replace(/[ \t\r\n]+$/, ''))
  const kept: [Buffer, number][] = []
  let at = 0
  let to = end
  for (const [bytes, from] of pieces) {
    const [low, high] = [Math.max(first - at, 0), Math.min(last - at, bytes.length)]
    // A blank stands for a line break: what is read by the line must stay one line.
    if (low < high) kept.push([oneLine(bytes.subarray(low, high)), from + low])
    if (at < last && at + bytes.length > last) to = from + (last - at)
    else if (at >= last && to === end) to = from
    at += bytes.length
  }
  return { pieces: kept, to }
}

/** An object or array, or one that was made a string once more. */
function isDocument(text: string, depth = 0): boolean {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[' && first !== '"') return false
  try {
    const value: unknown = JSON.parse(text)
    return typeof value !== 'string' || (depth < MAX_NESTED && isDocument(value, depth + 1))
  } catch {
    return false
  }
}

const oneLine = (bytes: Buffer): Buffer =>
  bytes.length === 1 && (bytes[0] === 0x0a || bytes[0] === 0x0d) ? BLANK : bytes
const BLANK = Buffer.from(' ')
