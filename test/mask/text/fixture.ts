/** Rules for free text: the shipped elements and bindings, a policy outside care, one inside, and a dictionary. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { TextMatcher } from '../../../src/mask/dictionary/in-text.ts'
import { lexiconOf } from '../../../src/mask/dictionary/index.ts'
import {
  compilePlan,
  compileRules,
  createRing,
  type FormatName,
  maskPayload,
  NO_HINTS,
  type Plan,
  Pseudonyms,
  type RuleSet,
} from '../../../src/mask/index.ts'

const RULES = fileURLToPath(new URL('../../../rules/', import.meta.url))
const HEADER =
  'term,replacement,kind,mode,aliases,not_before,not_after,roles,code,code_system,effective_from,effective_to,status,batch,author,approver,note'
const row = (
  term: string,
  replacement: string,
  kind: string,
  rest: { aliases?: string; after?: string; code?: string } = {},
) =>
  `${term},${replacement},${kind},both,${rest.aliases ?? ''},,${rest.after ?? ''},,${rest.code ?? ''},,2020-01-01,,active,1,a,b,`

export const TERMS = [
  HEADER,
  row('癌症', 'CA', 'diagnosis', { after: '状|候' }),
  row('免疫性血小板减少症', 'ITP', 'diagnosis', { code: 'D69.3', aliases: '特发性血小板减少性紫癜' }),
  row('甲状腺结节', 'thyroid nodule', 'diagnosis', { code: 'E04.1' }),
  row('肺炎', 'pneumonia', 'diagnosis'),
  row('发热', 'fever', 'symptom'),
  row('思密达', '蒙脱石散', 'generic'),
  row('血红蛋白', 'HGB', 'analyte', { aliases: 'Hb' }),
  row('血小板计数', 'PLT', 'analyte'),
  row('肌酐', 'Cr', 'analyte'),
].join('\n')

const CELLS = `
  person-name: mask
  staff-name: mask
  resident-id: { method: mask, keep: "1+2" }
  record-no: { method: mask, keep: "2+2" }
  inpatient-no: { method: mask, keep: "2+2" }
  mobile: mask
  landline: mask
  email: mask
  address: { method: truncate, keep: city }
  birth-date: year
  age: { method: age-band, width: 10 }
  bank-card: mask
  employer: redact
`
const OUTSIDE = `policy: outside
basis: t
owner: t
review: 2099-01-01
for: { roles: [outside] }
elements:${CELLS}  report-text: { method: scrub, dictionary: terms }
  note: codes-only
  lab-item: keep
  lab-value: keep
undecided: redact
unknown: codes-only
`
const CARE = `policy: inside
basis: t
owner: t
review: 2099-01-01
direct-care: true
for: { roles: [inside], scenarios: [treatment] }
elements:${CELLS}  report-text: scrub
  note: scrub
undecided: keep
unknown: scrub
`

function ruleSet(): RuleSet {
  const shipped = ['elements.yaml', ...readdirSync(`${RULES}bindings`).map((n) => `bindings/${n}`)]
  const { rules, problems } = compileRules([
    ...shipped.map((path) => ({ path, text: readFileSync(RULES + path, 'utf8') })),
    { path: 'policies/outside.yaml', text: OUTSIDE },
    { path: 'policies/inside.yaml', text: CARE },
    { path: 'dictionaries/terms.csv', text: TERMS },
  ])
  if (rules === null) throw new Error(JSON.stringify(problems.filter((p) => p.severity === 'error')[0]))
  return rules
}

export const RULE_SET = ruleSet()
const pseudonyms = new Pseudonyms(createRing(Buffer.alloc(32, 7), '2026-01-01T00:00:00.000Z'))

export type Role = 'outside' | 'inside'

export function planFor(role: Role, format: FormatName, rules: RuleSet = RULE_SET): Plan {
  const plan = compilePlan(
    rules,
    {
      role,
      scenario: 'treatment',
      recipient: 'r',
      institution: 'r',
      provider: 'p',
      purpose: null,
      interfaceId: 'i',
      format,
      direction: 'response',
      policy: null,
      rows: null,
    },
    { pseudonyms, today: () => '2026-11-21' },
  )
  if (plan === null) throw new Error('no plan')
  return plan
}

export const mask = (plan: Plan, text: string): string =>
  maskPayload(plan, Buffer.from(text), NO_HINTS, { maxDepth: 128, maxBytes: 64 << 20 }).body.toString()

/** One JSON payload of the given members, masked and parsed again. */
export const masked = (role: Role, members: object): Record<string, unknown> =>
  JSON.parse(mask(planFor(role, 'json'), JSON.stringify(members)))

/** All terms of the dictionary; own: their replacements and codes too. */
export const matcher = (own: boolean): TextMatcher =>
  lexiconOf(RULE_SET.dictionaries).matcher({
    today: () => '2026-11-21',
    role: null,
    care: false,
    dictionaries: null,
    own,
  })
