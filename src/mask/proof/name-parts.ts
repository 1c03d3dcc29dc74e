/** Names for the members of a bundle that have none: a binding is named by its selector, a test by what it looks at. */
import { canonicalJson } from '../../base/canonical.ts'
import type { BundleParts } from '../bundle.ts'
import type { Element } from '../model.ts'

interface Selector {
  readonly format: string | null
  readonly path: string | null
  readonly key: string | null
  readonly within: string | null
  readonly pair: string | null
}

/** A test as the bundle's canonical form holds it. */
export interface TestPart {
  readonly policy: string
  readonly sample: string
  readonly expect: Readonly<Record<string, unknown>>
  readonly refused: string | null
}

const selectorName = (s: Selector): string => {
  if (s.path !== null) return s.path
  return s.key === null ? `{ pair: ${s.pair} }` : s.within === null ? s.key : `{ key: ${s.key}, in: ${s.within} }`
}

const placeName = (format: string | null, interfaceId: string | null): string =>
  interfaceId === null ? (format ?? '') : `interface:${interfaceId}`

/** One line for one binding: element, where, selector. */
export const bindingName = (b: Selector & { readonly element: Element; readonly interfaceId: string | null }): string =>
  `${b.element.id} ${placeName(b.format, b.interfaceId)} ${selectorName(b)}`

const partName = (b: Selector & { readonly element: string; readonly interface: string | null }): string =>
  `${b.element} ${placeName(b.format, b.interface)} ${selectorName(b)}`

/** Everything that says which test it is: not its results, nor its label. */
function testName(test: TestPart): string {
  const { policy, sample, expect: _expect, refused: _refused, ...rest } = test
  const said = Object.entries(rest).filter(([key, value]) => key !== 'name' && value !== null)
  return `${policy} ${sample} ${canonicalJson(Object.fromEntries(said))}`
}

/** The parts of a bundle with bindings and tests by name. Two of one name are told apart by their number. */
export function nameParts(parts: BundleParts): BundleParts {
  const mask = parts['mask'] as Readonly<Record<string, unknown>> | undefined
  if (mask === undefined) return parts
  return {
    ...parts,
    mask: {
      ...mask,
      bindings: byName(mask['bindings'] as readonly Parameters<typeof partName>[0][], partName),
      tests: byName(mask['tests'] as readonly TestPart[], testName),
    },
  }
}

function byName<T>(list: readonly T[] | undefined, nameOf: (item: T) => string): Record<string, T> {
  const named: Record<string, T> = {}
  for (const item of list ?? []) {
    const name = nameOf(item)
    let unique = name
    for (let n = 2; Object.hasOwn(named, unique); n++) unique = `${name} #${n}`
    named[unique] = item
  }
  return named
}
