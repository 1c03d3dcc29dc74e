/** What may stand at the cursor: keys of the context, elements, methods with what they do, values of closed sets. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { syntaxTree } from '@codemirror/language'
import type { SyntaxNode } from '@lezer/common'
import type { Schemas } from '../api/types.ts'
import type { Lexicon } from './lexicon.ts'
import { keyOf } from './tree.ts'

type Rules = Schemas['Rules']
type Child = Schemas['Child']

export interface Speech {
  readonly rules: Rules
  readonly lexicon: Lexicon
  /** of the screen: for explanations */
  readonly lang: 'zh' | 'en'
  /** of the file: for the words themselves */
  readonly fileLang: 'zh' | 'en'
}

const ROOTS: readonly (readonly [RegExp, string, boolean?])[] = [
  [/\.test\.ya?ml$/, 'rule-test', true],
  [/^policies\//, 'policy'],
  [/^elements\.ya?ml$/, 'elements-file'],
  [/^bindings\//, 'bindings-file'],
  [/^institutions\.ya?ml$/, 'institutions-file'],
  [/^interfaces\//, 'interfaces-file'],
  [/^anomalies\.ya?ml$/, 'anomalies-file'],
]

export function completionFor(path: string, speech: Speech): (context: CompletionContext) => CompletionResult | null {
  const root = ROOTS.find(([pattern]) => pattern.test(path))?.[1]
  return (context) => {
    if (root === undefined) return null
    const line = context.state.doc.lineAt(context.pos)
    const before = line.text.slice(0, context.pos - line.from)
    if (/(^|\s)#/.test(before)) return null
    const word = /[^\s:,{}[\]"']*$/.exec(before)?.[0] ?? ''
    if (word === '' && !context.explicit && !/[:,{[-]\s*$/.test(before)) return null
    const keys = keysAbove(context)
    const isValue = /:\s+[^,{}]*$/.test(before) || /\[[^\]]*$/.test(before)
    const options = optionsAt(root, keys, isValue ? keyBefore(before) : undefined, speech)
    return options.length === 0 ? null : { from: context.pos - word.length, options, validFor: /^[^\s:,{}[\]"']*$/ }
  }
}

const keyBefore = (before: string): string =>
  /([^\s{,[\]:"']+)["']?\s*:\s+(?:\[[^\]]*|[^,{}:]*)$/.exec(before)?.[1] ?? ''

/** The keys around the cursor, outermost first; by indentation where the text is not yet whole. */
function keysAbove(context: CompletionContext): string[] {
  const text = context.state.doc.toString()
  const inFlow: string[] = []
  let node: SyntaxNode | null = syntaxTree(context.state).resolveInner(context.pos, -1)
  let flow = false
  for (; node !== null; node = node.parent) {
    if (node.name === 'FlowMapping') flow = true
    if (node.name === 'Pair' && flow) {
      inFlow.unshift(keyOf(node, text))
      flow = false
    }
  }
  const line = context.state.doc.lineAt(context.pos)
  const above: string[] = []
  let indent = /^[\s-]*/.exec(line.text)?.[0].length ?? 0
  if (line.text.trim() === '') indent = line.text.length
  for (let number = line.number - 1; number > 0 && indent > 0; number -= 1) {
    const other = context.state.doc.line(number).text
    const found = /^([\s-]*)([^\s#:][^:]*):/.exec(other)
    if (found === null || found[1]!.length >= indent) continue
    above.unshift(found[2]!.trim())
    indent = found[1]!.length
  }
  const last = above.at(-1)
  return last !== undefined && inFlow[0] === last ? [...above, ...inFlow.slice(1)] : [...above, ...inFlow]
}

function optionsAt(root: string, keys: readonly string[], before: string | undefined, speech: Speech): Completion[] {
  let child: Child = { map: root }
  for (const key of keys) child = below(child, key, speech) ?? {}
  if (before !== undefined && before !== '' && keys.at(-1) !== before) child = below(child, before, speech) ?? {}
  return before === undefined ? keyOptions(child, speech) : valueOptions(child, speech)
}

function below(child: Child, key: string, { lexicon }: Speech): Child | null {
  const map = child.map ?? child.list?.map
  const word = map === undefined ? undefined : lexicon.words(map).find((each) => each.en === key || each.zh === key)
  return word !== undefined ? (word.child ?? {}) : (child.each ?? null)
}

function keyOptions(child: Child, speech: Speech): Completion[] {
  const map = child.map ?? child.list?.map
  const words = (map === undefined ? [] : speech.lexicon.words(map)).map((word) => ({
    label: word[speech.fileLang],
    detail: word[speech.fileLang === 'zh' ? 'en' : 'zh'],
    type: 'property',
    apply: `${word[speech.fileLang]}: `,
  }))
  return [...words, ...named(child.keys, speech).map((each) => ({ ...each, apply: `${each.label}: ` }))]
}

function valueOptions(child: Child, speech: Speech): Completion[] {
  return [...named(child.words, speech), ...named(child.list?.words, speech)]
}

function named(set: string | undefined, { rules, lexicon, lang, fileLang }: Speech): Completion[] {
  if (set === undefined) return []
  if (set === 'element')
    return rules.elements.map(({ id, zh, level }) => ({
      label: fileLang === 'zh' ? zh : id,
      detail: `${fileLang === 'zh' ? id : zh} · ${level}`,
      type: 'variable',
    }))
  if (set === 'method')
    return rules.methods.map(({ name, zh, summary }) => ({
      label: fileLang === 'zh' ? zh : name,
      detail: fileLang === 'zh' ? name : zh,
      info: summary[lang],
      type: 'function',
    }))
  return lexicon.values(set).map((value) => ({
    label: value[fileLang],
    detail: value[fileLang === 'zh' ? 'en' : 'zh'],
    type: 'enum',
  }))
}
