import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { authorize } from '../../src/access/authorize.ts'
import { match } from '../../src/access/directory.ts'
import type { Denial, Principal } from '../../src/access/model.ts'
import { readTarget } from '../../src/access/path.ts'
import { CODES, publicRow } from '../../src/base/errors.ts'
import { directoryOf } from '../fixtures/directory.ts'

const directory = directoryOf()
const base: Principal = {
  subject: 'county-system',
  institution: 'county',
  scopes: ['his.record'],
  roles: ['doctor'],
  scenario: 'treatment',
  purpose: null,
  project: null,
  user: null,
  tokenId: null,
  expires: 0,
}
interface Ask {
  path?: string
  method?: string
  role?: string
  today?: string
  principal?: Partial<Principal>
}
function ask({ path = '/teaching/inpatients/1', method = 'GET', role, today = '2026-11-21', principal }: Ask) {
  const target = readTarget(path)
  assert.ok(target.ok)
  return authorize(directory, {
    match: match(directory, method, target.value),
    principal: { ...base, ...principal },
    institution: directory.institutions.get('county')!,
    roleHeader: role ?? null,
    today,
  })
}
const codeOf = (a: Ask): string => {
  const r = ask(a)
  return r.ok ? 'ok' : r.code
}
/** what the caller sees: code, status, hints */
const seen = (d: Denial): unknown => {
  const row = publicRow(d.shown ?? d.code)
  return [row.code, row.status, d.hints ?? null]
}

describe('authorize', () => {
  it('permits what scope, role and scenario admit', () => {
    const r = ask({})
    assert.ok(r.ok)
    assert.equal(r.value.entry.id, 'his.record')
    assert.equal(r.value.role, 'doctor')
    assert.equal(r.value.scenario, 'treatment')
    assert.equal(Object.isFrozen(r.value), true)
  })

  it('judges one role: the only one or the one named', () => {
    assert.equal(codeOf({ principal: { roles: ['doctor', 'nurse'] } }), 'ROLE_DENIED')
    assert.equal(codeOf({ principal: { roles: ['doctor', 'nurse'] }, role: 'nurse' }), 'ok')
    assert.equal(codeOf({ principal: { roles: ['doctor'] }, role: 'nurse' }), 'ROLE_DENIED')
    assert.equal(codeOf({ principal: { roles: ['billing'] } }), 'ROLE_DENIED')
    assert.equal(codeOf({ principal: { roles: [] } }), 'ROLE_DENIED')
    assert.equal(codeOf({ principal: { roles: [] }, role: 'doctor' }), 'ROLE_DENIED')
    assert.equal(codeOf({ role: '' }), 'ROLE_DENIED')
  })

  it('holds the scenario against interface and institution', () => {
    assert.equal(codeOf({ principal: { scenario: 'consultation' } }), 'SCENARIO_DENIED')
    assert.equal(codeOf({ principal: { scenario: null } }), 'SCENARIO_DENIED')
    const summary = { path: '/teaching/inpatients/summary', principal: { scopes: ['his.summary'] } }
    assert.equal(codeOf(summary), 'ok')
    assert.equal(
      codeOf({ ...summary, principal: { scopes: ['his.summary'], scenario: 'research' } }),
      'SCENARIO_DENIED',
    )
    assert.equal(codeOf({ ...summary, principal: { scopes: ['his.summary'], scenario: null } }), 'SCENARIO_DENIED')
  })

  it('tells suspended and retired only to holders of the scope', () => {
    assert.equal(codeOf({ path: '/teaching/old', principal: { scopes: ['his.old'] } }), 'INTERFACE_RETIRED')
    assert.equal(codeOf({ path: '/teaching/pause', principal: { scopes: ['his.pause'] } }), 'INTERFACE_SUSPENDED')
    assert.equal(codeOf({ path: '/teaching/old' }), 'TOKEN_PERMISSION')
    assert.equal(codeOf({ path: '/teaching/pause', principal: { scopes: [] } }), 'TOKEN_PERMISSION')
  })

  it('suspends an exception from masking after its last day', () => {
    const images = { path: '/teaching/images/1', principal: { scopes: ['his.images'] } }
    assert.equal(codeOf({ ...images, today: '2026-12-31' }), 'ok')
    assert.equal(codeOf({ ...images, today: '2027-01-01' }), 'INTERFACE_SUSPENDED')
  })

  it('judges the query last, and only for the permitted (X52)', () => {
    const labs = { path: '/teaching/labs?zyh=ZY1&name=x' }
    assert.equal(codeOf({ ...labs, principal: { scopes: ['his.labs'] } }), 'PARAMETER_SCHEMA')
    assert.equal(codeOf({ path: '/teaching/labs', principal: { scopes: ['his.labs'] } }), 'PARAMETER_SCHEMA')
    assert.equal(codeOf({ path: '/teaching/labs?zyh=ZY1', principal: { scopes: ['his.labs'] } }), 'ok')
    assert.equal(codeOf({ ...labs }), 'TOKEN_PERMISSION')
    assert.equal(codeOf({ ...labs, principal: { scopes: ['his.labs'], roles: ['billing'] } }), 'ROLE_DENIED')
    assert.equal(codeOf({ path: '/teaching/inpatients/1?access_token=x' }), 'PARAMETER_SCHEMA')
  })
})

describe('no oracle', () => {
  const probes: Ask[] = [
    { path: '/teaching/inpatients/1' },
    { path: '/teaching/nowhere' },
    { path: '/teaching/labs', method: 'DELETE' },
    { path: '/teaching/labs', method: 'OPTIONS' },
    { path: '/teaching/draft' },
    { path: '/teaching/old' },
    { path: '/teaching/pause' },
    { path: '/teaching/labs?x=1' },
    { path: '/county/x' },
    { path: '/nobody' },
    { path: '/' },
  ]
  it('gives a caller without permission on the provider one answer for everything', () => {
    for (const scopes of [[], ['his.elsewhere'], ['his.draft']])
      for (const probe of probes) {
        const r = ask({ ...probe, principal: { scopes } })
        assert.ok(!r.ok)
        assert.deepEqual(seen(r), ['TOKEN_PERMISSION', 403, null], JSON.stringify(probe))
      }
  })
  it('keeps the exact code for the record', () => {
    const exact = probes.map((probe) => codeOf({ ...probe, principal: { scopes: [] } }))
    assert.deepEqual(exact, [
      'TOKEN_PERMISSION',
      'INTERFACE_NOT_FOUND',
      'METHOD_NOT_ALLOWED',
      'METHOD_NOT_ALLOWED',
      'INTERFACE_NOT_FOUND',
      'TOKEN_PERMISSION',
      'TOKEN_PERMISSION',
      'TOKEN_PERMISSION',
      'INTERFACE_NOT_FOUND',
      'INTERFACE_NOT_FOUND',
      'INTERFACE_NOT_FOUND',
    ])
    for (const code of exact) assert.ok(code in CODES)
  })
  it('tells 404 and 405 to a caller with some permission on the provider', () => {
    const of = (probe: Ask): unknown => {
      const r = ask(probe)
      assert.ok(!r.ok)
      return seen(r)
    }
    assert.deepEqual(of({ path: '/teaching/nowhere' }), ['INTERFACE_NOT_FOUND', 404, null])
    assert.deepEqual(of({ path: '/teaching/draft' }), ['INTERFACE_NOT_FOUND', 404, null])
    assert.deepEqual(of({ path: '/teaching/labs', method: 'DELETE' }), [
      'METHOD_NOT_ALLOWED',
      405,
      { allow: ['GET', 'HEAD', 'POST'] },
    ])
    assert.deepEqual(of({ path: '/nobody' }), ['TOKEN_PERMISSION', 403, null])
    assert.deepEqual(of({ path: '/teaching/labs?zyh=1' }), ['TOKEN_PERMISSION', 403, null])
  })
})
