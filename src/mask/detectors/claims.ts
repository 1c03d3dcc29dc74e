/** Who gets which span: an earlier detector's claim stands, later ones get what is left. Linear in the number of spans. */
import type { Claim, Detector, Span } from './detector.ts'

/**
 * Adds those spans that touch no claim so far nor each other, and of a detector with `parts` what claims leave of the
 * others; the result is in order of place.
 */
export function claim(claims: readonly Claim[], detector: Detector, spans: readonly Span[]): Claim[] {
  const sorted = spans.length > 1 ? spans.toSorted((a, b) => a.start - b.start || b.end - a.end) : spans
  const out: Claim[] = []
  let next = 0
  let free = 0
  for (const { start, end, element } of sorted) {
    while (next < claims.length && claims[next]!.end <= start) {
      free = claims[next]!.end
      out.push(claims[next++]!)
    }
    const whose = { detector, element: element ?? detector.element }
    const taken = start < free || (next < claims.length && claims[next]!.start < end)
    if (!taken) {
      out.push({ ...whose, start, end })
      free = end
    } else if (detector.parts === true) {
      // what earlier claims leave of it, piece by piece between them
      let from = Math.max(start, free)
      for (; next < claims.length && claims[next]!.start < end; next++) {
        const before = claims[next]!
        if (from < before.start) out.push({ ...whose, start: from, end: before.start })
        out.push(before)
        from = Math.max(from, before.end)
      }
      if (from < end) out.push({ ...whose, start: from, end })
      free = Math.max(from, end)
    }
  }
  while (next < claims.length) out.push(claims[next++]!)
  return out
}
