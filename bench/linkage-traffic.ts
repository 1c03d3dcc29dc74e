/** A year of calls about invented patients, as the road would answer them: HIS rows masked by a shipped policy. */
import { createRing } from '../src/base/keyring.ts'
import { compilePlan, maskPayload, NO_HINTS, type Plan, Pseudonyms, type RuleSet } from '../src/mask/index.ts'
import { ageAt, drawer, type Person } from '../src/mask/proof/population.ts'

/** keys of a HIS row and the elements bound to them */
export const FIELDS: Readonly<Record<string, string>> = {
  brxm: 'person-name',
  sfzh: 'resident-id',
  sjhm: 'mobile',
  jtdh: 'landline',
  email: 'email',
  jtdz: 'address',
  xzzyb: 'postcode',
  csrq: 'birth-date',
  nl: 'age',
  xb: 'sex',
  mzdm: 'ethnicity',
  hyzk: 'marital-status',
  zydm: 'occupation',
  whcd: 'education',
  gzdw: 'employer',
  zjxy: 'religion',
  vip: 'vip-flag',
  cph: 'plate',
  yhkh: 'bank-card',
  ybkh: 'insurance-no',
  bah: 'record-no',
}

const DIAGNOSES = ['I10.x00', 'E11.900', 'J18.900', 'K29.500', 'C34.900', 'M54.500', 'N20.000', 'I63.900']

/** One masked answer: when it was asked for, what came, and whose it was (the attacker does not see the last). */
export interface Answer {
  readonly day: string
  readonly row: Readonly<Record<string, unknown>>
  readonly whose: number
}

export interface Caller {
  readonly role: string
  readonly scenario: string | null
  readonly institution: string
}

const DAY = 86_400_000
const LIMITS = { maxDepth: 64, maxBytes: 1 << 20 }

/** @param year its first day, YYYY-01-01 */
export function yearOfTraffic(rules: RuleSet, caller: Caller, people: readonly Person[], year: string): Answer[] {
  let today = year
  const plan = planOf(rules, caller, () => today)
  const draw = drawer(7)
  const answers: Answer[] = []
  for (const [whose, person] of people.entries()) {
    const visits = 1 + draw(4)
    for (let visit = 0; visit < visits; visit++) {
      const admitted = draw(360)
      // The same stay is asked for again while it lasts and when it is settled.
      for (const after of [0, 1 + draw(14), 15 + draw(60)].slice(0, 1 + draw(3))) {
        today = dayAfter(year, Math.min(364, admitted + after))
        const row = rowOf(person, whose, visit, dayAfter(year, admitted), draw)
        const body = Buffer.from(JSON.stringify({ code: 0, data: { list: [row] } }))
        const masked = JSON.parse(maskPayload(plan, body, NO_HINTS, LIMITS).body.toString()) as {
          readonly data?: { readonly list?: readonly Record<string, unknown>[] }
        }
        const seen = masked.data?.list?.[0]
        if (seen !== undefined) answers.push({ day: today, row: seen, whose })
      }
    }
  }
  return answers
}

const dayAfter = (first: string, days: number): string =>
  new Date(Date.parse(first) + days * DAY).toISOString().slice(0, 10)

function planOf(rules: RuleSet, caller: Caller, today: () => string): Plan {
  const plan = compilePlan(
    rules,
    {
      ...caller,
      recipient: caller.institution,
      provider: 'teaching',
      purpose: null,
      project: 'cohort',
      interfaceId: 'his.inpatient-record',
      format: 'json',
      direction: 'response',
      policy: null,
      rows: '$.data.list',
    },
    { pseudonyms: new Pseudonyms(createRing(Buffer.alloc(32, 9), '2026-01-01T00:00:00Z')), today },
  )
  if (plan === null) throw new Error(`no policy is for ${caller.role}`)
  return plan
}

function rowOf(person: Person, whose: number, visit: number, admitted: string, draw: (below: number) => number) {
  const row: Record<string, string | number> = {}
  for (const [key, element] of Object.entries(FIELDS)) row[key] = person[element]!
  return {
    ...row,
    nl: `${ageAt(person['birth-date']!, admitted)}岁`,
    zyh: `ZY${String(whose).padStart(6, '0')}${visit}`,
    zdbm: DIAGNOSES[(whose * 7 + visit) % DIAGNOSES.length]!,
    rysj: `${admitted} 10:15:00`,
    ksmc: '内科',
    je: 100 + draw(90_000),
    yljgmc: '示例教学医院',
  }
}
