/**
 * `rules fmt`: a rules file rewritten in the other language, word by word in place. Comments, layout, quoting and every
 * word that is not of the vocabulary stay as they are, so that zh and back gives the same bytes.
 */
import { ProblemList } from '../../base/problem.ts'
import {
  type Child,
  type Context,
  childOf,
  englishKey,
  englishValue,
  type Glossary,
  isContext,
  isValueSet,
  type Lang,
  writtenKey,
  writtenValue,
} from '../../base/vocabulary.ts'
import { parseYaml, type YamlMap, type YamlNode } from '../../base/yaml.ts'
import type { Catalogue } from './catalogue.ts'
import type { ElementIndex } from './element-index.ts'

/** The top of each kind of rules file, by its path inside the folder; null = not a file of this language. */
export function topOf(path: string): Child | null {
  if (path === 'elements.yaml') return { map: 'elements-file' }
  if (path.startsWith('bindings/')) return { map: 'bindings-file' }
  if (path.endsWith('.test.yaml')) return { list: { map: 'rule-test' } }
  if (path.startsWith('policies/')) return { map: 'policy' }
  if (path === 'institutions.yaml') return { map: 'institutions-file' }
  if (path.startsWith('interfaces/')) return { map: 'interfaces-file' }
  if (path === 'anomalies.yaml') return { map: 'anomalies-file' }
  return null
}

/** Words the rules folder itself defines. */
export const glossaryOf = (elements: ElementIndex, catalogue: Catalogue): Glossary => ({
  element: new Map(elements.all.map((e) => [e.id, e.zh])),
  method: new Map([
    ...[...catalogue.methods.values()].map((m) => [m.name, m.zh] as const),
    ['never-clear', '不得明文'],
  ]),
})

/** The text in the language asked for. Null when the file is no YAML: nothing is rewritten then. */
export function formatRules(path: string, text: string, lang: Lang, glossary: Glossary): string | null {
  const top = topOf(path)
  const problems = new ProblemList()
  const root = parseYaml(path, text, problems)
  if (top === null || root === undefined || problems.failed) return null
  const rewriter = new Rewriter(text, lang, glossary)
  rewriter.node(root, top)
  return rewriter.finish()
}

class Rewriter {
  readonly #text: string
  readonly #lang: Lang
  readonly #glossary: Glossary
  readonly #edits: { readonly start: number; readonly end: number; readonly word: string }[] = []

  constructor(text: string, lang: Lang, glossary: Glossary) {
    this.#text = text
    this.#lang = lang
    this.#glossary = glossary
  }

  finish(): string {
    let out = ''
    let from = 0
    for (const e of this.#edits.toSorted((a, b) => a.start - b.start)) {
      out += this.#text.slice(from, e.start) + e.word
      from = e.end
    }
    return out + this.#text.slice(from)
  }

  node(node: YamlNode, child: Child): void {
    if (node.type === 'scalar') {
      if (child.words !== undefined) this.#word(node.span, this.#value(child.words, String(node.value)))
    } else if (node.type === 'list') {
      // a list of words needs no shape of its own
      for (const item of node.items) this.node(item, child.list ?? { ...(child.words && { words: child.words }) })
    } else if (child.map !== undefined && isContext(child.map)) this.#map(node, child.map)
    else if (child.each !== undefined) this.#free(node, child)
  }

  #map(map: YamlMap, context: Context): void {
    for (const entry of map.entries.values()) {
      const english = englishKey(context, entry.key)
      if (english !== undefined) {
        this.#word(entry.span, writtenKey(context, english, this.#lang))
        const below = childOf(context, english)
        if (below !== null) this.node(entry.value, below)
      } else if (context === 'bindings-file') {
        this.#word(entry.span, this.#value('element', entry.key))
        this.node(entry.value, { map: 'selector', list: { map: 'selector' } })
      }
    }
  }

  #free(map: YamlMap, child: Child): void {
    for (const entry of map.entries.values()) {
      if (child.keys !== undefined) this.#word(entry.span, this.#value(child.keys, entry.key))
      this.node(entry.value, child.each!)
    }
  }

  #value(set: NonNullable<Child['words']>, written: string): string | null {
    if (isValueSet(set)) {
      const english = englishValue(set, written)
      return english === undefined ? null : writtenValue(set, english, this.#lang)
    }
    const words = set === 'element' || set === 'method' ? this.#glossary[set] : undefined
    if (words === undefined) return null
    if (words.has(written)) return this.#lang === 'zh' ? words.get(written)! : written
    for (const [en, zh] of words) if (zh === written) return this.#lang === 'zh' ? zh : en
    return null
  }

  #word([start, end]: readonly [number, number], word: string | null): void {
    if (word === null || start === end) return
    const written = this.#text.slice(start, end)
    const quote = written.startsWith('"') || written.startsWith("'") ? written[0]! : ''
    const next = `${quote}${word}${quote}`
    if (next !== written) this.#edits.push({ start, end, word: next })
  }
}
