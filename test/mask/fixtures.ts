/** Elements, effects and values the tests of the mask core share. No real persons' data: numbers are invented. */
import { randomBytes } from 'node:crypto'
import { datasetMap } from '../../src/adapters/dataset-map/index.ts'
import { createRing } from '../../src/base/keyring.ts'
import { termKey } from '../../src/mask/dictionary/index.ts'
import { effectsOf } from '../../src/mask/effects.ts'
import { keyedOf } from '../../src/mask/keyed.ts'
import { canonical } from '../../src/mask/kinds.ts'
import type { Dictionary, DictionaryEntry, Element, FormatName, Kind, Level } from '../../src/mask/model.ts'
import type { PlanRequest } from '../../src/mask/plan.ts'
import { Pseudonyms } from '../../src/mask/pseudonym.ts'
import { methodByName } from '../../src/mask/transforms/index.ts'
import type { Bound, Effects, Place, Result } from '../../src/mask/transforms/transform.ts'

export const TODAY = '2026-11-21'

/** Somebody of one institution asks another: what a test of plans says nothing else about. */
export const asking = <F extends FormatName>(role: string, format: F) =>
  ({
    role,
    scenario: null,
    recipient: 'a',
    institution: 'a',
    provider: 'b',
    purpose: null,
    interfaceId: 'i',
    format,
    direction: 'response',
    policy: null,
    rows: null,
  }) satisfies PlanRequest

const AT = { file: 'test.yaml', line: 1, col: 1 }

export function element(id: string, kind: Kind, options: { level?: Level; local?: boolean } = {}): Element {
  const { level = 4, local = false } = options
  return { index: 0, id, zh: id, kind, level, group: null, local, detect: null, sign: null, at: AT }
}

export const ELEMENTS: readonly Element[] = [
  element('person-name', 'name'),
  element('staff-name', 'name', { level: 2 }),
  element('resident-id', 'identifier'),
  element('other-document', 'identifier'),
  element('insurance-no', 'identifier'),
  element('insurance-token', 'identifier'),
  element('credential', 'identifier', { level: 5 }),
  element('bank-card', 'identifier'),
  element('plate', 'identifier', { level: 3 }),
  element('record-no', 'identifier', { local: true }),
  element('device-id', 'identifier', { level: 3 }),
  element('mobile', 'phone'),
  element('landline', 'phone', { level: 3 }),
  element('email', 'email'),
  element('address', 'address'),
  element('postcode', 'code', { level: 3 }),
  element('birth-date', 'date', { level: 3 }),
  element('age', 'age', { level: 3 }),
  element('diagnosis', 'code', { level: 3 }),
  element('employer', 'text', { level: 3 }),
  element('lab-value', 'number', { level: 2 }),
]

export const elementById = (id: string): Element => ELEMENTS.find((e) => e.id === id)!

const ENTRY = {
  aliases: [],
  kind: 'diagnosis',
  mode: 'both',
  notBefore: [],
  notAfter: [],
  roles: null,
  code: null,
  codeSystem: null,
  from: null,
  to: null,
  batch: null,
  author: 'zhang',
  approver: 'li',
  at: AT,
  replacementAt: AT,
} as const

export function dictionary(
  rows: readonly (Partial<DictionaryEntry> & { term: string; replacement: string })[],
  id = 'diagnosis',
): Dictionary {
  const entries = rows.map((row): DictionaryEntry => ({ ...ENTRY, ...row }))
  const terms = new Map<string, DictionaryEntry[]>()
  for (const entry of entries)
    for (const name of [entry.term, ...entry.aliases]) {
      if (entry.mode === 'text') continue
      terms.set(termKey(name), [...(terms.get(termKey(name)) ?? []), entry])
    }
  return { id, rows: entries, terms }
}

export const DIAGNOSES = dictionary([
  { term: '癌症', replacement: 'CA', code: 'C80.9' },
  { term: '免疫性血小板减少症', replacement: 'ITP', code: 'D69.3' },
  { term: 'Diabetes Mellitus', replacement: 'DM', from: '2026-01-01', to: '2027-01-01' },
  { term: '旧词', replacement: '新词', to: '2026-11-21' },
  { term: '引号', replacement: '"Q"' },
])

export const RING = createRing(Buffer.alloc(32, 7), '2026-01-01T00:00:00Z')
export const CALL = { recipient: 'county', scenario: 'research', holder: 'teaching', project: 'p1' }

/** Random ids and ciphertexts of tests are drawn like real ones; the map lives as long as these effects. */
export function effects(today = TODAY): Effects {
  const pseudonyms = new Pseudonyms(RING)
  const keyed = keyedOf(pseudonyms, CALL, {
    random: randomBytes,
    randomIds: datasetMap(null, RING, pseudonyms),
  })
  return effectsOf({
    today: () => today,
    keyed,
    pseudonyms: pseudonyms.forCall(CALL),
    dictionaries: new Map([['diagnosis', DIAGNOSES]]),
  })
}

export const placeOf = (e: Element, options: Partial<Place> = {}): Place => ({
  element: e,
  namespace: e.local ? 'teaching' : '',
  subject: null,
  role: 'whole',
  companion: null,
  ...options,
})

export type Params = Readonly<Record<string, unknown>>

export function bind(method: string, params: Params, e: Element, world: Effects = effects()): Bound {
  return methodByName(method)!.prepare(params, e, world)
}

/** One value, as the engine would treat it. */
export const apply = (method: string, params: Params, id: string, raw: string, today?: string): Result => {
  const e = elementById(id)
  return bind(method, params, e, effects(today)).apply(canonical(e.kind, raw), placeOf(e))
}

/** A repeatable stream of numbers in [0, n). */
export function chance(seed: number): (n: number) => number {
  let x = seed >>> 0
  return (n) => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((x / 2 ** 32) * n)
  }
}

const PIECES = [
  ...'0123456789xX*-. @#+()/ABEHMPZacz',
  ...'张王欧阳娜之女无名氏未知渝京重庆市江苏省号字第军',
  ...'１２Ａｘ：，·•・　',
  ...['𠮷', '😀', '👨‍👩‍👧', 'é', 'é', '\u200b', '\ufeff', '한', 'ﬁ', '㈱', '、', '。', '䷀'],
  ...['13812345678', '500103199003070025', '2026-', '1990-03-07', '12345', '重庆市', '***', '癌症', 'itp'],
]

/** Values of all sorts: digits, Han, full width, emoji, combining marks, pieces of real shapes. Well-formed UTF-16. */
export function randomValue(pick: (n: number) => number): string {
  let out = ''
  for (let n = 1 + pick(pick(4) === 0 ? 24 : 8); n > 0; n--) out += PIECES[pick(PIECES.length)]
  return out
}
