/** YAML nodes as plain values and as English-keyed maps: what JSON Schema and the canonical form work on. */
import { type Context, childOf, englishKey, englishValue, isValueSet } from '../../base/vocabulary.ts'
import type { YamlEntry, YamlMap, YamlNode } from '../../base/yaml.ts'

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

export function toPlain(node: YamlNode): Plain {
  if (node.type === 'scalar') return node.value
  if (node.type === 'list') return node.items.map(toPlain)
  // fromEntries defines own members, so that a key `__proto__` stays a key
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, toPlain(entry.value)]))
}

/** The same map with the keys of a context, and values of its closed sets, in English; unknown keys stay as written. */
export function inEnglish(map: YamlMap, context: Context): YamlMap {
  const entries = new Map<string, YamlEntry>()
  for (const entry of map.entries.values()) {
    const key = englishKey(context, entry.key) ?? entry.key
    const set = childOf(context, key)?.words
    entries.set(key, { ...entry, key, value: set === undefined ? entry.value : englishScalar(entry.value, set) })
  }
  return { ...map, entries }
}

function englishScalar(node: YamlNode, set: string): YamlNode {
  if (node.type !== 'scalar' || typeof node.value !== 'string' || !isValueSet(set)) return node
  const english = englishValue(set, node.value)
  if (english === undefined) return node
  return { ...node, value: set === 'flag' ? english === 'true' : english }
}
