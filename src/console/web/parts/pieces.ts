/** A text cut at the places of its values: in order, without overlap, nothing lost. */

export interface Piece {
  /** offset in UTF-16 units, unique within the text */
  readonly from: number
  readonly text: string
  /** which value stands here; none for what lies between */
  readonly index?: number
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Empty spans have nothing to show; of two that overlap the one that begins first counts. */
export function piecesOf(text: string, spans: readonly (Span | null)[]): Piece[] {
  const sorted = spans
    .map((span, index) => ({ span, index }))
    .filter((each): each is { span: Span; index: number } => each.span !== null && each.span.end > each.span.start)
    .toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)
  const pieces: Piece[] = []
  let at = 0
  for (const { span, index } of sorted) {
    if (span.start < at || span.end > text.length) continue
    if (span.start > at) pieces.push({ from: at, text: text.slice(at, span.start) })
    pieces.push({ from: span.start, text: text.slice(span.start, span.end), index })
    at = span.end
  }
  if (at < text.length) pieces.push({ from: at, text: text.slice(at) })
  return pieces
}
