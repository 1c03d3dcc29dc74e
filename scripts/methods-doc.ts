/** Writes docs/methods.md from the methods themselves; test/docs.test.ts holds the file to it. Run: node scripts/methods-doc.ts */
import { writeFileSync } from 'node:fs'
import { compileSchema } from '../src/base/schema.ts'
import { writtenKey } from '../src/base/vocabulary.ts'
import { FOREIGN_NAMES } from '../src/mask/language/method-aliases.ts'
import { METHODS } from '../src/mask/transforms/index.ts'
import type { Method, Params } from '../src/mask/transforms/transform.ts'

const HEAD = `# Methods

Made from \`src/mask/transforms/\` by \`node scripts/methods-doc.ts\`; do not edit. A cell names a method alone
(\`person-name: pseudonym\`) or with parameters (\`{ method: date-shift, days: 30 }\`). *Left* is the share of an element's
level that a method leaves, over all its parameters; of two treatments that hold at once, the one that leaves less wins.
*Twice* says whether masking twice is masking once: a method that is not may not stand behind a gateway that masks
already (\`masked-input\`), and \`rules check\` says so.

`

interface Property {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly description?: string
}

const propertiesOf = (method: Method): [string, Property][] =>
  Object.entries((method.params['properties'] ?? {}) as Record<string, Property>)

/** Cells of a method: every choice of its words and the ends of its numbers, as far as its schema admits them. */
export function cellsOf(method: Method): Params[] {
  let cells: Params[] = [{}]
  for (const [name, p] of propertiesOf(method)) {
    const texts = p.type === 'string' && p.enum === undefined ? ['1+2', '@', 'x', 'this-project'] : []
    const values = [
      ...(p.enum ?? []),
      p.minimum,
      p.maximum,
      p.default,
      p.type === 'boolean' ? true : undefined,
      ...texts,
    ]
    const known = values.filter((v) => v !== undefined)
    cells = cells.flatMap((cell) => [cell, ...known.map((value) => ({ ...cell, [name]: value }))]).slice(0, 5000)
  }
  const check = compileSchema(method.params)
  return cells.filter((cell) => check(cell).length === 0)
}

function sharesOf(method: Method): string {
  const shares = cellsOf(method).map((cell) => method.leaves(4, cell) / 4)
  const percent = (n: number): string => `${Math.round(n * 100)} %`
  const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))]
  return least === most ? least : `${least} to ${most}`
}

const valuesOf = (p: Property): string => {
  if (p.enum !== undefined) return p.enum.map(String).join(', ')
  const { minimum, maximum, exclusiveMinimum } = p
  const low = minimum ?? (exclusiveMinimum === undefined ? undefined : `over ${exclusiveMinimum}`)
  const range = low === undefined ? '' : ` ${low} to ${maximum ?? 'any'}`
  return `${[p.type ?? 'any'].flat().join(' or ')}${range}`
}

function section(method: Method): string[] {
  const { name, zh, summary, kinds, idempotent, references, invents } = method
  const notes = [
    references ? 'may treat references and resource ids' : '',
    invents === true ? 'never where care is given' : '',
  ]
  const facts = [
    `kinds: ${kinds.join(', ')}`,
    `left: ${sharesOf(method)}`,
    `twice: ${idempotent ? 'the same' : 'another value'}`,
    ...notes.filter((note) => note !== ''),
  ]
  const lines = [
    `## ${name} ${zh}`,
    '',
    `${summary.en[0]!.toUpperCase()}${summary.en.slice(1)}.`,
    '',
    `${summary.zh}。`,
    '',
  ]
  lines.push(`${facts.join('; ')}.`, '')
  const properties = propertiesOf(method)
  if (properties.length === 0) return lines
  const required = (method.params['required'] ?? []) as readonly string[]
  lines.push('| parameter | 参数 | values | default | what it says |', '|---|---|---|---|---|')
  for (const [key, p] of properties) {
    const fallback = required.includes(key) ? 'required' : p.default === undefined ? '–' : String(p.default)
    lines.push(`| ${key} | ${writtenKey('cell', key, 'zh')} | ${valuesOf(p)} | ${fallback} | ${p.description ?? ''} |`)
  }
  return [...lines, '']
}

/** The whole text of docs/methods.md. */
export function methodsDoc(): string {
  const parts = METHODS.flatMap(section)
  parts.push(
    '## Names of other houses',
    '',
    'Read as ours; parameters are translated with them.',
    '',
    '| written | read as |',
    '|---|---|',
  )
  parts.push(...FOREIGN_NAMES.map(([written, method]) => `| ${written} | ${method} |`))
  return `${HEAD}${parts.join('\n')}\n`
}

if (import.meta.main) writeFileSync(new URL('../docs/methods.md', import.meta.url), methodsDoc())
