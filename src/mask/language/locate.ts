/**
 * Where a word stands in a file that was read already: what checks between files complain of has its line there, and the
 * compiled rules keep the places of cells and entries only.
 */
import { type Position, ProblemList } from '../../base/problem.ts'
import { parseYaml, type YamlNode } from '../../base/yaml.ts'

/**
 * @param from the place the search begins at, such as that of the entry
 * @param key English or Chinese key the word stands under @param word the value, null: the key itself
 */
export function locate(text: string, from: Position, keys: readonly string[], word: string | null): Position {
  const root = parseYaml(from.file, text, new ProblemList())
  return (root === undefined ? null : search(root, from, keys, word, false)) ?? from
}

function search(
  node: YamlNode,
  from: Position,
  keys: readonly string[],
  word: string | null,
  under: boolean,
): Position | null {
  if (node.type === 'scalar') {
    const text = typeof node.value === 'string' ? node.value : node.source
    return under && text === word && !isBefore(node.at, from) ? node.at : null
  }
  if (node.type === 'list') return first(node.items, (item) => search(item, from, keys, word, under))
  return first([...node.entries.values()], (entry) => {
    const here = keys.includes(entry.key.normalize('NFKC').trim())
    if (here && word === null && !isBefore(entry.at, from)) return entry.value.at
    return search(entry.value, from, keys, word, under || here)
  })
}

function first<T>(items: readonly T[], of: (item: T) => Position | null): Position | null {
  for (const item of items) {
    const found = of(item)
    if (found !== null) return found
  }
  return null
}

const isBefore = (a: Position, b: Position): boolean => a.line < b.line || (a.line === b.line && a.col < b.col)
