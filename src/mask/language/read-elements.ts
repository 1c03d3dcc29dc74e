/** elements.yaml (数据元): what is protected. */
import { type Fields, openMap, type Reading, readDocument, readWord } from '../../base/fields.ts'
import type { ProblemList } from '../../base/problem.ts'
import { englishValue } from '../../base/vocabulary.ts'
import type { YamlEntry } from '../../base/yaml.ts'
import { SIGNS } from '../level5-signs.ts'
import { type Element, KINDS, type Level } from '../model.ts'
import type { Catalogue } from './catalogue.ts'

const LEVELS = ['1', '2', '3', '4', '5'] as const

export function readElements(file: string, text: string, catalogue: Catalogue, problems: ProblemList): Element[] {
  const { reading, root } = readDocument(file, text, problems)
  if (root === undefined) return []
  const top = openMap(root, 'elements-file', reading)
  top.need('elements')
  const elements: Element[] = []
  const names = new Map<string, Element>()
  for (const entry of top.entries('elements')) {
    const element = readElement(entry, elements.length, catalogue, reading)
    elements.push(element)
    for (const name of new Set([element.id, element.zh])) {
      const first = names.get(name)
      if (first === undefined) names.set(name, element)
      else
        reading.error(element.at, 'element-twice', {
          zh: `“${name}”已是第 ${first.at.line} 行数据元的名称`,
          en: `"${name}" already names the element at line ${first.at.line}`,
        })
    }
  }
  return elements
}

function readElement(entry: YamlEntry, index: number, catalogue: Catalogue, reading: Reading): Element {
  const f = openMap(entry.value, 'element', reading)
  return {
    index,
    id: entry.key,
    zh: f.text('zh'),
    kind: f.oneOf('kind', 'kind', KINDS),
    level: Number(f.oneOf('level', 'level', LEVELS)) as Level,
    group: readGroup(f),
    local: f.flag('local', false),
    detect: readDetector(f, catalogue),
    sign: readSigns(f),
    at: entry.at,
  }
}

/** One word or a list of them. */
function readSigns(f: Fields<'element'>): Element['sign'] {
  const node = f.node('sign')
  if (node === undefined) return null
  const nodes = node.type === 'list' ? node.items : [node]
  const signs = nodes.flatMap((item) => readWord(item, 'sign', SIGNS, f.reading, f.word('sign')) ?? [])
  return signs.length === 0 ? null : SIGNS.filter((sign) => signs.includes(sign))
}

const readGroup = (f: Fields<'element'>): string | null => {
  const written = f.text('group', null, { pattern: /^[\p{Script=Han}a-z0-9-]{1,64}$/u })
  return written === null ? null : (englishValue('group', written) ?? written)
}

function readDetector(f: Fields<'element'>, catalogue: Catalogue): string | null {
  const detectors = [...catalogue.detectors]
  return detectors.length === 0 ? f.text('detect', null) : f.oneOf('detect', null, detectors, null)
}
