/**
 * The YAML side of an editor: CodeMirror with the compiler's own problems at their lines and completion of the words the
 * server knows. It lives in a shadow root, where its styles are constructed sheets and need no hole in the policy.
 */
import { autocompletion, type CompletionSource, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search'
import { Annotation, Compartment, EditorState, type Text } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import { MONOSPACE } from '../theme.ts'

export interface LineProblem {
  readonly line: number
  readonly column?: number | undefined
  readonly message: string
  readonly severity: 'error' | 'warning'
}

export interface YamlEditorProps {
  readonly value: string
  readonly label: string
  readonly readOnly?: boolean
  readonly problems?: readonly LineProblem[]
  readonly complete?: CompletionSource | undefined
  /** line to show and mark, from 1; `at` changes to show it again */
  readonly show?: { line: number; at: number } | undefined
  readonly onChange?: (text: string) => void
  readonly onCursor?: (line: number) => void
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: '#0b5394' },
  { tag: [tags.string, tags.attributeValue], color: '#1b6112' },
  { tag: [tags.comment, tags.lineComment], color: '#5b6675', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: '#8a2b06' },
  { tag: tags.punctuation, color: '#4a5565' },
])

const LOOK = EditorView.theme({
  '&': { fontSize: '13px', height: '100%', backgroundColor: '#fff', color: '#1f2733' },
  '&.cm-focused': { outline: '2px solid #0b5394', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: MONOSPACE, lineHeight: '1.6' },
  '.cm-gutters': { backgroundColor: '#f4f6f9', color: '#5b6675', borderRight: '1px solid #e3e8ef' },
  '.cm-activeLine': { backgroundColor: '#0b53940d' },
  '.cm-activeLineGutter': { backgroundColor: '#dce6f2' },
  '.cm-tooltip': { fontFamily: 'system-ui, "Noto Sans CJK SC", sans-serif', fontSize: '13px', maxWidth: '520px' },
  '.cm-completionDetail': { fontStyle: 'normal', color: '#4a5565' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: '#fff' },
})

/** Problems as places in the text; a line that is gone since counts as the last one. */
function diagnosticsOf(doc: Text, problems: readonly LineProblem[]): Diagnostic[] {
  return problems
    .map(({ line, column, message, severity }) => {
      const at = doc.line(Math.min(Math.max(line, 1), doc.lines))
      const from = Math.min(at.from + Math.max((column ?? 1) - 1, 0), at.to)
      return { from, to: Math.max(at.to, from), message, severity }
    })
    .toSorted((a, b) => a.from - b.from)
}

export default function YamlEditor(props: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef(props)
  latest.current = props
  // texts this editor told of that have not come back as `value` yet: taking an old one would undo newer typing
  const echoes = useRef<string[]>([])

  useEffect(() => {
    if (host.current === null) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const parent = document.createElement('div')
    // the property, not the attribute: the policy forbids style attributes in markup only
    parent.style.height = '100%'
    root.replaceChildren(parent)
    const made = new EditorView({ parent, root, state: stateOf(latest, echoes.current) })
    view.current = made
    return () => made.destroy()
  }, [])

  const { value, problems, show, readOnly, label } = props
  useEffect(() => {
    const editor = view.current
    const echo = echoes.current.lastIndexOf(value)
    // only who has the focus types; a change by the form may bring an old text back
    if (echo !== -1 && editor?.hasFocus === true) return void echoes.current.splice(0, echo + 1)
    echoes.current.length = 0
    if (editor === null || editor.state.doc.toString() === value) return
    const head = Math.min(editor.state.selection.main.head, value.length)
    editor.dispatch({
      changes: smallestChange(editor.state.doc.toString(), value),
      selection: { anchor: head },
      annotations: FROM_OUTSIDE.of(true),
    })
  }, [value])
  useEffect(() => {
    const editor = view.current
    if (editor !== null) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state.doc, problems ?? [])))
  }, [problems])
  useEffect(() => {
    view.current?.dispatch({ effects: MODE.reconfigure(modeOf(readOnly === true, label)) })
  }, [readOnly, label])
  useEffect(() => {
    const editor = view.current
    if (editor === null || show === undefined) return
    const line = editor.state.doc.line(Math.min(Math.max(show.line, 1), editor.state.doc.lines))
    editor.dispatch({
      selection: { anchor: line.from },
      effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
    })
  }, [show])
  return <div className="yaml-editor" ref={host} />
}

/** One change between the common beginning and end, so that cursor and undo history survive an edit by the form. */
function smallestChange(before: string, after: string): { from: number; to: number; insert: string } {
  let from = 0
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1
  let tail = 0
  const most = Math.min(before.length, after.length) - from
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  return { from, to: before.length - tail, insert: after.slice(from, after.length - tail) }
}

const MODE = new Compartment()
const FROM_OUTSIDE = Annotation.define<boolean>()

const modeOf = (readOnly: boolean, label: string) => [
  EditorState.readOnly.of(readOnly),
  EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
]

function stateOf(latest: { readonly current: YamlEditorProps }, echoes: string[]): EditorState {
  const { value, readOnly, label } = latest.current
  return EditorState.create({
    doc: value,
    extensions: [
      MODE.of(modeOf(readOnly === true, label)),
      lineNumbers(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      indentUnit.of('  '),
      bracketMatching(),
      closeBrackets(),
      highlightSelectionMatches(),
      yaml(),
      lintGutter(),
      syntaxHighlighting(COLOURS),
      LOOK,
      autocompletion({ override: [(context) => latest.current.complete?.(context) ?? null] }),
      keymap.of([...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          const text = update.state.doc.toString()
          if (update.transactions.some((transaction) => transaction.annotation(FROM_OUTSIDE) === true)) return
          echoes.push(text)
          latest.current.onChange?.(text)
        }
        if (update.selectionSet)
          latest.current.onCursor?.(update.state.doc.lineAt(update.state.selection.main.head).number)
      }),
    ],
  })
}
