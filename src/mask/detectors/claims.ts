/** Who gets which span: an earlier detector's claim stands, later ones get what is left. Linear in the number of spans. */
import type { Claim, Detector, Span } from './detector.ts'

/** Adds those spans that touch no claim so far nor each other; the result is in order of place. */
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
    const taken = start < free || (next < claims.length && claims[next]!.start < end)
    if (taken) continue
    out.push({ detector, element: element ?? detector.element, start, end })
    free = end
  }
  while (next < claims.length) out.push(claims[next++]!)
  return out
}
