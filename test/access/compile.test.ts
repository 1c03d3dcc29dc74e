import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { compileDirectory } from '../../src/access/compile.ts'
import { toCanonical } from '../../src/access/directory.ts'
import { formatProblem } from '../../src/base/problem.ts'
import { compile, directoryOf, INSTITUTIONS_YAML, SHA, TEACHING_YAML } from '../fixtures/directory.ts'

const head = 'provider: teaching\nupstream: { base: "http://127.0.0.1:1" }\nentries:\n'
/** codes with line numbers of errors in one interface file */
function faults(entries: string, top = head): string[] {
  const { directory, problems } = compile({
    'institutions.yaml': INSTITUTIONS_YAML,
    'interfaces/x.yaml': top + entries,
  })
  const errors = problems.filter((p) => p.severity === 'error')
  assert.equal(directory === null, errors.length > 0)
  for (const p of errors) assert.ok(p.line > 0 && p.col > 0 && p.message !== '', formatProblem(p))
  return errors.map((p) => `${p.line} ${p.code}`)
}
const entry = (id: string, call: string, more = ''): string =>
  `  ${id}: { zh: 名, status: published, call: "${call}", format: json, roles: [doctor]${more} }\n`

describe('the interface directory', () => {
  it('keeps what the file says', () => {
    const { entries, institutions } = directoryOf()
    const record = entries.get('his.record')!
    assert.equal(record.method, 'GET')
    assert.equal(record.path, '/teaching/inpatients/{no}')
    assert.equal(record.to, '/api/{no}')
    assert.equal(record.scope, 'his.record')
    assert.equal(record.verb, 'query')
    assert.deepEqual(record.body, { mode: 'full', max: 8 * 1024 * 1024 })
    assert.equal(record.timeoutMs, 30_000)
    assert.deepEqual(record.at, { file: 'interfaces/teaching.yaml', line: 4, col: 3 })
    assert.deepEqual(entries.get('his.push')!.request, { policy: 'referral' })
    assert.equal(institutions.get('county')!.certificates.length, 2)
  })

  it('expands a FHIR API to one entry per type and interaction', () => {
    const { entries } = directoryOf()
    const found = [...entries.values()].filter((e) => e.id.startsWith('fhir.'))
    assert.deepEqual(
      found.map((e) => [e.id, e.method, e.path, e.to, e.scope, e.query.map((q) => q.name)]),
      [
        ['fhir.patient.read', 'GET', '/teaching/fhir/Patient/{id}', '/r4/Patient/{id}', 'fhir.patient.read', []],
        ['fhir.patient.search', 'GET', '/teaching/fhir/Patient', '/r4/Patient', 'fhir.patient.search', ['identifier']],
        [
          'fhir.diagnostic-report.read',
          'GET',
          '/teaching/fhir/DiagnosticReport/{id}',
          '/r4/DiagnosticReport/{id}',
          'fhir.diagnostic-report.read',
          [],
        ],
      ],
    )
    assert.equal(
      found.every((e) => e.format === 'fhir'),
      true,
    )
  })

  it('refuses two entries one call could mean, at both places', () => {
    assert.deepEqual(faults(entry('a', 'GET /t/{x}') + entry('b', 'GET /t/{y}')), [
      '4 interface-overlap',
      '5 interface-overlap',
    ])
    assert.deepEqual(faults(entry('a', 'GET /t/{x}/c') + entry('b', 'GET /t/b/{y}')), [
      '4 interface-overlap',
      '5 interface-overlap',
    ])
    assert.deepEqual(faults(entry('a', 'GET /t/%61') + entry('b', 'GET /t/a')), [
      '4 interface-overlap',
      '5 interface-overlap',
    ])
    assert.deepEqual(faults(entry('a', 'GET /t/{x}') + entry('b', 'GET /t/b') + entry('c', 'DELETE /t/{x}')), [])
    assert.deepEqual(faults(entry('a', 'GET /t/{x}') + entry('b', 'GET /t/{x}').replace('published', 'draft')), [])
  })

  it('gives a first segment one owner', () => {
    const other = `provider: county\nupstream: { base: "http://127.0.0.1:2" }\nentries:\n${entry('other', 'GET /teaching/other')}`
    const { problems } = compile({
      'institutions.yaml': INSTITUTIONS_YAML,
      'interfaces/teaching.yaml': TEACHING_YAML,
      'interfaces/a.yaml': other,
    })
    assert.ok(problems.some((p) => p.code === 'path-owner' && p.message.includes('interfaces/a.yaml:4:3')))
    assert.deepEqual(faults(entry('a', 'GET /{x}')), ['4 path-owner'])
    assert.deepEqual(faults(entry('a', 'GET /.veilgate/health')), ['4 path-owner'])
    assert.deepEqual(faults(entry('a', 'GET /x'), head.replace('teaching', 'nobody')), ['1 unknown-provider'])
  })

  it('demands the request policy of entries with a body or query', () => {
    assert.deepEqual(faults(entry('a', 'POST /t')), ['4 request-policy'])
    assert.deepEqual(faults(entry('a', 'GET /t', ', query: [id]')), ['4 request-policy'])
    assert.deepEqual(faults(entry('a', 'POST /t', ', request: { policy: p }')), [])
    assert.deepEqual(faults(entry('a', 'POST /t', ', verb: query, request: { policy: none }')), [])
    assert.deepEqual(faults(entry('a', 'POST /t', ', request: { policy: none }')), ['4 request-approval'])
    assert.deepEqual(faults(entry('a', 'POST /t', ', request: { policy: none }, approval: 1号')), [])
    assert.deepEqual(faults(entry('a', 'PUT /t/{id}', ', request: { policy: p }')), ['4 update-masked'])
    assert.deepEqual(faults(entry('a', 'PATCH /t/{id}', ', request: { policy: none }')), [])
    assert.deepEqual(faults(entry('a', 'PUT /t/{id}', ', verb: query, request: { policy: p }')), ['4 verb-method'])
  })

  it('names what a later release brings', () => {
    assert.deepEqual(faults(entry('a', 'GET /t', ', body: { mode: stream }')), ['4 later-release'])
    assert.deepEqual(faults(entry('a', 'POST /t', ', query: [id], request: { policy: p }')), ['4 later-release'])
  })

  it('makes not masking an exception with media types, approval and expiry', () => {
    assert.deepEqual(faults(entry('a', 'GET /t', ', masking: none')), [
      '4 exception-approval',
      '4 exception-media-types',
    ])
    assert.deepEqual(faults(entry('a', 'GET /t', ', mode: observe')), ['4 exception-approval'])
    assert.deepEqual(faults(entry('a', 'GET /t', ', mode: observe, approval: 1号, expires: 2027-01-01')), [])
  })

  it('reads templates strictly', () => {
    for (const call of [
      'GET /t/../x',
      'GET /t//x',
      'GET /t/',
      'GET /t/{a}{b}',
      'GET /t/x{a}',
      'GET /t/{a}/{a}',
      'GET /t/%2e',
      'GET /t/%zz',
      'GET /t/a;b',
    ])
      assert.deepEqual(faults(entry('a', call)), ['4 path-template'], call)
    for (const call of ['HEAD /t', 'OPTIONS /t', 'get /t', 'GET t', 'CONNECT x:1'])
      assert.deepEqual(faults(entry('a', call)), ['4 bad-value'], call)
    assert.deepEqual(faults(entry('a', 'GET /t/{a}', ', to: /x')), ['4 path-parameters'])
    assert.deepEqual(faults(entry('a', 'GET /t/{a}', ', to: "/x/{b}"')), ['4 path-parameters'])
    assert.deepEqual(faults(entry('a', 'GET /教学/{a}')), [])
  })

  it('sends plain http to loopback only, and secrets by name only', () => {
    const top = (upstream: string): string =>
      `provider: teaching\nupstream: ${upstream}\nentries:\n${entry('a', 'GET /t')}`
    const of = (upstream: string): string[] => faults('', top(upstream))
    assert.deepEqual(of('{ base: "http://10.0.0.1/x" }'), ['2 upstream-plain'])
    assert.deepEqual(of('{ base: "http://127.0.0.1.example.org/x" }'), ['2 upstream-plain'])
    assert.deepEqual(of('{ base: "http://10.0.0.1/x", insecure: 专线 }'), [])
    assert.deepEqual(of('{ base: "http://[::1]:8080" }'), [])
    for (const base of ['ftp://a', 'https://u:p@h/', 'https://h/?a', 'https://h/#a', 'nonsense'])
      assert.deepEqual(of(`{ base: "${base}" }`), ['2 upstream-base'], base)
    assert.deepEqual(of('{ base: "https://h", credential: { header: Authorization, env: HIS_TOKEN } }'), [])
    assert.deepEqual(of('{ base: "https://h", credential: { header: Authorization, value: x } }'), [
      '2 secret-source',
      '2 unknown-key',
    ])
    assert.deepEqual(of('{ base: "https://h", credential: { header: Host, env: A } }'), ['2 credential-header'])
    assert.deepEqual(of('{ base: "https://h", credential: { header: A, env: A, file: b } }'), ['2 secret-source'])
    assert.deepEqual(of('{ base: "https://h", tls: { ca: a.pem, cert: b.pem } }'), ['2 tls-pair'])
  })

  it('collects every problem of every file', () => {
    const { problems } = compile({
      'institutions.yaml': `institutions:
  a: { zh: 甲, certificates: [{ sha256: 12 }], cidrs: [10.1.2.3/8, 999.0.0.0/8], colour: red }
  b: { zh: 乙, certificates: [{ sha256: ${SHA('a')} }, { sha256: ${SHA('A')} }], cidrs: ["::1/128"], region: 50 }
`,
      'interfaces/x.yaml':
        'provider: a\nentries:\n  x: { zh: 名, status: live, call: GET /x, format: xml, roles: [] }\n',
    })
    assert.deepEqual(problems.map((p) => `${p.file.replace(/.*\//, '')}:${p.line} ${p.code}`).sort(), [
      'institutions.yaml:2 bad-value',
      'institutions.yaml:2 cidr-host-bits',
      'institutions.yaml:2 cidr-syntax',
      'institutions.yaml:2 unknown-key',
      'institutions.yaml:3 bad-value',
      'institutions.yaml:3 certificate-twice',
      'x.yaml:3 bad-value',
      'x.yaml:3 bad-word',
      'x.yaml:3 bad-word',
      'x.yaml:3 missing-upstream',
    ])
  })

  it('reads Chinese files to the same directory', () => {
    const zh = `提供方: teaching
上游: { 地址: "http://127.0.0.1:1" }
目录:
  his.labs: { 名称: 检验, 状态: 发布, 调用: GET /teaching/labs, 格式: json, 角色: [doctor], 参数: [{ 名称: zyh, 必填: 是 }], 请求: { 策略: 无 }, 等级: 关键 }
`
    const en = `${head}  his.labs: { zh: 检验, status: published, call: GET /teaching/labs, format: json, roles: [doctor], query: [{ name: zyh, required: true }], request: { policy: none }, class: key }\n`
    const of = (text: string): unknown => toCanonical(directoryOf({ 'interfaces/teaching.yaml': text }))
    assert.deepEqual(of(zh), of(en))
    const wrong = compile({ 'institutions.yaml': INSTITUTIONS_YAML, 'interfaces/x.yaml': zh.replace('等级', '等极') })
    assert.match(formatProblem(wrong.problems[0]!), /未知的键“等极”，是不是“等级”/)
  })

  it('has one canonical form, whatever the order of lines', () => {
    const shuffled = TEACHING_YAML.split('\n')
    const lines = [...shuffled.slice(0, 3), ...shuffled.slice(3).reverse()].join('\n').trim()
    const a = JSON.stringify(toCanonical(directoryOf()))
    assert.equal(a, JSON.stringify(toCanonical(directoryOf({ 'interfaces/teaching.yaml': `${lines}\n` }))))
    assert.notEqual(
      a,
      JSON.stringify(
        toCanonical(directoryOf({ 'interfaces/teaching.yaml': TEACHING_YAML.replace('[doctor, nurse]', '[doctor]') })),
      ),
    )
    assert.equal(a.includes('"line"'), false)
  })

  it('takes the directory this repository ships', () => {
    const root = new URL('../../rules/', import.meta.url)
    const names = ['institutions.yaml', ...readdirSync(new URL('interfaces/', root)).map((n) => `interfaces/${n}`)]
    const { directory, problems } = compileDirectory(
      names.map((path) => ({ path, text: readFileSync(new URL(path, root), 'utf8') })),
    )
    assert.deepEqual(problems.all.map(formatProblem), [])
    assert.ok(directory !== null && directory.entries.size > 10)
  })
})
