/**
 * How the leaves of HL7 v2 datatypes take part in a binding to the whole (rules-language.md, Groups): one table for
 * each datatype and kind of element. Sources: HL7 v2.7.1 chapter 2A; domain.md 6.1 for Chinese use (XPN.1 holds the
 * whole name, XAD.1 the whole address).
 *
 * A row is written `place role[part] [shape]`: place component or component.subcomponent (`*` = every one), role
 * w(hole), p(art), c(ode), u(se), n(ot bound). Use codes must have their shape; off it they are data (a part). A row
 * without a subcomponent speaks of the first; further ones are parts.
 */
import type { Kind } from '../model.ts'
import type { Role } from '../site.ts'
import { componentsOf } from './hl7v2-datatypes.ts'

export interface Member {
  readonly role: Role | 'none'
  readonly part: number
  /** what the text must look like for this role; null = anything */
  readonly shape: string | null
  /** role and part where it does not */
  readonly otherwise: { readonly role: Role; readonly part: number } | null
}

export interface Composite {
  /** its leaves are treated together */
  readonly group: boolean
  /** highest component that is named; a sender of a later version sends more than the datatype has */
  readonly last: number
  member(component: number, subcomponent: number): Member | null
}

const OFF = { role: 'part', part: 90 } as const
const EXTRA = 200

const NAME_TAIL = '2 p1; 3 p2; 4 p5; 5 p4; 6 p6; 7 u code; 8 u code'
// The number is another element: XCN.1, bound by its own path; what says how to read it goes with the name.
const STAFF_NAME =
  '1 n; 8 u code; 9.* u authority; 11 n; 12 u code; 13 u type-code; 14.* u authority; 2 p0; 3 p1; 4 p2; 5 p5; 6 p4; 7 p6; 10 u code; 15 u code'
const STAFF_NUMBER = '1 w; 8 u code; 9.* u authority; 11 p9; 12 u code; 13 u type-code; 14.* u authority'
const ADDRESS =
  '1 w0 province p3; 1.2 p4; 1.3 p5; 2 p6; 3 p1; 4 p0; 5 p9; 6 u country; 7 u code; 8 p8; 9 p2; 10 p7; 11 u code'
const CODING = '1 c0; 2 w; 3 u system; 4 c1; 5 w; 6 u system; 7 u system; 8 u system; 9 w; 10 c2; 11 w; 12 u system'

/** datatype/facet -> rows; `!` first: leaves stand alone; `rest n`: other components are not bound by it */
const TABLES: Readonly<Record<string, string>> = {
  'XPN/name': `1 p0; ${NAME_TAIL}`,
  'PN/name': '1 p0; 2 p1; 3 p2; 4 p5; 5 p4; 6 p6',
  'FN/name': '1 p0',
  'XCN/name': STAFF_NAME,
  'XCN/identifier': `${STAFF_NUMBER}; rest n`,
  'PPN/name':
    '1 n; 8 u code; 9.* u authority; 11 n; 12 u code; 13 u type-code; 14.* u authority; 15.* n; 2 p0; 3 p1; 4 p2; 5 p5; 6 p4; 7 p6; 10 u code; 16 u code',
  'PPN/identifier': `${STAFF_NUMBER}; rest n`,
  'CN/name': '1 n; 8 u code; 9.* u authority; 2 p0; 3 p1; 4 p2; 5 p5; 6 p4; 7 p6',
  'CN/identifier': '1 w; 8 u code; 9.* u authority; rest n',
  'CNN/name': '1 n; 8 u code; 9 u authority; 10 u authority; 11 u code; 2 p0; 3 p1; 4 p2; 5 p5; 6 p4; 7 p6',
  'CNN/identifier': '1 w; 8 u code; 9 u authority; 10 u authority; 11 u code; rest n',
  'NDL/name':
    '1.1 n; 1.2 p0; 1.3 p1; 1.4 p2; 1.5 p5; 1.6 p4; 1.7 p6; 1.8 u code; 1.9 u authority; 1.10 u authority; 1.11 u code; 2 n date p90; 3 n date p91; rest n',
  'NDL/identifier': '1.1 w; 1.8 u code; 1.9 u authority; 1.10 u authority; 1.11 u code; rest n',
  'CX/identifier': '1 w; 2 p1; 3 u code; 4.* u authority; 5 u type-code; 6.* u authority',
  'EI/identifier': '1 w; 2 u authority; 3 u authority; 4 u code',
  'EIP/identifier':
    '! 1.1 w; 2.1 w; 1.2 n authority; 1.3 n authority; 1.4 n code; 2.2 n authority; 2.3 n authority; 2.4 n code',
  'DLN/identifier': '1 w; 2 p1; 3 p2',
  'XAD/address': ADDRESS,
  'AD/address': ADDRESS,
  'SAD/address': '1 w; 2 p1; 3 p2',
  'XTN/phone': '1 w; 12 w; 2 u code; 3 u code; 4 n; 5 u calling-code; 6 p0; 7 p1; 8 p2',
  'XTN/email': '! 4 w; rest n',
  'TS/date': '1 w; 2 u code',
  'DR/date': '! 1.* w; 2.* w',
  'CP/number': '1.1 w; 1.2 u currency; 2 u code',
  'MO/number': '1 w; 2 u currency',
  'SN/number': '! 1 n sign; 2 w; 3 n sign; 4 w',
  'XON/text': '1 w; 2 u code; 3 p1; 4 p2; 5 u code; 6.* u authority; 7 u type-code; 8.* u authority; 9 u code; 10 p3',
  'HD/text': '1 w; 2 p1; 3 u code',
  'JCC/coded': '1 c0; 2 c1; 3 w',
  'CE/coded': CODING,
  'CWE/coded': CODING,
  'CNE/coded': CODING,
  'CF/coded': CODING,
  'ED/blob': '5 w; 1.* p1; 2 u code; 3 u code; 4 u code',
  'RP/blob': '1 w; 2.* p1; 3 u code; 4 u code',
}

const FACETS: Readonly<Partial<Record<Kind, string>>> = { code: 'coded', text: 'coded', age: 'number' }
const made = new Map<string, Composite>()

/** The table for an element of that kind bound to a field of that type. */
export function compositeOf(type: string, kind: Kind): Composite {
  const key = `${type}/${kind}`
  let composite = made.get(key)
  if (composite === undefined) made.set(key, (composite = find(type, kind)))
  return composite
}

function find(type: string, kind: Kind): Composite {
  if (componentsOf(type).length === 0) return parse('1 w')
  const facet = FACETS[kind] ?? kind
  const rows = TABLES[`${type}/${facet}`] ?? TABLES[`${type}/${kind}`] ?? TABLES[`${type}/blob`]
  // A type that was not made for such an element: every leaf is treated with the others.
  return rows === undefined ? { group: true, last: 0, member: (c, s) => part(c * 10 + s) } : parse(rows)
}

const part = (n: number): Member => ({ role: 'part', part: n, shape: null, otherwise: null })
const ROLES: Readonly<Record<string, Member['role']>> = { w: 'whole', p: 'part', c: 'code', u: 'use', n: 'none' }

function parse(text: string): Composite {
  const group = !text.startsWith('!')
  const members = new Map<string, Member>()
  let restBound = true
  for (const row of text.replace('!', '').split(';')) {
    const [place, role, shape, off] = row.trim().split(' ')
    if (place === 'rest') restBound = false
    else members.set(place!, memberOf(role!, shape, off))
  }
  const member = (component: number, subcomponent: number): Member | null => {
    const exact = members.get(`${component}.${subcomponent}`) ?? members.get(`${component}.*`)
    if (exact !== undefined) return exact.role === 'none' && exact.shape === null ? null : exact
    const own = members.get(String(component))
    if (own === undefined) return restBound ? part(EXTRA + component * 10 + subcomponent) : null
    if (own.role === 'none' && own.shape === null) return null
    return subcomponent === 1 ? own : part(EXTRA + component * 10 + subcomponent)
  }
  const last = Math.max(...[...members.keys()].map((place) => Number.parseInt(place, 10)))
  return { group, last, member }
}

function memberOf(written: string, shape: string | undefined, off: string | undefined): Member {
  const role = ROLES[written[0]!]!
  const otherwise =
    off === undefined ? (role === 'use' ? OFF : null) : { role: ROLES[off[0]!]! as Role, part: Number(off.slice(1)) }
  return { role, part: Number(written.slice(1)), shape: shape ?? null, otherwise }
}
