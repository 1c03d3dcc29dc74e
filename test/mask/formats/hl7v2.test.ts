import assert from 'node:assert/strict'
import { test } from 'node:test'
import { finish } from '../../../src/base/steps.ts'
import { hl7v2 } from '../../../src/mask/formats/hl7v2.ts'
import { listedPlaces } from '../../../src/mask/formats/hl7v2-structure.ts'
import { maskPayload } from '../../../src/mask/index.ts'
import type { Plan } from '../../../src/mask/plan.ts'
import {
  EVERYTHING,
  edit,
  elements,
  er7,
  hl7Plan,
  MSH,
  NO_HINTS,
  NO_LIMITS,
  read,
  readerOf,
  rulesWith,
  text,
} from './hl7v2-fixtures.ts'

const reader = readerOf(null)
const shipped = (...segments: string[]): Record<string, string> => elements(read(reader, er7(MSH, ...segments)))
/** what stands where, without the header */
const found = (...segments: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(shipped(...segments)).filter(([address]) => !address.startsWith('MSH')))

// all bindings: a policy may name what sits in the other formats only
const plan = (policy: string): Plan => hl7Plan(policy, ['hl7v2', 'fhir-r4', 'his'])
const mask = (p: Plan, source: string | Buffer): string =>
  maskPayload(p, Buffer.from(source), NO_HINTS, NO_LIMITS).body.toString()

test('the sample of domain.md 10 under the golden policy', () => {
  const golden = text('test/golden/section10/policy.yaml').replace(/^[\s\S]*?elements:/, 'elements:')
  const out = mask(plan(golden), text('test/golden/section10/in.hl7')).split('\r')
  assert.equal(out[0], MSH)
  const pid = out[1]!.split('|')
  assert.match(pid[3]!, /^P[A-Z2-7]{19}\^\^\^H0001\^MR~5\*{15}25\^\^\^MPS\^NNCHN$/)
  assert.equal(pid[5], '张**^^^^^^L^I')
  assert.equal(pid[7], '1990')
  assert.equal(pid[11], '重庆市***^^^^^CHN^H')
  assert.equal(pid[13], '138****5678')
  assert.doesNotMatch(pid[14]!, /6876/)
  assert.match(pid[19]!, /^5\*{15}25$/)
  assert.match(out[2]!, /^NK1\|1\|李\*\*\|.*\|重庆市\*\*\*\|139\*{4}1111$/)
  assert.match(out[3]!, /\|\*\*\*\^\*\*\*\|{12}P[A-Z2-7]{19}$/)
  assert.equal(out[4], 'DG1|1||C73.x00^甲状腺恶性肿瘤^ICD10|||A')
  assert.equal(out[5], 'OBX|1|TX|REP^检查报告||***||||||F')
  assert.equal(out[6], 'NTE|1||***')
  assert.match(out[7]!, /^ZPI\|(\*\*\*)?\|\*\*\*\|\*\*\*$/)
})

test('PID: repetitions are told apart by their type code, composites are one group', () => {
  assert.deepEqual(found('PID|1||1^^^A&1.2.3&ISO^MR~2^^^MPS^NNCHN~3^^^^PPN~4^^^^HC~5^^^^VN~6'), {
    'PID-1': 'structure',
    'PID-3[1].1': 'record-no',
    'PID-3[1].4.1': 'record-no',
    'PID-3[1].4.2': 'record-no',
    'PID-3[1].4.3': 'record-no',
    'PID-3[1].5': 'record-no',
    'PID-3[2].1': 'resident-id',
    'PID-3[2].4': 'resident-id',
    'PID-3[2].5': 'resident-id',
    'PID-3[3].1': 'other-document',
    'PID-3[3].5': 'other-document',
    'PID-3[4].1': 'insurance-no',
    'PID-3[4].5': 'insurance-no',
    'PID-3[5].1': 'inpatient-no',
    'PID-3[5].5': 'inpatient-no',
    'PID-3[6]': 'record-no',
  })
  const roles = Object.fromEntries(
    read(reader, er7(MSH, 'PID|||||张^三^丰^^^^L^I^^^^^^^x^y')).leaves.map((l) => [l.address, l.role]),
  )
  assert.equal(roles['PID-5.1'], 'part')
  assert.equal(roles['PID-5.7'], 'use')
  assert.equal(roles['PID-5.8'], 'use')
  assert.equal(roles['PID-5.16'], 'part', 'what stands beyond the datatype belongs to the name')
})

test('X44: a use code off its shape is data', () => {
  const p = plan(
    'elements: { person-name: mask, resident-id: mask, address: { method: truncate, keep: city }, mobile: mask }\nundecided: redact\nunknown: redact\n',
  )
  const pid = mask(
    p,
    er7(
      MSH,
      'PID|1||500103199003070025^^^MPS^13812345678||张三^^^^^^李四^^王五||||||重庆市渝中区^^^^^赵六^孙七||13812345678^WPN^周八^^13900001111',
    ),
  ).split('\r')[1]!
  for (const planted of ['13812345678', '李四', '王五', '赵六', '孙七', '周八', '渝中', '13900001111'])
    assert.ok(!pid.includes(planted), `${planted} in ${pid}`)
})

test('XAD: the whole address in XAD.1, else its parts in order', () => {
  const p = plan('elements: { address: { method: truncate, keep: city } }\nundecided: redact\nunknown: redact\n')
  const address = (xad: string): string =>
    mask(p, er7(MSH, `NK1|||| ${xad}`.replace('| ', '|')))
      .split('\r')[1]!
      .split('|')[4]!
  assert.equal(address('重庆市渝中区示例路10号^^重庆市^重庆市^400000^CHN^H'), '重庆市***^^^^^CHN^H')
  assert.equal(address('示例路10号^^苏州市^江苏省^215000^CHN^H'), '^^^江苏省苏州市***^^CHN^H')
  assert.equal(address('北京路10号&2栋&3^^苏州市^江苏省'), '&&^^^江苏省苏州市***')
})

test('OBX-5 is what OBX-2 announces, unless that lies, or OBX-3 names an identifier', () => {
  const obx5 = (type: string, value: string, code = 'GLU^葡萄糖'): string[] =>
    Object.entries(found(`OBX|1|${type}|${code}||${value}||||||F`))
      .filter(([address]) => address.startsWith('OBX-5'))
      .map(([, element]) => element)
  assert.deepEqual(obx5('NM', '5.6'), ['lab-value'])
  assert.deepEqual(obx5('NM', '13812345678张三'), ['report-text'])
  assert.deepEqual(obx5('', '张三'), ['report-text'])
  assert.deepEqual(obx5('QQ', '张三'), ['report-text'])
  assert.deepEqual(obx5('SN', '>^5'), ['structure', 'lab-value'])
  assert.deepEqual(obx5('CE', 'POS^阳性'), ['report-text', 'report-text'])
  assert.deepEqual(obx5('XPN', '张三'), ['person-name'])
  assert.deepEqual(obx5('XCN', 'D1^王'), ['staff-no', 'staff-name'])
  assert.deepEqual(obx5('DT', '20261121'), ['event-date'])
  assert.deepEqual(obx5('DT', '昨天'), ['report-text'])
  assert.deepEqual(obx5('ED', '^IM^PNG^Base64^iVBO'), ['attachment', 'attachment', 'attachment', 'attachment'])
  for (const [type, value] of [
    ['ST', '张三'],
    ['NM', '13812345678'],
    ['CE', '1^2'],
    ['', '1'],
  ] as const) {
    const elements = new Set(obx5(type, value, 'X^身份证号'))
    assert.deepEqual([...elements], ['resident-id'], `${type} ${value}`)
  }
  assert.deepEqual(obx5('ST', 'x', 'zyh'), ['inpatient-no'])
  assert.deepEqual(obx5('ST', 'x', '1^手 机 号：'), ['mobile'])
  assert.deepEqual(obx5('ST', 'x', '1^^LN^2^Patient Name'), ['person-name'])
  assert.deepEqual(obx5('ST', 'x', '1^身\\H\\份证号'), ['resident-id'])
  assert.deepEqual(obx5('ST', 'x', '１^ＢＡＨ'), ['record-no'])
})

test('segment conditions: an outpatient visit has an outpatient number', () => {
  assert.equal(found('PV1|1|I|||||||||||||||||ZY1')['PV1-19'], 'inpatient-no')
  assert.equal(found('PV1|1|O|||||||||||||||||MZ1')['PV1-19'], 'outpatient-no')
  const own = readerOf('person-name: ["OBX-5[@3.1=A|B]", "NTE[2]-3", "PID-3[2].1", "Z*"]\nnote: [NTE-3]\n')
  const leaves = elements(
    read(own, er7(MSH, 'OBX|1|ST|A||x', 'OBX|2|ST|C||x', 'NTE|1||x', 'NTE|2||x', 'NTE|3||x', 'PID|||1~2~3', 'ZAB|4|5')),
  )
  assert.deepEqual(
    Object.entries(leaves)
      .filter(([, element]) => element === 'person-name')
      .map(([address]) => address),
    ['OBX-5', 'NTE[2]-3', 'PID-3[2]', 'ZAB-1', 'ZAB-2'],
  )
})

test('structure has its shapes; off them it is unknown, and every leaf of every segment is seen', () => {
  assert.deepEqual(new Set(Object.values(shipped())), new Set(['structure']))
  const off = elements(
    read(
      reader,
      `MSH|^~\\&|${'x'.repeat(21)}|H|G|H|yesterday||张三^A01|${'1'.repeat(21)}|张三|9.9|||张三|NE|CHN|UNICODE UTF-8\r`,
    ),
  )
  for (const address of ['MSH-3', 'MSH-7', 'MSH-9.1', 'MSH-10', 'MSH-11', 'MSH-12', 'MSH-15'])
    assert.equal(off[address], 'unknown', address)
  assert.deepEqual(
    found('ZPI|1|张三^x&y', 'QQQ|1', 'PID|张三||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||x'),
    {
      'ZPI-1': 'unknown',
      'ZPI-2.1': 'unknown',
      'ZPI-2.2.1': 'unknown',
      'ZPI-2.2.2': 'unknown',
      'QQQ-1': 'unknown',
      'PID-1': 'unknown',
      'PID-61': 'unknown',
    },
  )
  assert.deepEqual(found('OBX|12|NM|||1|mmol/L^^UCUM|3.9-6.1|H|||F'), {
    'OBX-1': 'structure',
    'OBX-2': 'structure',
    'OBX-5': 'lab-value',
    'OBX-6.1': 'structure',
    'OBX-6.3': 'structure',
    'OBX-7': 'lab-range',
    'OBX-8': 'structure',
    'OBX-11': 'structure',
  })
  assert.equal(found('OBX|1|NM|||1|张三丰')['OBX-6'], 'unknown')
})

test('no shipped binding sits on a listed structural place', () => {
  const bound = new Set(rulesWith(null).bindings.map((b) => b.path!.replace(/\[.*?\]/g, '')))
  for (const place of listedPlaces()) assert.ok(!bound.has(place) && !bound.has(place.replace(/\..*/, '')), place)
})

test('results go in only where the carrier takes them, and `""` is never made', () => {
  const source = er7(MSH, 'PID|1||||张三||19900307|F|||x||||||||||||||||||||2||2026', 'OBX|1|NM|1||5')
  const read1 = (): ReturnType<typeof read> => read(reader, source)
  const pid = (changes: Record<string, string | null>): string => edit(read1(), changes).toString().split('\r')[1]!
  assert.match(pid({ 'PID-7': '1990' }), /\|1990\|F/)
  assert.match(pid({ 'PID-7': '1990-03' }), /\|199003\|F/)
  assert.match(pid({ 'PID-7': '1990-03-07' }), /\|19900307\|F/)
  for (const no of ['***', '1990-13', '35-39岁', '199']) assert.match(pid({ 'PID-7': no }), /\|张三\|\|\|F/)
  assert.match(pid({ 'PID-8': '***' }), /\|19900307\|\|/)
  assert.match(pid({ 'PID-8': 'U' }), /\|19900307\|U\|/)
  assert.match(pid({ 'PID-5': '""' }), /\|\|\|\|\|\|19900307/)
  assert.match(pid({ 'PID-5': '"' }), /\|"\|/)
  assert.equal(edit(read1(), { 'OBX-5': '***' }).toString().split('\r')[2], 'OBX|1|NM|1||')
  assert.equal(edit(read1(), { 'OBX-5': '5.5' }).toString().split('\r')[2], 'OBX|1|NM|1||5.5')
})

test('removed repetitions keep their delimiter while another follows', () => {
  const p = plan(
    'elements: { person-name: drop, mobile: drop }\nundecided: keep\nunknown: redact\n'.replace(
      'undecided: keep',
      'undecided: redact',
    ),
  )
  const pid5 = (names: string): string =>
    mask(p, er7(MSH, `PID|||||${names}|`))
      .split('\r')[1]!
      .split('|')[5]!
  assert.equal(pid5('张^三^^^^^L~李^四'), '')
  const phonetic = plan('elements: { person-name: mask }\nundecided: redact\nunknown: redact\n')
  const masked = (names: string): string =>
    mask(phonetic, er7(MSH, `PID|||||${names}|`))
      .split('\r')[1]!
      .split('|')[5]!
  assert.equal(masked('ZHANG^SAN^^^^^L^A~张三^^^^^^L^I'), '~张**^^^^^^L^I')
  assert.equal(masked('张三^^^^^^L^I~ZHANG^SAN^^^^^L^A~SAN^^^^^^L^P'), '张**^^^^^^L^I')
  assert.equal(masked('""~张三'), '""~张**')
})

test('the assigning authority is read beside the number', () => {
  const got = read(
    reader,
    er7(
      MSH,
      'PID|||1^^^县医院&1.2&ISO^MR~2^^^&1.2.3&ISO~3^^^\\T\\A~4^5^6|||||||||||||',
      'ORC|RE|7^HIS',
      'PV1|||||||D1^王^^^^^^^H9',
    ),
  )
  const authority = (address: string): string | null =>
    got.doc.authority(got.tape, got.leaves.find((l) => l.address === address)!.index)
  assert.equal(authority('PID-3[1].1'), '县医院')
  assert.equal(authority('PID-3[2].1'), '1.2.3')
  assert.equal(authority('PID-3[3].1'), '&A')
  assert.equal(authority('PID-3[4].1'), null)
  assert.equal(authority('ORC-2.1'), 'HIS')
  assert.equal(authority('PID-3[1].5'), null)
})

test('numbers of relatives are marked as somebody else’s', () => {
  const { leaves, tape } = read(reader, er7(MSH, `PID|||1${'|'.repeat(18)}2`, `NK1${'|'.repeat(33)}3`))
  const other = (address: string): boolean | undefined =>
    (
      reader.layout.sites[tape.words[(leaves.find((l) => l.address === address)!.index << 2) + 1]!] as {
        someoneElse?: boolean
      }
    ).someoneElse
  assert.deepEqual([other('PID-3'), other('PID-21') ?? null, other('NK1-33')], [false, true, true])
})

test('a reader leaves out what nobody is interested in', () => {
  const only = (ids: string[]): string[] =>
    read(
      readerOf(null, {
        ...EVERYTHING,
        element: (e) => ids.includes(e.id),
        unknown: false,
        levelSearch: false,
        subject: false,
      }),
      text('test/golden/section10/in.hl7'),
    ).leaves.map((l) => l.address)
  assert.deepEqual(only(['mobile']), ['PID-13', 'PID-14', 'NK1-5'])
  assert.deepEqual(only([]), [])
})

test('the door: media types, sniffing, selectors, conflicts', () => {
  assert.ok(hl7v2.mediaTypes.includes('application/hl7-v2'))
  for (const [head, is] of [
    ['MSH|^~\\&|', true],
    ['\ufeffMSH|', true],
    ['\x0bMSH#', true],
    ['FHS|', true],
    ['msh|', false],
    ['MSHA', false],
    ['{"MSH|":1}', false],
  ] as const)
    assert.equal(hl7v2.sniff(Buffer.from(head)), is, head)
  const check = (path: string | null, key: string | null = null) => hl7v2.check({ path, key, within: null, pair: null })
  assert.equal(check('PID-3[5=NNCHN|NI].1'), null)
  assert.equal(check(null, 'xm')?.offset, 0)
  const conflicts = (rules: Parameters<typeof hl7v2.conflicts>[0]) => finish(hl7v2.conflicts(rules))
  assert.deepEqual(conflicts(rulesWith(null)), [])
  const raw = rulesWith('person-name: [PID-5]\n')
  const [binding] = raw.bindings
  const other = { ...binding!, element: raw.elementById.get('note')! }
  assert.equal(conflicts({ ...raw, bindings: [binding!, other] })[0]?.where, 'PID-5.1')
  const excluded = (path: string, element: string) => ({ ...other, path, element: raw.elementById.get(element)! })
  assert.equal(
    conflicts({ ...raw, bindings: [excluded('PID-3[5=A]', 'record-no'), excluded('PID-3[5=B]', 'resident-id')] })
      .length,
    0,
  )
  assert.equal(
    conflicts({ ...raw, bindings: [excluded('PID-3[5=A]', 'record-no'), excluded('PID-3[4=B]', 'resident-id')] })
      .length,
    1,
  )
})
