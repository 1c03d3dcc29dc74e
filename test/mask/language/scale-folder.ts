/**
 * A consortium of many tables as a rules folder: one binding file a system, an interface a table, a line an element.
 * The reference operator graded 303,881 fields of 16,378 tables (domain.md 1.1, R091). Names are made up.
 */
import type { RuleFile } from '../../../src/mask/language/index.ts'

export const TABLES = 16_378
export const FIELDS = 303_881

/** Elements fields are spread over, with how their names begin. */
const ELEMENTS: readonly (readonly [string, string])[] = [
  ['person-name', 'xm'],
  ['resident-id', 'sfz'],
  ['mobile', 'sj'],
  ['address', 'dz'],
  ['birth-date', 'csrq'],
  ['record-no', 'bah'],
  ['diagnosis', 'zd'],
  ['drug-name', 'yp'],
  ['lab-item', 'jy'],
  ['lab-value', 'jg'],
  ['event-date', 'sjd'],
  ['department', 'ks'],
  ['amount', 'je'],
  ['note', 'bz'],
]

export interface Scale {
  readonly tables: number
  readonly fields: number
}

/** Binding files with exactly that many fields; every table is an interface `sys-N.table-M`. */
export function scaleBindings({ tables, fields }: Scale = { tables: TABLES, fields: FIELDS }): RuleFile[] {
  const files: RuleFile[] = []
  let left = fields
  for (let table = 0; table < tables; table++) {
    const own = Math.ceil(left / (tables - table))
    left -= own
    files.push({ path: `bindings/tables/${interfaceOf(table)}.yaml`, text: tableText(table, own) })
  }
  return files
}

export const interfaceOf = (table: number): string => `sys-${table % 97}.table-${table}`

/** The key of the n-th field of a table. */
export const fieldKey = (table: number, n: number): string =>
  `${ELEMENTS[(n + table) % ELEMENTS.length]![1]}${table}x${n}`

function tableText(table: number, fields: number): string {
  const byElement = new Map<string, string[]>()
  for (let n = 0; n < fields; n++) {
    const [element] = ELEMENTS[(n + table) % ELEMENTS.length]!
    const list = byElement.get(element) ?? []
    list.push(n % 7 === 3 ? `"$.data.list[*].${fieldKey(table, n)}"` : fieldKey(table, n))
    byElement.set(element, list)
  }
  const lines = [...byElement].map(([element, keys]) => `${element}: [${keys.join(', ')}]`)
  return `interface: ${interfaceOf(table)}\n${lines.join('\n')}\n`
}
