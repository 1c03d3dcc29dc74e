import type { Document } from './plan.ts'

/** Is this the text of a leaf? Where its bytes are its text their number says no to nearly all texts. */
export function isTextOf(doc: Document, head: number, start: number, end: number, text: string): boolean {
  if (doc.plain(head, start, end)) {
    const bytes = end - start - 2 * doc.quote
    if (bytes < text.length || bytes > 3 * text.length) return false
  }
  return doc.text(head, start, end) === text
}
