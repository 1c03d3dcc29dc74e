/** Places of values in both texts: every slice is the value, before and after, in every format. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compilePlan, compileRules, createRing, type FormatName, Pseudonyms } from '../../src/mask/index.ts'
import { previewText } from '../../src/mask/preview.ts'
import { asking } from './fixtures.ts'

const FILES = [
  {
    path: 'elements.yaml',
    text: `elements:
  person-name: { zh: 姓名, kind: name, level: 4 }
  mobile: { zh: 手机号, kind: phone, level: 4 }
  inpatient-no: { zh: 住院号, kind: identifier, level: 4, local: true }
`,
  },
  { path: 'bindings/a.yaml', text: 'format: json\nperson-name: [brxm]\nmobile: [sjh]\ninpatient-no: [zyh]\n' },
  { path: 'bindings/b.yaml', text: 'format: hl7v2\nperson-name: [PID-5]\nmobile: [PID-13]\n' },
  { path: 'bindings/c.yaml', text: 'format: fhir\nperson-name: [HumanName]\n' },
  {
    path: 'policies/p.yaml',
    text: 'policy: p\nfor: { roles: [r] }\nelements: { person-name: mask, mobile: mask, inpatient-no: drop }\nundecided: drop\nunknown: redact\n',
  },
]

function planFor(format: FormatName) {
  const { rules, problems } = compileRules(FILES)
  assert.ok(rules !== null, JSON.stringify(problems))
  const pseudonyms = new Pseudonyms(createRing(Buffer.alloc(32, 1), '2026-01-01T00:00:00Z'))
  return compilePlan(rules, asking('r', format), { pseudonyms, today: () => '2026-11-21' })!
}

const CASES: readonly [string, FormatName, string, readonly [string, string, string | null][]][] = [
  [
    'JSON with Chinese and an emoji before the values',
    'json',
    '{"bz":"😀说明","brxm":"张三丰","sjh":"13800138000","zyh":"Z1"}',
    [
      ['😀说明', 'redact', '***'],
      ['张三丰', 'mask', '张**'],
      ['13800138000', 'mask', '138****8000'],
      ['Z1', 'drop', null],
    ],
  ],
  ['a number becomes text', 'json', '{"sjh":13800138000}', [['13800138000', 'mask', '138****8000']]],
  [
    'JSON in a string',
    'json',
    JSON.stringify({ data: JSON.stringify({ brxm: '张三丰', sjh: '13800138000' }) }),
    [
      ['张三丰', 'mask', '张**'],
      ['13800138000', 'mask', '138****8000'],
    ],
  ],
]

for (const [name, format, text, expected] of CASES)
  test(name, () => {
    const { after, values } = previewText(planFor(format), text, { maxDepth: 64, maxBytes: 1 << 20 })
    for (const [before, method, result] of expected) {
      const value = values.find((v) => text.slice(v.before.start, v.before.end) === before)
      assert.ok(
        value !== undefined,
        `${before}: ${JSON.stringify(values.map((v) => text.slice(v.before.start, v.before.end)))}`,
      )
      assert.equal(value.method, method)
      assert.equal(value.after === null ? null : after.slice(value.after.start, value.after.end), result)
    }
  })

test('HL7 v2: parts of a name, CR kept', () => {
  const text = 'MSH|^~\\&|HIS|A|B|C|20261121||ADT^A01|1|P|2.4\rPID|1||||张^三丰||||||||13800138000\r'
  const { after, values } = previewText(planFor('hl7v2'), text, { maxDepth: 64, maxBytes: 1 << 20 })
  const mobile = values.find((v) => v.element?.id === 'mobile')!
  assert.equal(text.slice(mobile.before.start, mobile.before.end), '13800138000')
  assert.equal(after.slice(mobile.after!.start, mobile.after!.end), '138****8000')
  for (const v of values)
    if (v.outcome === 'kept')
      assert.equal(text.slice(v.before.start, v.before.end), after.slice(v.after!.start, v.after!.end))
})

test('a refusal holds nothing of the text', () => {
  assert.throws(
    () => previewText(planFor('json'), '{"brxm":"张三', { maxDepth: 64, maxBytes: 1 << 20 }),
    (error: Error & { code?: string }) => error.code === 'PAYLOAD_UNPARSEABLE' && !error.message.includes('张三'),
  )
})
