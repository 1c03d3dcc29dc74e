/** The cells of a policy text for the form: what each element's line says, in the identifiers of the rules. */
import type { Schemas } from '../api/types.ts'
import type { Lexicon } from './lexicon.ts'
import { type Plain, type PlainMap, pairsBelow, rootPairs } from './tree.ts'

type Rules = Schemas['Rules']
export type Element = Rules['elements'][number]
export type Method = Rules['methods'][number]

export interface FormCell {
  /** id of the element, or `undecided` or `unknown` */
  readonly element: string
  readonly line: number
  readonly method: string
  readonly params: Readonly<Record<string, string>>
  /** false: a list with conditions, or something the form has no field for; the editor is the place for it */
  readonly simple: boolean
}

const DEFAULTS = ['undecided', 'unknown'] as const

export function cellsOf(text: string, rules: Rules, lexicon: Lexicon): FormCell[] {
  const elements = new Map(rules.elements.flatMap((each) => [[each.id, each.id] as const, [each.zh, each.id] as const]))
  const below = pairsBelow(text, lexicon.namesOf('policy', 'elements')).map((pair) =>
    cellOf(elements.get(pair.key) ?? pair.key, pair.line, pair.value, rules, lexicon),
  )
  const root = rootPairs(text)
  const defaults = DEFAULTS.flatMap((name) => {
    const found = root.find((pair) => lexicon.namesOf('policy', name).includes(pair.key))
    return found === undefined ? [] : [cellOf(name, found.line, found.value, rules, lexicon)]
  })
  return [...below, ...defaults]
}

function cellOf(element: string, line: number, value: Plain | undefined, rules: Rules, lexicon: Lexicon): FormCell {
  if (typeof value === 'string')
    return { element, line, method: methodId(value, rules, lexicon), params: {}, simple: true }
  if (value === undefined || Array.isArray(value)) return { element, line, method: '', params: {}, simple: false }
  return mapCell(element, line, value, rules, lexicon)
}

function mapCell(element: string, line: number, map: PlainMap, rules: Rules, lexicon: Lexicon): FormCell {
  let method = ''
  let simple = true
  const params: Record<string, string> = {}
  for (const [key, value] of Object.entries(map)) {
    const name = lexicon.idOf('cell', key)
    if (name === 'method' && typeof value === 'string') method = methodId(value, rules, lexicon)
    else if (typeof value === 'string' && name !== 'when') params[name] = lexicon.valueId('cell', name, value)
    else simple = false
  }
  return { element, line, method, params, simple: simple && method !== '' }
}

function methodId(word: string, rules: Rules, lexicon: Lexicon): string {
  const found = rules.methods.find((each) => each.name === word || each.zh === word)
  return found?.name ?? lexicon.valueOf('unknown', word)
}
