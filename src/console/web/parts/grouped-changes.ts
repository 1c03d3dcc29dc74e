/**
 * One changed line changes a cell in every format and under every condition: the reader sees the line once, with how
 * many changes it stands for. Loosenings come first; no change is left out of a count.
 */

interface Place {
  readonly text: string
  readonly at: { readonly file: string; readonly line: number } | null
}

export interface ChangeLike {
  readonly what: string
  readonly class: 'tighter' | 'looser' | 'same'
  readonly message: { readonly zh: string; readonly en: string }
  readonly element?: string | null
  readonly column?: string | null
  readonly before?: Place | null
  readonly after?: Place | null
}

export interface GroupedChange<C extends ChangeLike = ChangeLike> {
  readonly key: string
  readonly change: C
  readonly count: number
}

const ORDER = { looser: 0, tighter: 1, same: 2 }

export function groupedChanges<C extends ChangeLike>(changes: readonly C[]): GroupedChange<C>[] {
  const groups = new Map<string, { change: C; count: number }>()
  const lines = new Map<string, string>()
  // the wordier ones first, so that a bare path joins the cell of its line
  const sorted = changes.toSorted((a, b) => ORDER[a.class] - ORDER[b.class] || Number(isBare(a)) - Number(isBare(b)))
  for (const change of sorted) {
    const line = `${change.class} ${placeOf(change.before)} ${placeOf(change.after)}`
    const own = `${line} ${change.what} ${change.column} ${change.element} ${change.before?.text} ${change.after?.text}`
    const key = isBare(change) && placeOf(change.after) !== '' ? (lines.get(line) ?? own) : own
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { change, count: 1 })
    else group.count += 1
    if (!lines.has(line)) lines.set(line, key)
  }
  return [...groups].map(([key, group]) => ({ key, ...group }))
}

/** Named by its path in the bundle alone. */
export const isBare = (change: ChangeLike): boolean => change.what.includes('.')

const placeOf = (place: Place | null | undefined): string =>
  place?.at == null ? '' : `${place.at.file}:${place.at.line}`

const KINDS: Readonly<Record<string, string>> = {
  elements: 'element',
  bindings: 'binding',
  policies: 'policy',
  dictionaries: 'dictionary',
  tests: 'test',
  entries: 'entry',
  institutions: 'institution',
  anomalies: 'anomaly',
}

/** `mask.tests.research samples/a.json {…}` -> 自测 · research samples/a.json */
export function partWords(what: string, word: (key: string) => string | undefined): string | undefined {
  if (what.startsWith('samples.')) return `${word('what.sample')} · ${what.slice('samples.'.length)}`
  const [, kind = '', rest = ''] = /^[a-z]+\.([a-z]+)\.(.+)$/s.exec(what) ?? []
  const named = KINDS[kind]
  return named === undefined ? undefined : `${word(`what.${named}`)} · ${rest.replace(/ \{.*$/s, '')}`
}
