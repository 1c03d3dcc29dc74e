/** The bindings that can matter to one interface, found without a walk over all of them: a consortium has hundreds of thousands. */
import type { Binding, RuleSet } from '../model.ts'

interface Index {
  /** of the formats, which hold everywhere */
  readonly shared: readonly Binding[]
  readonly own: ReadonlyMap<string, readonly Binding[]>
}

const indexes = new WeakMap<readonly Binding[], Index>()

export function bindingIndex({ bindings }: Pick<RuleSet, 'bindings'>): Index {
  let index = indexes.get(bindings)
  if (index === undefined) {
    const shared: Binding[] = []
    const own = new Map<string, Binding[]>()
    let last: string | null = null
    let list: Binding[] = []
    for (const b of bindings) {
      if (b.interfaceId === null) shared.push(b)
      else {
        // the lines of an interface stand together
        if (b.interfaceId !== last) {
          last = b.interfaceId
          const known = own.get(last)
          own.set(last, (list = known ?? []))
        }
        list.push(b)
      }
    }
    indexes.set(bindings, (index = { shared, own }))
  }
  return index
}

const NONE: readonly Binding[] = []

/** The formats' bindings and, after them, the interface's own; null = the formats' alone. */
export function bindingsFor(rules: Pick<RuleSet, 'bindings'>, interfaceId: string | null): readonly Binding[] {
  const { shared, own } = bindingIndex(rules)
  const list = interfaceId === null ? NONE : (own.get(interfaceId) ?? NONE)
  return list.length === 0 ? shared : [...shared, ...list]
}
