/** Bundle.link: a page of this very search whose every parameter is kept stays; every other link goes, whole. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compilePlan, Pseudonyms } from '../../src/mask/index.ts'
import { pageOf } from '../../src/mask/paging.ts'
import type { Paging } from '../../src/mask/plan.ts'
import { asking, RING, TODAY } from './fixtures.ts'
import { mask, rulesOf } from './formats/folded.ts'

const PAGING: Paging = {
  from: '/fhir/Observation',
  to: '/teaching/fhir/Observation',
  parameters: new Map([
    ['code', null],
    ['_page', null],
    ['patient', 'record-no'],
    ['date', 'event-date'],
  ]),
}
const keeps = (element: string): boolean => element === 'event-date'

describe('a link to a page', () => {
  const cases: readonly [string, string | null][] = [
    [
      'https://his.local/fhir/Observation?code=718-7&_page=2',
      'https://gw:8443/teaching/fhir/Observation?code=718-7&_page=2',
    ],
    ['/fhir/Observation?_page=2', 'https://gw:8443/teaching/fhir/Observation?_page=2'],
    ['Observation?_page=2', 'https://gw:8443/teaching/fhir/Observation?_page=2'],
    ['/fhir/Observation', 'https://gw:8443/teaching/fhir/Observation'],
    ['/fhir/Observation?date=ge2026-01-01', 'https://gw:8443/teaching/fhir/Observation?date=ge2026-01-01'],
    ['/fhir/Observation?patient=123', null],
    ['/fhir/Observation?_getpages=abc', null],
    ['/fhir/Observation?code=13812345678', null],
    ['/fhir/Observation?code=%31%33%38%31%32%33%34%35%36%37%38', null],
    ['/fhir/Patient?_page=2', null],
    ['/fhir/Observation/../Patient', null],
    ['/other/fhir/Observation?_page=2', null],
    ['/fhir/Observation#x', null],
    ['/fhir/Observation?code=%zz', null],
    [`/fhir/Observation?code=${'a'.repeat(3000)}`, null],
  ]
  for (const [link, want] of cases)
    it(link.slice(0, 60), () => assert.equal(pageOf(link, PAGING, 'https://gw:8443/x/', keeps), want))
  it('without a public base it is relative to the gateway', () =>
    assert.equal(pageOf('/fhir/Observation', PAGING, null, keeps), '/teaching/fhir/Observation'))
})

describe('X51: links of a bundle', () => {
  const rules = rulesOf([
    {
      path: 'policies/pages.yaml',
      text: 'policy: pages\nfor: { roles: [pages] }\nelements: { resource-id: keep, lab-item: keep }\nundecided: drop\nunknown: redact\n',
    },
    {
      path: 'policies/tokens.yaml',
      text: 'policy: tokens\nfor: { roles: [tokens] }\nelements: { resource-id: pseudonym }\nundecided: drop\nunknown: redact\n',
    },
  ])
  const bundle = JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    total: 1,
    link: [
      { relation: 'self', url: 'http://his/fhir/Observation?code=a' },
      {
        id: 'x',
        relation: 'next',
        url: 'http://his/fhir/Observation?code=a&_page=2',
        extension: [{ url: 'u', valueString: 'y' }],
      },
      { relation: 'last', url: 'http://his/fhir/Observation?patient=1' },
    ],
    entry: [{ resource: { resourceType: 'Observation', id: 'o1', status: 'final', code: { text: 'Hb' } } }],
  })
  const links = (role: string, paging: Paging | null): { relation: string; url: string }[] | undefined => {
    const plan = compilePlan(
      rules,
      { ...asking(role, 'fhir'), paging },
      { pseudonyms: new Pseudonyms(RING), today: () => TODAY, publicBase: 'https://gw/' },
    )!
    return JSON.parse(mask(plan, bundle)).link
  }
  it('stay where all they tell is kept; the others go as a whole', () => {
    assert.deepEqual(
      links('pages', PAGING)?.map((l) => `${l.relation} ${l.url}`),
      ['self https://gw/teaching/fhir/Observation?code=a', 'next https://gw/teaching/fhir/Observation?code=a&_page=2'],
    )
  })
  it('go where ids are tokens, or the entry is no search', () => {
    assert.equal(links('tokens', PAGING), undefined)
    assert.equal(links('pages', null), undefined)
  })
})
