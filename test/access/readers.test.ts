/** The readers of institutions and interfaces, each on its own: what they make of a text. compile.test.ts has the whole. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type EntryBase, expandFhir } from '../../src/access/read-fhir.ts'
import { readInstitutions } from '../../src/access/read-institutions.ts'
import { readInterfaces } from '../../src/access/read-interfaces.ts'
import { readObligations } from '../../src/access/read-obligations.ts'
import { readParameterList, readParameters } from '../../src/access/read-parameters.ts'
import { ownedSegment, readTemplate } from '../../src/access/read-template.ts'
import { readUpstream } from '../../src/access/read-upstream.ts'
import { readDocument } from '../../src/base/fields.ts'
import { ProblemList } from '../../src/base/problem.ts'
import { directoryOf, fieldsOf, SHA } from '../fixtures/directory.ts'

function document(text: string) {
  const problems = new ProblemList()
  const { reading, root } = readDocument('x.yaml', text, problems)
  assert.ok(root !== undefined)
  return { reading, root, codes: () => problems.sorted().map((p) => `${p.line} ${p.code}`) }
}

describe('institutions', () => {
  it('keep fingerprints as plain hex, dates and lists', () => {
    const colons = SHA('AB')
      .slice(0, 64)
      .replace(/(..)(?=.)/g, '$1:')
    const { root, reading, codes } = document(`institutions:
  county: { zh: 县医院, region: 500230, contract: { from: 2026-01-01 }, certificates: [{ sha256: "${colons}" }], cidrs: 10.0.0.0/8 }
`)
    const [county] = readInstitutions(root, reading)
    assert.deepEqual(codes(), [])
    assert.deepEqual(
      { ...county, at: null },
      {
        id: 'county',
        zh: '县医院',
        region: '500230',
        status: 'active',
        contract: { from: '2026-01-01', to: null },
        certificates: ['ab'.repeat(32)],
        cidrs: ['10.0.0.0/8'],
        scenarios: null,
        at: null,
      },
    )
  })
  it('tell a contract that ends before it begins, and missing keys', () => {
    const { root, reading, codes } = document(
      'institutions:\n  a: { contract: { from: 2026-02-01, to: 2026-01-01 } }\n',
    )
    readInstitutions(root, reading)
    assert.deepEqual(codes().sort(), ['2 contract-order', '2 missing-key', '2 missing-key', '2 missing-key'])
  })
})

describe('upstreams', () => {
  it('are an address, TLS files and named secrets', () => {
    const { fields, codes } = fieldsOf(
      'base: "https://HIS.example.org:8443/api/"\ntls: { ca: ca.pem, cert: c.pem, key: { file: c.key }, server-name: his }\ncredential: { header: Authorization, env: HIS }\n',
      'upstream',
    )
    assert.deepEqual(readUpstream(fields), {
      base: 'https://his.example.org:8443/api',
      tls: { ca: 'ca.pem', cert: 'c.pem', key: { file: 'c.key' }, serverName: 'his' },
      credential: { header: 'Authorization', secret: { env: 'HIS' } },
      insecure: null,
    })
    assert.deepEqual(codes(), [])
  })
  it('tell TLS settings that would do nothing', () => {
    const { fields, codes } = fieldsOf('base: "http://127.0.0.1:1"\ntls: { ca: ca.pem }\n', 'upstream')
    readUpstream(fields)
    assert.deepEqual(codes(), ['2 tls-unused'])
  })
})

describe('templates', () => {
  it('come out in canonical spelling', () => {
    const { reading, root, codes } = document('a: 1\n')
    const read = (text: string): string | undefined => readTemplate(text, root.at, reading)
    assert.equal(read('/t/{no}/x'), '/t/{no}/x')
    assert.equal(read('/教学/%e5%bc%a0'), '/%E6%95%99%E5%AD%A6/%E5%BC%A0')
    assert.equal(read('/a+b/$everything'), '/a%2Bb/$everything')
    assert.equal(ownedSegment('/%E6%95%99%E5%AD%A6/x', root.at, reading), '教学')
    assert.deepEqual(codes(), [])
    assert.equal(read('t'), undefined)
    assert.deepEqual(codes(), ['1 path-template'])
  })
})

describe('parameters', () => {
  it('are words or maps', () => {
    const { fields, codes } = fieldsOf(
      'query: [page, { name: id, required: true, pattern: "[0-9]+", element: record-no }]\n',
      'entry',
    )
    assert.deepEqual(readParameters(fields), [
      { name: 'page', required: false, pattern: null, element: null },
      { name: 'id', required: true, pattern: '[0-9]+', element: 'record-no' },
    ])
    assert.deepEqual(codes(), [])
  })
  it('tell repeated, reserved and misshapen ones, and patterns RE2 does not take', () => {
    const { root, reading, codes } = document(
      '- a\n- a\n- access_token\n- { name: "x y" }\n- 1\n- { name: b, pattern: "(a)\\\\1" }\n- { name: c, pattern: "(?=a)" }\n',
    )
    assert.ok(root.type === 'list')
    readParameterList(root.items, reading)
    assert.deepEqual(codes(), [
      '2 repeated-item',
      '3 parameter-reserved',
      '4 bad-value',
      '5 bad-value',
      '6 pattern-syntax',
      '7 pattern-syntax',
    ])
  })
})

describe('obligations of requests', () => {
  const of = (text: string, shape: Partial<Parameters<typeof readObligations>[1]>) => {
    const { fields, codes } = fieldsOf(text, 'entry')
    const request = readObligations(fields, { method: 'POST', verb: 'create', query: [], approval: null, ...shape })
    return [request, ...codes()]
  }
  it('name a policy or none', () => {
    assert.deepEqual(of('request: { policy: referral }\n', {}), [{ policy: 'referral' }])
    assert.deepEqual(of('请求: { 策略: 无 }\n', { verb: 'query' }), [{ policy: null }])
    assert.deepEqual(of('zh: x\n', { method: 'GET', verb: 'query' }), [null])
  })
  it('tell what a policy cannot do', () => {
    assert.deepEqual(of('request: { policy: p }\n', { method: 'DELETE', verb: 'delete' }), [
      { policy: 'p' },
      '1 request-empty',
    ])
    assert.deepEqual(of('request: {}\n', {}), [{ policy: null }, '1 missing-key'])
  })
})

describe('FHIR expansion', () => {
  const base: EntryBase = directoryOf().entries.get('his.record')!
  const of = (text: string): string[] => {
    const { fields, codes } = fieldsOf(text, 'entry')
    const entries = expandFhir(fields, { ...base, id: 'f' })
    return [...entries.map((e) => `${e.id} ${e.method} ${e.path} ${e.verb} ${e.scope}`), ...codes()]
  }
  it('makes one entry per type and interaction', () => {
    assert.deepEqual(
      of(
        'fhir: { base: /b, types: { Patient: [read, create, update] } }\nrequest: { policy: none }\napproval: x\nscope: all\n',
      ),
      [
        'f.patient.read GET /b/Patient/{id} query his.record',
        'f.patient.create POST /b/Patient create his.record',
        'f.patient.update PUT /b/Patient/{id} update his.record',
        '2 request-approval',
      ],
    )
  })
  it('tells keys that do not go with it, unknown types of search, and searches without parameters', () => {
    assert.deepEqual(
      of(
        'fhir: { base: /b, types: { Patient: search }, search: { Observation: [code] } }\ncall: GET /x\nrequest: { policy: none }\n',
      ),
      ['f.patient.search GET /b/Patient query f.patient.search', '1 fhir-search', '1 fhir-search', '2 fhir-key'],
    )
    assert.deepEqual(of('fhir: { base: /b, types: { patient: read, Encounter: write } }\n'), [
      'f.patient.read GET /b/patient/{id} query f.patient.read',
      '1 bad-name',
      '1 bad-word',
    ])
  })
})

it('an interface file gives entries with their provider, defaults and overrides', () => {
  const { root, reading, codes } = document(`provider: teaching
entries:
  a: { zh: 甲, status: published, call: "DELETE /t/{id}", upstream: { base: "https://h" }, format: hl7v2, roles: doctor, class: key, audit: write-ahead, hl7: { status: ok }, charset: gb18030, timeout: 9s, body: { max: 1MiB }, rows: "$.data['列表'][*]" }
`)
  const [a] = readInterfaces(root, reading)
  assert.deepEqual(codes(), [])
  assert.ok(a !== undefined)
  assert.deepEqual(
    [
      a.provider,
      a.method,
      a.verb,
      a.upstream.base,
      a.slo,
      a.timeoutMs,
      a.audit,
      a.hl7Status,
      a.charset,
      a.body.max,
      a.rows,
      a.to,
    ],
    [
      'teaching',
      'DELETE',
      'delete',
      'https://h',
      'key',
      9000,
      'write-ahead',
      'ok',
      'gb18030',
      1048576,
      "$.data['列表'][*]",
      '/t/{id}',
    ],
  )
})
