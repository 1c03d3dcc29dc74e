/**
 * Proposals for an interface nobody has bound yet: which element may sit at each address of its samples, and why. The
 * evidence is names and counts, never a value; a person confirms every line.
 */
import { detect } from '../detectors/index.ts'
import type { Binding, Element, Level, RuleSet } from '../model.ts'
import { normalKey } from '../normal-key.ts'
import { type Address, addressesIn } from './addresses.ts'
import { KEY_MEANINGS, wordsOf } from './key-words.ts'
import { SHAPES } from './value-shapes.ts'

export interface Evidence {
  /** alias: a key the rules bind already; words: what the key says; detector: hits in the values; shape: what they look like */
  readonly by: 'alias' | 'words' | 'detector' | 'shape'
  /** the alias, the detector or the shape */
  readonly what: string
  /** values that show it, of how many */
  readonly hits: number
  readonly of: number
}

export interface Proposal {
  /** JSONPath with `[*]`, or the label of a pair */
  readonly address: string
  readonly selector: { readonly path: string } | { readonly pair: string }
  /** null = nothing is proposed: the address stays `unknown` */
  readonly element: string | null
  readonly level: Level | null
  readonly evidence: readonly Evidence[]
  /** values seen that are neither null nor empty, and all */
  readonly filled: number
  readonly seen: number
  /** the rules bind the address to this element already */
  readonly bound: boolean
  /** other elements with evidence, best first */
  readonly others: readonly string[]
}

/** Share of the values a detector or a shape must hold of to speak for the whole address. */
const MOST = 0.5
/** Evidence below it proposes nothing. */
const ENOUGH = 2

/**
 * @param interfaceId its own bindings count as aliases beside those of JSON
 * @throws SyntaxError when a sample is no JSON
 */
export function learn(rules: RuleSet, interfaceId: string, samples: readonly string[]): Proposal[] {
  const bindings = rules.bindings.filter((b) => b.interfaceId === interfaceId || b.format === 'json')
  const seen = addressesIn(samples.map((text) => JSON.parse(text) as unknown))
  return [...seen.values()].map((address) => propose(rules, bindings, address))
}

interface Scored extends Evidence {
  readonly element: string
  readonly weight: number
}

function propose(rules: RuleSet, bindings: readonly Binding[], address: Address): Proposal {
  const { path, label, values, seen } = address
  const alias = aliasOf(bindings, address)
  const found = [
    ...(alias === null ? [] : [alias]),
    ...meaningsOf(address),
    ...detectorsOf(rules, values),
    ...shapesOf(values),
  ].filter((e) => rules.elementById.has(e.element))
  const ranked = rank(found, rules)
  const best = ranked[0] ?? null
  const told = best !== null && best.score >= ENOUGH && (address.reachable || label !== null)
  const element = told ? rules.elementById.get(best.element)! : null
  return {
    address: label === null ? path : `${path} (${label})`,
    selector: label === null ? { path } : { pair: label },
    element: element?.id ?? null,
    level: element?.level ?? null,
    evidence: found.filter((e) => e.element === element?.id).map(({ by, what, hits, of }) => ({ by, what, hits, of })),
    filled: values.length,
    seen,
    bound: alias !== null && alias.element === element?.id,
    others: ranked.slice(element === null ? 0 : 1).map((r) => r.element),
  }
}

/**
 * Highest score first. A detector's hit stands for somebody's number, whatever the key is called: an element of a lower
 * level never wins against it.
 */
function rank(found: readonly Scored[], rules: RuleSet): { element: string; score: number }[] {
  const scores = new Map<string, number>()
  for (const { element, weight } of found) scores.set(element, (scores.get(element) ?? 0) + weight)
  const levelOf = (id: string): Level => rules.elementById.get(id)!.level
  const least = Math.max(0, ...found.filter((e) => e.by === 'detector').map((e) => levelOf(e.element)))
  const order = found.map((e) => e.element)
  return [...scores]
    .map(([element, score]) => ({ element, score: levelOf(element) < least ? score - 4 : score }))
    .toSorted((a, b) => b.score - a.score || order.indexOf(a.element) - order.indexOf(b.element))
}

/** The binding a reader would choose by the key: the scoped one before the bare one. */
function aliasOf(bindings: readonly Binding[], { keys, label, values }: Address): Scored | null {
  const all = { hits: values.length, of: values.length }
  if (label !== null) {
    const pair = bindings.find((b) => b.pair !== null && normalKey(b.pair) === normalKey(label))
    return pair === undefined ? null : { element: pair.element.id, weight: 4, by: 'alias', what: label, ...all }
  }
  const normal = keys.map(normalKey)
  const key = normal.at(-1)
  const own = bindings.filter((b) => b.key === key)
  const scoped = own.find((b) => b.within !== null && normal.slice(0, -1).includes(b.within))
  const chosen = scoped ?? own.find((b) => b.within === null)
  if (chosen === undefined) return null
  const what = chosen.within === null ? chosen.key! : `${chosen.key} in ${chosen.within}`
  return { element: chosen.element.id, weight: 4, by: 'alias', what, ...all }
}

/** At most two meanings: the most telling line, and the next of another element. */
function meaningsOf({ keys, label, values }: Address): Scored[] {
  const own = label ?? wordsOf(keys.at(-1) ?? '')
  const around = keys.slice(0, -1).map(wordsOf).slice(-3).join(' ')
  const fits = KEY_MEANINGS.filter(
    (k) => k.key.test(own) && (k.around === undefined || k.around.test(`${around} ${own}`)),
  )
  return fits
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, 1)
    .map((k) => ({
      element: k.element,
      weight: k.weight,
      by: 'words' as const,
      what: own,
      hits: values.length,
      of: values.length,
    }))
}

/** Detectors whose hit covers the whole value, in most of the values. */
function detectorsOf(rules: RuleSet, values: readonly string[]): Scored[] {
  const hits = new Map<string, number>()
  for (const value of values) {
    const found = detect(value)
    if (found.length === 1 && found[0]!.end - found[0]!.start >= value.trim().length)
      hits.set(found[0]!.detector, (hits.get(found[0]!.detector) ?? 0) + 1)
  }
  return [...hits].flatMap(([detector, count]) => {
    const element: Element | undefined = rules.elements.find((e) => e.detect === detector)
    if (element === undefined || count < values.length * MOST) return []
    return [{ element: element.id, weight: 4, by: 'detector' as const, what: detector, hits: count, of: values.length }]
  })
}

function shapesOf(values: readonly string[]): Scored[] {
  if (values.length === 0) return []
  return SHAPES.flatMap(({ name, element, weight, fits }) => {
    const hits = values.filter(fits).length
    return hits >= values.length * MOST && hits > 0
      ? [{ element, weight, by: 'shape' as const, what: name, hits, of: values.length }]
      : []
  })
}
