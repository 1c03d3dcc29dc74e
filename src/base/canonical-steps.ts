/** The canonical form of large values in steps (canonical.ts): a consortium's rules have hundreds of thousands of parts. */
import { createHash } from 'node:crypto'
import { canonicalJson, canonicalNames, isPlainObject } from './canonical.ts'
import type { Steps } from './steps.ts'

/** items that are taken at once */
const RUN = 2048

type Keyed<T> = readonly [text: string, item: T]

/** A list whose order has no meaning, in canonical order. */
export function* asSetSteps<T>(items: readonly T[]): Steps<T[]> {
  let runs: Keyed<T>[][] = []
  for (let at = 0; at < items.length; at += RUN) {
    const run = items.slice(at, at + RUN).map((item): Keyed<T> => [canonicalJson(item), item])
    runs.push(run.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    yield
  }
  while (runs.length > 1) {
    const next: Keyed<T>[][] = []
    for (let at = 0; at < runs.length; at += 2) next.push(yield* merged(runs[at]!, runs[at + 1] ?? []))
    runs = next
  }
  return (runs[0] ?? []).map(([, item]) => item)
}

function* merged<T>(a: Keyed<T>[], b: Keyed<T>[]): Steps<Keyed<T>[]> {
  if (b.length === 0) return a
  const out: Keyed<T>[] = []
  for (let i = 0, k = 0; i < a.length || k < b.length; ) {
    out.push(k === b.length || (i < a.length && a[i]![0] <= b[k]![0]) ? a[i++]! : b[k++]!)
    if (out.length % RUN === 0) yield
  }
  return out
}

/** characters hashed at once */
const AT_ONCE = 1 << 16

/** As `canonicalHash`. */
export function* canonicalHashSteps(value: unknown): Steps<string> {
  const hash = createHash('sha256')
  let text = ''
  for (const piece of pieces(value, OPENED)) {
    text += piece
    if (text.length < AT_ONCE) continue
    hash.update(text, 'utf8')
    text = ''
    yield
  }
  return hash.update(text, 'utf8').digest('hex')
}

/** how deep large values lie at most; what is deeper is written whole */
const OPENED = 4

function* pieces(value: unknown, depth: number): Generator<string, void> {
  if (depth === 0 || typeof value !== 'object' || value === null) yield canonicalJson(value)
  else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield (i === 0 ? '[' : ',') + canonicalJson(item)
    yield value.length === 0 ? '[]' : ']'
  } else if (isPlainObject(value)) {
    const names = canonicalNames(value)
    for (const [i, name] of names.entries()) {
      yield `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`
      yield* pieces(value[name], depth - 1)
    }
    yield names.length === 0 ? '{}' : '}'
  } else yield canonicalJson(value)
}
