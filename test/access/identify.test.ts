import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type CertificateFacts,
  type IdentifyRequest,
  identify,
  isCurrent,
  type RevocationList,
} from '../../src/access/identify.ts'
import { directoryOf, INSTITUTIONS_YAML, SHA } from '../fixtures/directory.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 21)
const directory = directoryOf()
const certificate: CertificateFacts = {
  sha256: SHA('b'),
  thumbprint: 'x',
  notBefore: NOW - DAY,
  notAfter: NOW + DAY,
  anchored: true,
  links: [
    { authority: 'issuing', serial: '10' },
    { authority: 'root', serial: '2' },
  ],
}
const list = (...serials: string[]): RevocationList => ({
  serials: new Set(serials),
  thisUpdate: NOW - 1000,
  nextUpdate: NOW + 1000,
})
const lists = new Map([
  ['issuing', list('99')],
  ['root', list()],
])

function codeOf(change: Partial<IdentifyRequest> = {}, facts: Partial<CertificateFacts> = {}, dir = directory): string {
  const r = identify(dir, {
    certificate: { ...certificate, ...facts },
    revocation: lists,
    graceMs: 0,
    address: '10.1.2.3',
    now: NOW,
    toleranceMs: 30_000,
    today: '2026-11-21',
    ...change,
  })
  return r.ok ? r.value.id : `${r.code}${r.institution === null ? '' : ` ${r.institution.id}`}`
}

describe('identify', () => {
  it('finds the institution of the certificate, each of several', () => {
    assert.equal(codeOf(), 'county')
    assert.equal(codeOf({}, { sha256: SHA('c') }), 'county')
    assert.equal(codeOf({ address: '127.0.0.1' }, { sha256: SHA('a') }), 'teaching')
  })
  it('refuses an unregistered certificate', () => assert.equal(codeOf({}, { sha256: SHA('e') }), 'CERT_NOT_REGISTERED'))
  it('refuses outside the validity, with the clock tolerance', () => {
    assert.equal(codeOf({}, { notAfter: NOW - 30_001 }), 'CERT_EXPIRED county')
    assert.equal(codeOf({}, { notAfter: NOW - 30_000 }), 'county')
    assert.equal(codeOf({}, { notBefore: NOW + 30_001 }), 'CERT_EXPIRED county')
  })
  it('X02: refuses a revoked leaf and a revoked authority above it', () => {
    assert.equal(codeOf({ revocation: new Map([...lists, ['issuing', list('10')]]) }), 'CERT_REVOKED county')
    assert.equal(codeOf({ revocation: new Map([...lists, ['root', list('2')]]) }), 'CERT_REVOKED county')
    assert.equal(codeOf({ revocation: new Map([...lists, ['root', list('10')]]) }), 'county')
  })
  it('X02: refuses while an authority of the chain has no list, others stay', () => {
    assert.equal(codeOf({ revocation: new Map([['issuing', list()]]) }), 'CRL_UNAVAILABLE county')
    assert.equal(codeOf({ revocation: new Map() }), 'CRL_UNAVAILABLE county')
    assert.equal(codeOf({}, { anchored: false }), 'CRL_UNAVAILABLE county')
    assert.equal(codeOf({}, { links: [] }), 'CRL_UNAVAILABLE county')
  })
  it('X03: refuses past nextUpdate, after the configured grace', () => {
    const late = { now: NOW + 1000 + 30_001 }
    assert.equal(codeOf({ now: NOW + 1000 + 30_000 }), 'county')
    assert.equal(codeOf(late), 'CRL_UNAVAILABLE county')
    assert.equal(codeOf({ ...late, graceMs: 1 }), 'county')
    assert.equal(codeOf({ ...late, revocation: new Map([...lists, ['issuing', list('10')]]) }), 'CERT_REVOKED county')
    assert.equal(isCurrent({ ...list(), thisUpdate: NOW + 60_000 }, NOW, 0, 30_000), false)
  })
  it('refuses a suspended institution and one out of contract', () => {
    const research = { sha256: SHA('d') }
    assert.equal(codeOf({ address: '10.2.0.1' }, research), 'INSTITUTION_SUSPENDED research')
    const active = directoryOf({ 'institutions.yaml': INSTITUTIONS_YAML.replace('status: suspended, ', '') })
    const on = (today: string): string => codeOf({ address: '10.2.0.1', today }, research, active)
    assert.deepEqual(['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'].map(on), [
      'CONTRACT_EXPIRED research',
      'research',
      'research',
      'CONTRACT_EXPIRED research',
    ])
  })
  it('X14: judges the address against the networks of this institution only', () => {
    assert.equal(codeOf({ address: '::ffff:10.1.2.3' }), 'county')
    for (const address of ['127.0.0.1', '10.2.0.1', '010.1.2.3', '', '::1'])
      assert.equal(codeOf({ address }), 'IP_NOT_ALLOWED county', address)
  })
})
