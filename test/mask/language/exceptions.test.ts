/** `when:` may only tighten; an approved exception may loosen, where it says and up to its last day. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compilePlan, Pseudonyms } from '../../../src/mask/index.ts'
import { RING } from '../fixtures.ts'
import { mask, planOf } from '../formats/folded.ts'
import { compile, errors, policy, rulesOf } from './fixture.ts'

const BASE = 'undecided: drop\nunknown: redact\n'
const EXCEPTION = 'exception: { approval: 文号, expires: 2026-12-31 }'
const cells = (text: string): string => policy('p', `elements: { mobile: ${text} }\n${BASE}`)

describe('when', () => {
  it('loosening without an exception is refused, with one it is not', () => {
    assert.match(
      errors({ 'policies/p.yaml': cells('[redact, { method: mask, when: { institutions: [county] } }]') })[0]!,
      /when-loosens.*exception: \{ approval/,
    )
    assert.deepEqual(
      errors({
        'policies/p.yaml': cells(`[redact, { method: mask, when: { institutions: [county] }, ${EXCEPTION} }]`),
      }),
      [],
    )
  })
  const bad: readonly [string, RegExp][] = [
    [`{ method: mask, ${EXCEPTION} }`, /error exception-everywhere/],
    ['[drop, { method: mask, when: { purposes: [x] }, exception: { approval: a } }]', /missing-key: "expires"/],
    [
      '[drop, { method: mask, when: { purposes: [x] }, exception: { expires: 2026-12-31 } }]',
      /missing-key: "approval"/,
    ],
    [
      '[drop, { method: mask, when: { purposes: [x] }, exception: { approval: a, expires: soon } }]',
      /bad-value: "soon" is no valid "expires".*a date/,
    ],
    ['[drop, { method: mask, when: { purposes: [x] }, exception: yes }]', /expected-map/],
  ]
  for (const [text, told] of bad)
    it(`refused with its place: ${text}`, () =>
      assert.ok(
        errors({ 'policies/p.yaml': cells(text) }).some((e) => told.test(e.replace('4:', '5:'))),
        errors({ 'policies/p.yaml': cells(text) }).join('\n'),
      ))
  it('an exception that tightens is told of', () => {
    const { problems } = compile({
      'policies/p.yaml': cells(`[mask, { method: drop, when: { purposes: [x] }, ${EXCEPTION} }]`),
    })
    assert.ok(problems.some((p) => p.code === 'exception-needless' && p.severity === 'warning'))
  })
})

describe('an exception at work', () => {
  const rules = rulesOf({
    'policies/p.yaml': cells(
      `[redact, { method: mask, when: { institutions: [county] }, ${EXCEPTION} }, { method: drop, when: { purposes: [audit] } }]`,
    ),
  })
  const call = {
    role: 'tester',
    scenario: null,
    recipient: 'x',
    provider: 'teaching',
    interfaceId: 'i',
    format: 'json',
    direction: 'response',
    policy: null,
    rows: null,
  } as const
  const seen = (institution: string, purpose: string | null, today: string): string => {
    const plan = compilePlan(
      rules,
      { ...call, institution, purpose },
      { pseudonyms: new Pseudonyms(RING), today: () => today },
    )!
    return mask(plan, '{"sjh":"13812345678"}')
  }
  const cases: readonly [string, string | null, string, string][] = [
    ['county', null, '2026-12-31', '{"sjh":"138****5678"}'],
    ['county', null, '2027-01-01', '{"sjh":"***"}'],
    ['other', null, '2026-12-31', '{"sjh":"***"}'],
    ['county', 'audit', '2026-12-31', '{}'],
  ]
  for (const [institution, purpose, day, want] of cases)
    it(`${institution}, ${purpose}, ${day}`, () => assert.equal(seen(institution, purpose, day), want))

  it('a plan says until when it holds', () => {
    const plan = compilePlan(
      rules,
      { ...call, institution: 'county', purpose: null },
      { pseudonyms: new Pseudonyms(RING), today: () => '2026-11-21' },
    )
    assert.equal(plan?.lastDay, '2026-12-31')
    assert.equal(planOf('outside').lastDay ?? null, null)
  })
  it('`unknown: keep` past its last day redacts', () => {
    const kept = rulesOf({
      'policies/p.yaml': policy(
        'p',
        'undecided: drop\nelements: {}\nunknown: { treatment: keep, approval: a, expires: 2026-12-31 }\n',
      ),
    })
    const at = (today: string) =>
      mask(
        compilePlan(
          kept,
          { ...call, institution: 'x', purpose: null },
          { pseudonyms: new Pseudonyms(RING), today: () => today },
        )!,
        '{"zz":"y"}',
      )
    assert.deepEqual([at('2026-12-31'), at('2027-01-01')], ['{"zz":"y"}', '{"zz":"***"}'])
  })
})
