/**
 * Microsoft's anonymizer configurations as rules of ours. Theirs is a list in which the first rule that reaches a node
 * decides it and what is below; ours is a binding for every leaf, in which the narrower one counts. So every leaf of the
 * given resource types is asked which of their rules comes first, and becomes a binding by its own path.
 */
import { isPrimitive, isResource, propertiesOf } from '../../../src/mask/formats/fhir-types.ts'

export interface MsConfiguration {
  readonly fhirPathRules: readonly MsRule[]
  readonly parameters?: { readonly enablePartialDatesForRedact?: boolean }
}

export interface MsRule {
  readonly path: string
  readonly method: string
  readonly replaceWith?: unknown
  readonly span?: number
  readonly rangeType?: string
  readonly roundTo?: number
}

/** One node on the way from a resource to a leaf. */
interface Step {
  readonly name: string
  readonly type: string
  /** one alternative of a choice: its selector names the type */
  readonly choice: boolean
}

interface Where {
  /** steps up to and with the node the condition stands on */
  readonly after: number
  readonly text: string
}

interface Parsed {
  readonly rule: MsRule
  /** steps of the chain the rule's node takes, and its condition; null = it is not on the way */
  readonly match: (
    root: string,
    chain: readonly Step[],
  ) => { readonly length: number; readonly where: Where | null } | null
}

const BY_TYPE = /^(?:(\w+)\.)?nodesByType\('(\w+)'\)((?:\.\w+)*)(?:\.where\((\w+)\s*=\s*'([^']*)'\))?$/
const BY_PATH = /^(\w+)((?:\.\w+)*)(?: as (\w+))?$/

function parse(rule: MsRule): Parsed {
  const typed = BY_TYPE.exec(rule.path)
  if (typed !== null) {
    const [, root, type, rest, key, value] = typed
    const names = rest!.split('.').slice(1)
    return {
      rule,
      match: (from, chain) => {
        if (root !== undefined && root !== from) return null
        const at = chain.findIndex((s, i) => s.type === type && names.every((n, k) => chain[i + 1 + k]?.name === n))
        if (at < 0) return null
        const length = at + 1 + names.length
        return { length, where: key === undefined ? null : { after: length, text: `where(${key} = '${value}')` } }
      },
    }
  }
  const plain = BY_PATH.exec(rule.path)
  if (plain === null) throw new Error(`a path this translator does not read: ${rule.path}`)
  const [, root, rest, as] = plain
  const names = rest!.split('.').slice(1)
  return {
    rule,
    match: (from, chain) => {
      if (root !== 'Resource' && root !== from) return null
      if (!names.every((n, i) => chain[i]?.name === n)) return null
      return as !== undefined && chain[names.length - 1]?.type !== as ? null : { length: names.length, where: null }
    },
  }
}

const DATES: ReadonlySet<string> = new Set(['date', 'dateTime', 'instant'])
const DEEPEST = 6

/** Every primitive leaf of a type; a type inside itself is given whole. */
function* leavesOf(type: string, above: readonly Step[] = [], inside: readonly string[] = []): Iterable<Step[]> {
  if (above.length >= DEEPEST) return
  for (const [key, property] of propertiesOf(type)) {
    const choice = key !== property.name
    for (const { type: t } of property.types) {
      const step: Step = { name: property.name, type: t, choice }
      if (isResource(t) || t === 'Extension' || t === 'Narrative') continue
      if (isPrimitive(t) || inside.includes(t)) yield [...above, step]
      else yield* leavesOf(t, [...above, step], [...inside, t])
    }
  }
}

export interface Translated {
  readonly elements: string
  readonly bindings: string
  readonly policy: string
  /** rules of theirs that reach no leaf of the types asked for */
  readonly idle: readonly string[]
}

const EXTENSION: Step = { name: 'extension', type: 'Extension', choice: false }
const RESOURCE_ID = 'resource-id'

class Writer {
  readonly partial: boolean
  readonly elements = new Map<string, { readonly kind: string; readonly cell: string }>()
  readonly bindings = new Map<string, Set<string>>()

  constructor(partial: boolean) {
    this.partial = partial
  }

  bind(element: string, kind: string, cell: string, selector: string): void {
    this.elements.set(element, { kind, cell })
    const list = this.bindings.get(element)
    if (list === undefined) this.bindings.set(element, new Set([selector]))
    else list.add(selector)
  }

  /** Our cell for their method on a leaf; `below` are the names between the rule's node and the leaf. */
  rule(n: number, rule: MsRule, leaf: Step, below: readonly string[], selector: string): void {
    const date = DATES.has(leaf.type)
    const kind = date ? 'date' : 'text'
    switch (rule.method.toLowerCase()) {
      case 'keep':
        return this.bind('ms-kept', 'text', 'keep', selector)
      case 'redact':
        return date && this.partial
          ? this.bind('ms-redacted-date', 'date', 'year', selector)
          : this.bind('ms-redacted', 'text', 'drop', selector)
      case 'dateshift':
        return this.bind('ms-shifted', 'date', '{ method: date-shift, days: 50 }', selector)
      case 'cryptohash':
        return leaf.name === 'id' || leaf.name === 'reference'
          ? this.bind(RESOURCE_ID, 'identifier', 'pseudonym', selector)
          : this.bind(`ms-hashed`, 'text', 'hash', selector)
      case 'perturb':
        return this.bind(
          `ms-perturbed`,
          'number',
          `{ method: noise, percent: ${(rule.span ?? 0) * 50}, places: ${rule.roundTo ?? 0} }`,
          selector,
        )
      case 'substitute': {
        const text = replacementAt(rule.replaceWith, below)
        return text === null
          ? this.bind('ms-redacted', 'text', 'drop', selector)
          : this.bind(
              `ms-substituted-${n}-${below.join('-') || 'value'}-${kind}`,
              kind,
              `{ method: fixed, text: "${text}" }`,
              selector,
            )
      }
      default:
        throw new Error(`a method this translator does not know: ${rule.method}`)
    }
  }
}

/** The first text their replacement has for a leaf; null = it has none, so the leaf goes. */
function replacementAt(value: unknown, below: readonly string[]): string | null {
  const [name, ...rest] = below
  if (Array.isArray(value)) return replacementAt(value[0], below)
  if (name === undefined) return typeof value === 'string' ? value : null
  return typeof value === 'object' && value !== null
    ? replacementAt((value as Record<string, unknown>)[name], rest)
    : null
}

const selectorOf = (root: string, chain: readonly Step[], where: Where | null): string =>
  chain.reduce(
    (text, s, i) =>
      `${text}.${s.name}${s.choice ? `.ofType(${s.type})` : ''}${where !== null && where.after === i + 1 ? `.${where.text}` : ''}`,
    root,
  )

/** @param roots resource types the samples are of */
export function translate(configuration: MsConfiguration, roots: readonly string[]): Translated {
  const rules = configuration.fhirPathRules.map(parse)
  const writer = new Writer(configuration.parameters?.enablePartialDatesForRedact === true)
  const used = new Set<Parsed>()
  for (const root of roots) {
    for (const chain of leavesOf(root)) {
      for (const [n, parsed] of rules.entries()) {
        const found = parsed.match(root, chain)
        if (found === null) continue
        used.add(parsed)
        const below = chain.slice(found.length).map((s) => s.name)
        writer.rule(n, parsed.rule, chain.at(-1)!, below, selectorOf(root, chain, found.where))
        if (found.where === null) break
      }
    }
    const extension = rules.find((r) => r.match(root, [EXTENSION]) !== null)
    if (extension?.rule.method === 'redact') {
      used.add(extension)
      writer.bind('ms-redacted', 'text', 'drop', 'Extension')
    }
    const narrative = rules.find((r) => r.match(root, [{ name: 'text', type: 'Narrative', choice: false }]) !== null)
    if (narrative?.rule.method === 'redact' && propertiesOf(root).has('text')) {
      used.add(narrative)
      writer.bind('report-text', 'text', 'drop', `${root}.text.status`)
    }
  }
  return {
    ...written(writer),
    idle: rules.filter((r) => !used.has(r)).map((r) => r.rule.path),
  }
}

function written(writer: Writer): Omit<Translated, 'idle'> {
  const elements = [...writer.elements].map(
    ([id, { kind }]) => `  ${id}: { zh: ${id}, kind: ${kind}, level: 4${id === RESOURCE_ID ? ', local: true' : ''} }`,
  )
  if (!writer.elements.has(RESOURCE_ID))
    elements.push(`  ${RESOURCE_ID}: { zh: 资源, kind: identifier, level: 4, local: true }`)
  const cells = [...writer.elements].map(([id, { cell }]) => `  ${id}: ${cell}`)
  const bindings = [...writer.bindings].map(([id, list]) => `${id}:\n${[...list].map((s) => `  - "${s}"`).join('\n')}`)
  return {
    elements: `elements:\n${elements.join('\n')}\n`,
    bindings: `format: fhir\n${bindings.join('\n')}\n`,
    policy: `policy: microsoft
basis: comparison
owner: security
review: 2027-03-31
for: { roles: [researcher] }
elements:
${cells.join('\n')}
undecided: keep
unknown: { treatment: keep, approval: comparison, expires: 2027-03-31 }
`,
  }
}
