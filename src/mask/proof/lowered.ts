/**
 * Keys of JSON where a narrower binding gives a place a lower level than the wider one would (rules-language.md,
 * Selectors): each may be right, and each is how a leak looks. Of the other formats `rules diff` tells every new binding.
 */
import type { Binding, RuleSet } from '../model.ts'
import { normalKey } from '../normal-key.ts'

export interface Lowered {
  readonly key: string
  /** the narrower binding that counts, and the wider it takes the place from */
  readonly by: Binding
  readonly from: Binding
}

const LAST = /(?:\.([^.[\]*?()@'"]+)|\[\s*(['"])(.+?)\2\s*\])\s*(?:\[\*\]\s*)*$/u

/** The key a JSON binding ends in, in normal form. */
export function lastKey({ key, path }: Pick<Binding, 'key' | 'path'>): string | null {
  if (key !== null) return key
  const last = path?.startsWith('$') === true ? LAST.exec(path) : null
  return last == null ? null : normalKey(last[1] ?? last[3] ?? '')
}

/** Wider to narrower: bare key, scoped key, path; the interface's own file after the format's. */
const rankOf = (b: Binding): number =>
  (b.path !== null ? 2 : b.within !== null ? 1 : 0) + (b.interfaceId === null ? 0 : 10)

export function loweredKeys(rules: RuleSet): Lowered[] {
  const keyed = rules.bindings.flatMap((b) => {
    const key = b.format === null || b.format === 'json' ? lastKey(b) : null
    return key === null ? [] : [{ key, b }]
  })
  return [...Map.groupBy(keyed, (k) => k.key)].flatMap(([key, same]) => {
    const byPlace = Map.groupBy(same, ({ b }) => b.interfaceId)
    const general = byPlace.get(null) ?? []
    return [...byPlace].flatMap(([place, own]) => {
      const wider = place === null ? own : [...general, ...own]
      return own.flatMap(({ b }) =>
        lowered(
          key,
          b,
          wider.map((w) => w.b),
        ),
      )
    })
  })
}

/** The narrowest of the wider bindings is the one that would count without it. */
function lowered(key: string, by: Binding, all: readonly Binding[]): Lowered[] {
  const wider = all.filter((b) => rankOf(b) < rankOf(by) && b.element !== by.element && b.within === null)
  const from = wider.toSorted((x, y) => rankOf(y) - rankOf(x))[0]
  return from !== undefined && from.element.level > by.element.level ? [{ key, by, from }] : []
}
