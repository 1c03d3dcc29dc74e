/** elements.yaml (数据元): what is protected. */
import { badValue, type Fields, openMap, type Reading, readDocument, readWord } from '../../base/fields.ts'
import type { ProblemList } from '../../base/problem.ts'
import { englishValue } from '../../base/vocabulary.ts'
import type { YamlEntry } from '../../base/yaml.ts'
import { SIGNS } from '../level5-signs.ts'
import { type Element, KINDS, type Level } from '../model.ts'
import type { Catalogue } from './catalogue.ts'

export function readElements(file: string, text: string, catalogue: Catalogue, problems: ProblemList): Element[] {
  const { reading, root } = readDocument(file, text, problems)
  if (root === undefined) return []
  const top = openMap(root, 'elements-file', reading)
  top.need('elements')
  const elements: Element[] = []
  const names = new Map<string, Element>()
  const detectors = new Map<string, Element>()
  for (const entry of top.entries('elements')) {
    const element = readElement(entry, elements.length, catalogue, reading)
    elements.push(element)
    for (const name of new Set([element.id, element.zh])) {
      const first = names.get(name)
      if (first === undefined) names.set(name, element)
      else
        reading.error(
          element.at,
          'element-twice',
          {
            zh: `“${name}”已是第 ${first.at.line} 行数据元的名称`,
            en: `"${name}" already names the element at line ${first.at.line}`,
          },
          {
            zh: '每个数据元一个标识、一个名称，与别的都不同',
            en: 'an id and a Chinese name of its own for each element',
          },
        )
    }
    const { detect } = element
    const holder = detect === null ? undefined : detectors.get(detect)
    if (holder !== undefined) claimedTwice(reading, element, holder)
    else if (detect !== null) detectors.set(detect, element)
  }
  return elements
}

/** What a hit in a text gets must not hang on the order of lines. */
function claimedTwice(reading: Reading, { at, detect }: Element, first: Element): void {
  reading.error(
    at,
    'detector-twice',
    {
      zh: `识别“${detect}”已归于第 ${first.at.line} 行的“${first.zh}”`,
      en: `the hits of the detector "${detect}" belong to "${first.id}" at line ${first.at.line} already`,
    },
    { zh: '两行中只留一处“识别”', en: '`detect` in one of both lines only' },
  )
}

function readElement(entry: YamlEntry, index: number, catalogue: Catalogue, reading: Reading): Element {
  const f = openMap(entry.value, 'element', reading)
  return {
    index,
    id: entry.key,
    zh: f.text('zh'),
    kind: f.oneOf('kind', 'kind', KINDS),
    level: readLevel(f),
    group: readGroup(f),
    local: f.flag('local', false),
    detect: readDetector(f, catalogue),
    sign: readSigns(f),
    at: entry.at,
  }
}

/** The five levels are told with what they are for: a number alone says nothing to whoever has to choose one. */
function readLevel(f: Fields<'element'>): Level {
  const node = f.node('level')
  const level = node?.type === 'scalar' ? englishValue('level', String(node.value ?? '')) : undefined
  if (level !== undefined) return Number(level) as Level
  if (node === undefined) f.need('level')
  else badValue(f.reading, node, f.word('level'), LEVEL)
  return 1
}

const LEVEL = {
  zh: '公开（1，如机构名）、普通（2，如检验数值）、敏感（3，如诊断、出生日期）、重要（4，如姓名、证件号、手机号）、控制（5，如口令）之一，如 级别: 重要',
  en: 'a level from 1 to 5: 1 public (names of hospitals), 2 ordinary (laboratory values), 3 sensitive (diagnoses, birth dates), 4 important (names, ID numbers, phones), 5 controlled (passwords); such as level: 4',
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
