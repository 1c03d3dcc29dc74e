import type { Document } from './plan.ts'

/** Is this the text of a leaf? Where its bytes are its text their number says no to nearly all texts. */
export function isTextOf(doc: Document, head: number, start: number, end: number, text: string): boolean {
  if (doc.plain(head, start, end)) {
    const bytes = end - start - 2 * doc.quote
    if (bytes < text.length || bytes > 3 * text.length) return false
  }
  return doc.text(head, start, end) === text
}

/** Do the bytes of a leaf begin with a visible character of ASCII? Then it is neither empty nor blank. */
export function isVisible(doc: Document, words: Int32Array, index: number): boolean {
  const at = index << 2
  if (!doc.plain(words[at]!, words[at + 2]!, words[at + 3]!)) return false
  const c = doc.source[words[at + 2]! + doc.quote]!
  return c > 0x20 && c < 0x7f
}
