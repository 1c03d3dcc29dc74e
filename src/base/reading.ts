/** One rules file being read: its language, where its problems go, and the sentences every reader shares. */
import { nearest } from './near.ts'
import { bothOf, type Position, type ProblemList, type Say } from './problem.ts'
import {
  CONTEXTS,
  type Context,
  contextsBelow,
  englishKey,
  englishValue,
  type Lang,
  type ValueSet,
  writtenKey,
  writtenValue,
} from './vocabulary.ts'
import type { YamlNode } from './yaml-node.ts'

/** One file being read: where its problems go and in which language. */
export class Reading {
  readonly file: string
  readonly lang: Lang
  readonly problems: ProblemList
  constructor(file: string, lang: Lang, problems: ProblemList) {
    this.file = file
    this.lang = lang
    this.problems = problems
  }
  say(sentence: Say): string {
    return sentence[this.lang]
  }
  error(at: Position, code: string, message: Say, expected?: Say): void {
    const both = bothOf(message, expected)
    this.problems.error(at, code, both[this.lang].message, both[this.lang].expected, both)
  }
  warn(at: Position, code: string, message: Say, expected?: Say): void {
    const both = bothOf(message, expected)
    this.problems.warn(at, code, both[this.lang].message, both[this.lang].expected, both)
  }
}

/** `"5 sec" is no valid "timeout"`; a value left out and a list or map in its place are called so. */
export function badValue(reading: Reading, node: YamlNode, word: string, expected: Say, hidden = false): void {
  const message = { zh: `“${word}”的值不合规`, en: `the value of "${word}" is not valid` }
  if (node.type === 'map' || node.type === 'list') {
    const [zh, en] = node.type === 'map' ? ['映射', 'a map'] : ['列表', 'a list']
    Object.assign(message, { zh: `${message.zh}：这里是${zh}`, en: `${message.en}: ${en} stands here` })
  } else if (node.value === null || node.source.trim() === '')
    Object.assign(message, { zh: `“${word}”没有值`, en: `"${word}" has no value` })
  else if (!hidden) {
    const text = shown(node.source)
    Object.assign(message, { zh: `“${text}”不是合规的“${word}”`, en: `"${text}" is no valid "${word}"` })
  }
  reading.error(node.at, 'bad-value', message, expected)
}

/** What was written, as far as a message repeats it: cut, and never markup or a sign nobody sees. */
const shown = (text: string): string => {
  const plain = text.replace(/[<>\p{Cc}\p{Cf}]/gu, '?')
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain
}

/** Where a key the context does not know would stand: one level deeper or further out. */
export function placeOfKey(context: Context, written: string, lang: Lang): Say | null {
  const below = contextsBelow(context).find(([, child]) => englishKey(child, written) !== undefined)
  if (below !== undefined) {
    const word = writtenKey(context, below[0], lang)
    return { zh: `它写在“${word}”之下一层`, en: `it stands one level deeper, under "${word}"` }
  }
  const above = CONTEXTS.find(
    (c) => englishKey(c, written) !== undefined && contextsBelow(c).some(([, child]) => child === context),
  )
  if (above === undefined) return null
  return { zh: '它写在外一层，缩进要少一级', en: 'it stands one level further out: indent it less' }
}

/** `unknown key "elemnts", did you mean "elements"? (expected one of ...)` */
export function reportUnknown(
  reading: Reading,
  at: Position,
  code: string,
  what: Say,
  written: string,
  known: readonly string[],
  hint: Say | null = null,
): void {
  reading.error(at, code, ...sayUnknown(what, written, known, hint))
}

/** The two halves of that sentence. A hint says where the word belongs, when no known word is near. */
export function sayUnknown(
  what: Say,
  written: string,
  known: readonly string[],
  hint: Say | null = null,
): [message: Say, expected: Say] {
  const near = nearest(written, known)
  const list = known.length <= 24 ? known : known.toSorted().slice(0, 24)
  const more = known.length > list.length ? ' …' : ''
  const tail: Say =
    near !== null
      ? { zh: `，是不是“${near}”？`, en: `, did you mean "${near}"?` }
      : hint !== null
        ? { zh: `：${hint.zh}`, en: `: ${hint.en}` }
        : { zh: '', en: '' }
  const none: Say = { zh: '已登记的名称：还一个都没有', en: 'a name that is defined: there is none yet' }
  return [
    {
      zh: `未知的${what.zh}“${shown(written)}”${tail.zh}`,
      en: `unknown ${what.en} "${shown(written)}"${tail.en}`,
    },
    known.length === 0 ? none : { zh: `以下之一：${list.join('、')}${more}`, en: `one of ${list.join(', ')}${more}` },
  ]
}

/** One word of a closed set, from a scalar in either language; undefined after a problem. */
export function readWord<V extends string>(
  node: YamlNode,
  set: ValueSet | null,
  admitted: readonly V[],
  reading: Reading,
  what: string,
): V | undefined {
  const source = node.type === 'scalar' ? String(node.value ?? '') : ''
  const english = set === null ? source : (englishValue(set, source) ?? source)
  const found = admitted.find((v) => v === english)
  if (found !== undefined) return found
  const shownWords = admitted.map((v) => (set === null ? v : writtenValue(set, v, reading.lang)))
  const list: Say = { zh: `以下之一：${shownWords.join('、')}`, en: `one of ${shownWords.join(', ')}` }
  if (node.type === 'scalar' && source !== '') {
    const near = nearest(source, shownWords)
    reading.error(
      node.at,
      'bad-word',
      {
        zh: `“${shown(source)}”不是合规的“${what}”${near === null ? '' : `，是不是“${near}”？`}`,
        en: `"${shown(source)}" is no valid "${what}"${near === null ? '' : `, did you mean "${near}"?`}`,
      },
      list,
    )
  } else badValue(reading, node, what, list)
  return undefined
}
