/** bindings/*.yaml (落点): where elements sit, for a format or for one interface. */
import { type Fields, openMap, type Reading, readDocument } from '../../base/fields.ts'
import type { Position, ProblemList } from '../../base/problem.ts'
import type { YamlEntry, YamlNode, YamlScalar } from '../../base/yaml.ts'
import { type Binding, type Element, FORMATS, type FormatName } from '../model.ts'
import { AMBIGUOUS_KEYS, normalKey } from '../normal-key.ts'
import type { Catalogue } from './catalogue.ts'
import type { ElementIndex } from './element-index.ts'
import { EXAMPLE, NOTATION_EXAMPLES, scoped } from './selector-words.ts'

interface Target {
  /** notation of the selectors; interface files say it beside `interface:`, json when they do not */
  readonly notation: FormatName
  readonly format: FormatName | null
  readonly interfaceId: string | null
}

export function readBindings(
  file: string,
  text: string,
  elements: ElementIndex,
  catalogue: Catalogue,
  problems: ProblemList,
): Binding[] {
  const { reading, root } = readDocument(file, text, problems)
  if (root === undefined) return []
  const lines: YamlEntry[] = []
  const top = openMap(root, 'bindings-file', reading, (entry) => lines.push(entry))
  const target = readTarget(top)
  const bindings: Binding[] = []
  const named = new Map<Element, Position>()
  for (const line of lines) {
    const element = elements.need(line.key, line.at, reading)
    if (element === undefined) continue
    if (named.has(element)) reportTwice(reading, line, element, named.get(element)!)
    else named.set(element, line.at)
    const nodes = line.value.type === 'list' ? line.value.items : [line.value]
    if (nodes.length === 0)
      reading.error(
        line.value.at,
        'empty-selector',
        { zh: '没有选择器，此行什么也不保护', en: 'no selector stands here: the line protects nothing' },
        EXAMPLE,
      )
    for (const node of nodes) {
      const binding = readSelector(node, element, target, reading)
      if (binding !== null && sound(binding, node, target, catalogue, reading)) bindings.push(binding)
    }
  }
  reportRepeated(bindings, reading)
  return bindings
}

function readTarget(top: Fields<'bindings-file'>): Target {
  const interfaceId = top.text('interface', null)
  const notation =
    interfaceId === null ? top.oneOf('format', null, FORMATS) : top.oneOf('format', null, FORMATS, 'json')
  return { notation, format: interfaceId === null ? notation : null, interfaceId }
}

function readSelector(node: YamlNode, element: Element, target: Target, reading: Reading): Binding | null {
  const base = { element, format: target.format, interfaceId: target.interfaceId, at: node.at }
  if (node.type === 'scalar') return readWord(node, base, target, reading)
  if (node.type === 'list') {
    reading.error(node.at, 'bad-selector', { zh: '这里不能是列表', en: 'a selector is no list' }, EXAMPLE)
    return null
  }
  const f = openMap(node, 'selector', reading)
  const [path, key, within, pair] = [
    f.text('path', null),
    f.text('key', null),
    f.text('in', null),
    f.text('pair', null),
  ]
  if (f.oneOf('status', 'line-status', ['proposed'] as const, null) !== null)
    reading.warn(
      node.at,
      'proposed',
      { zh: '此行为建议，尚未确认，不得发布', en: 'the line was proposed and is not confirmed: it cannot be released' },
      { zh: '核对后删去“状态”', en: 'the line without its status, once somebody has looked at it' },
    )
  const chosen = [path, key, pair].filter((v) => v !== null)
  if (chosen.length !== 1 || (within !== null && key === null)) {
    reading.error(
      node.at,
      'bad-selector',
      {
        zh: '选择器要写“路径”“键”“标签”之一；“范围”只配“键”',
        en: 'a selector names one of path, key, pair; `in` goes with `key`',
      },
      EXAMPLE,
    )
    return null
  }
  return {
    ...base,
    path,
    key: key === null ? null : normalKey(key),
    within: within === null ? null : normalKey(within),
    pair,
  }
}

type Bound = Pick<Binding, 'element' | 'format' | 'interfaceId' | 'at'>

/** A selector written as one word: a key in JSON, else a path. */
function readWord(node: YamlScalar, base: Bound, target: Target, reading: Reading): Binding | null {
  const none = { path: null, key: null, within: null, pair: null }
  const written = typeof node.value === 'string' ? node.value : node.source
  if (written.trim() === '') {
    reading.error(node.at, 'empty-selector', { zh: '选择器是空的', en: 'the selector is empty' }, EXAMPLE)
    return null
  }
  if (target.notation !== 'json' || written.startsWith('$')) return { ...base, ...none, path: written }
  if (!LIKE_PATH.test(written.trim())) return { ...base, ...none, key: normalKey(written) }
  reading.error(
    node.at,
    'key-like-path',
    {
      zh: `“${written}”不以 $ 开头，会被当作键名，永远匹配不到`,
      en: `"${written}" does not begin with $, so it is read as the name of a key, which no payload has`,
    },
    {
      zh: `路径写成 $.data.value；键名里确有点或连字符时写 { 键: ${written} }`,
      en: `a path as $.data.value; { key: ${written} } where the key itself holds the dot or hyphen`,
    },
  )
  return null
}

/** `PID-5` and `data.value` among JSON keys: selectors of another notation, or a path without its $. */
const LIKE_PATH = /^(?:[A-Z][A-Z0-9]{2}-\d|[\p{L}_][\p{L}\p{N}_]*\.[\p{L}_])/u

function sound(binding: Binding, node: YamlNode, target: Target, catalogue: Catalogue, reading: Reading): boolean {
  const { key, within } = binding
  if (key !== null && within === null && AMBIGUOUS_KEYS.has(key)) {
    const meanings = AMBIGUOUS_KEYS.get(key)!
    reading.error(
      node.at,
      'ambiguous-key',
      { zh: `键“${key}”有多种含义（${meanings}）`, en: `the key "${key}" has several meanings (${meanings})` },
      scoped(key),
    )
    return false
  }
  const wrong = catalogue.formats.get(target.notation)?.check(binding) ?? null
  if (wrong === null) return true
  const at = node.type === 'scalar' ? inside(node, wrong.offset) : node.at
  reading.error(
    at,
    'bad-path',
    { zh: `选择器不合规：${wrong.error}`, en: `the selector is not valid: ${wrong.error}` },
    {
      zh: `${target.notation} 的选择器，如 ${NOTATION_EXAMPLES[target.notation].zh}`,
      en: `a selector of ${target.notation}, such as ${NOTATION_EXAMPLES[target.notation].en}`,
    },
  )
  return false
}

/** Place of an offset inside a one-line scalar; quotes count. */
function inside(node: YamlScalar, offset: number): Position {
  const quoted = node.span[1] - node.span[0] > node.source.length ? 1 : 0
  return { ...node.at, col: node.at.col + quoted + offset }
}

function reportTwice(reading: Reading, line: YamlEntry, element: Element, first: Position): void {
  reading.error(
    line.at,
    'element-twice',
    {
      zh: `数据元“${element.zh}”在第 ${first.line} 行已有落点`,
      en: `the element "${element.id}" was bound at line ${first.line} already`,
    },
    { zh: '同一文件里一个数据元只写一行', en: 'one line for each element of a file' },
  )
}

function reportRepeated(bindings: readonly Binding[], reading: Reading): void {
  const seen = new Map<string, Binding>()
  for (const b of bindings) {
    const id = `${b.path ?? ''}\n${b.key ?? ''}\n${b.within ?? ''}\n${b.pair ?? ''}`
    const first = seen.get(id)
    if (first === undefined) {
      seen.set(id, b)
      continue
    }
    const same = first.element === b.element
    // Different elements on one path may share a composite (a phone and an e-mail in XTN): the format decides.
    if (!same && b.path !== null) continue
    reading.error(
      b.at,
      same ? 'repeated-item' : 'binding-conflict',
      {
        zh: same ? `与第 ${first.at.line} 行重复` : `第 ${first.at.line} 行已把同一处归于“${first.element.zh}”`,
        en: same
          ? `the same selector stands at line ${first.at.line}`
          : `line ${first.at.line} binds the same place to "${first.element.id}"`,
      },
      {
        zh: `每处只归一个数据元：此处与第 ${first.at.line} 行只留其一`,
        en: `one element for each place: this selector or that of line ${first.at.line}, not both`,
      },
    )
  }
}
