/** "Did you mean": the nearest of a few words by optimal string alignment distance (insert, delete, change, swap). */

/**
 * The nearest candidate within a third of the word's length (at least one edit), else the only one that begins with the
 * word (`hl7`: hl7v2), or null.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const all = [...candidates]
  return close(word, all) ?? longer(word, all)
}

function longer(word: string, candidates: readonly string[]): string | null {
  if (word.length < 3) return null
  const found = candidates.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()))
  return found.length === 1 ? found[0]! : null
}

function close(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue
    const d = distance(word.toLowerCase(), candidate.toLowerCase())
    // a word with every character changed is no near miss
    if (d < bestDistance && d < candidate.length) {
      best = candidate
      bestDistance = d
    }
  }
  return best
}

function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let d = Math.min(last[j]! + 1, row[j - 1]! + 1, change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1)
      row.push(d)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
