/** X32, X45, X33: what is said in another spelling inside a text, and documents whose brackets and quotes are escaped. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, planFor, policy, rulesWith } from './fixture.ts'

const NAME = '欧阳娜娜'
const ID = '500103199003070025'
const MOBILE = '13812345678'
const DOCUMENT = JSON.stringify({
  brxm: NAME,
  sfzh: ID,
  sjh: MOBILE,
  bz: `患者${NAME}，电话${MOBILE}`,
  x: { y: [MOBILE] },
})
const CARE = ['nurse', 'doctor', 'consult'] as const
const care = CARE.map((who) => planFor(who, 'json'))
const outside = ['research', 'third-party', 'management'].map((who) => planFor(who, 'json'))

const base64 = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64')
const hex = (text: string): string => Buffer.from(text).toString('hex')

/** A string literal with every unit escaped. */
const escaped = (text: string): string =>
  `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
const nested = (depth: number): string => (depth === 0 ? DOCUMENT : JSON.stringify({ q: nested(depth - 1) }))

/** The text with escapes, URL encoding and base64 taken off as far as they go. */
function plain(text: string): string {
  let out = text
  for (let i = 0; i < 6; i++)
    out = out.replace(/\\+u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const lines = out.replace(/\\[rn]/g, '')
  const encoded = lines.match(/[A-Za-z0-9+/]{12,}={0,2}/g) ?? []
  const digits = out.match(/(?:[0-9a-f]{2}){8,}/gi) ?? []
  const percent = out.replace(/%([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return [
    out,
    percent,
    out.replace(/<[^<>]*>/g, ''),
    ...digits.map((part) => Buffer.from(part, 'hex').toString()),
    ...encoded.map((part) => Buffer.from(part, 'base64').toString()),
    ...encoded.map((part) => Buffer.from(part, 'base64').toString('utf16le')),
  ].join('\n')
}

const CASES: Readonly<Record<string, string>> = {
  'four deep': nested(4),
  'six deep': nested(6),
  'every unit escaped': `{"a":${escaped(DOCUMENT)}}`,
  'escaped inside escaped': `{"a":${escaped(`{"b":${escaped(DOCUMENT)}}`)}}`,
  'escaped six deep': `{"a":${escaped(`{"b":${escaped(nested(4))}}`)}}`,
  'a list that begins with a number': JSON.stringify({ a: `[1,${escaped(MOBILE)},${escaped(ID)}]` }),
  'a string five times': JSON.stringify({
    a: [1, 2, 3, 4].reduce((text) => JSON.stringify(text), JSON.stringify(escaped(MOBILE))),
  }),
  base64: JSON.stringify({ a: Buffer.from(DOCUMENT).toString('base64') }),
  'base64 of base64': JSON.stringify({ a: Buffer.from(Buffer.from(MOBILE).toString('base64')).toString('base64') }),
  'base64 of a bare number': JSON.stringify({ a: Buffer.from(ID).toString('base64') }),
  'base64 in a data: URL': JSON.stringify({ a: `data:text/plain;charset=utf-8;base64,${base64(`身份证 ${ID}`)}` }),
  'base64 in a sentence': JSON.stringify({
    a: `附件 ${base64(DOCUMENT)} 见上`,
    b: `token=${base64(`sfzh=${ID}`)}&x=1`,
  }),
  'base64 in an element': JSON.stringify({ a: `<d><data>${base64(MOBILE)}</data></d>` }),
  'base64 in lines': JSON.stringify({ a: base64(DOCUMENT).replace(/.{40}/g, '$&\r\n') }),
  'base64 of UTF-16': JSON.stringify({ a: base64(`电话 ${MOBILE}`, 'utf16le'), b: base64(ID, 'utf16le') }),
  hexadecimal: JSON.stringify({ a: hex(ID), b: `0x${hex(MOBILE)}`, c: `值 ${hex(DOCUMENT).toUpperCase()}。` }),
  'marks of emphasis inside a number': JSON.stringify({ a: `<b>500103</b><i>19900307</i>0025，138<!-- -->12345678` }),
  'URL encoding': JSON.stringify({ a: encodeURIComponent(DOCUMENT) }),
  'a query': JSON.stringify({ a: `/x?sfzh=%22${ID}%22&q=%31${MOBILE.slice(1)}` }),
  'character references': JSON.stringify({
    a: `<p><sfzh>&#53;${ID.slice(1)}</sfzh><s>&#x31;${MOBILE.slice(1)}</s></p>`,
  }),
}

describe('X32: other spellings', () => {
  for (const [name, text] of Object.entries(CASES))
    it(name, () => {
      for (const [i, plan] of [...care, ...outside].entries()) {
        const out = mask(plan, text)
        assert.doesNotThrow(() => JSON.parse(out), out)
        assert.doesNotMatch(plain(out), new RegExp(`${ID}|${MOBILE}`), out)
        if (i >= care.length) assert.ok(!plain(out).includes(NAME), out)
        assert.doesNotThrow(() => JSON.parse(mask(plan, out)))
      }
    })

  it('leave alone what identifies nobody', () => {
    const texts = [
      '5%葡萄糖500ml+10%氯化钾10ml 静滴 qd',
      '阿莫西林 0.5g tid ×7天',
      '0.9%25氯化钠 250ml',
      'C:\\Zoo\\x',
      'YWJjZGVmZ2hpamtsbW5vcA==',
      '&#8451; 38.5',
      '{"dose":"5mg","unit":"\\u006d\\u0067"}',
      '%7B%22dose%22%3A%225mg%22%7D',
      'Immunoelectrophoresis positive',
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      '血管紧张素转换酶 3132333435363738393031',
      `说明 ${base64('每日两次，每次 0.5g，饭后服用')}`,
      '<tr><td>138</td><td>1234</td><td>5678</td></tr>',
    ]
    for (const plan of care)
      for (const a of texts) assert.equal(mask(plan, { a, b: [a] }), JSON.stringify({ a, b: [a] }), a)
  })
})

describe('X45: escapes of ER7 no reader resolves', () => {
  const plan = planFor('nurse', 'hl7v2')
  const MSH = 'MSH|^~\\&|HIS|H1|LIS|H2|20260101||ORU^R01|M1|P|2.5\r'
  for (const [name, text] of [
    ['an odd number of digits', `\\X${Buffer.from(MOBILE).toString('hex')}F\\`],
    ['a letter in lower case', `\\x${Buffer.from(MOBILE).toString('hex')}\\`],
    ['a local sequence in a number', '138\\Zxx\\12345678'],
  ] as const)
    it(name, () => assert.equal(mask(plan, `${MSH}NTE|1||${text}`), `${MSH}NTE|1||***`))
})

describe('ambiguous and odd values', () => {
  it('dw is the unit of a dose, and the employer of a patient only', () => {
    for (const plan of care) {
      const row = { ypmc: '阿莫西林胶囊', jl: '0.50', dw: 'mg', gms: '青霉素过敏', xx: 'A型' }
      assert.equal(mask(plan, row), JSON.stringify(row))
      assert.equal(mask(plan, { a: JSON.stringify(row) }), JSON.stringify({ a: JSON.stringify(row) }))
    }
    assert.doesNotMatch(mask(planFor('nurse', 'json'), { patient: { dw: '重庆某某机械' } }), /机械/)
    for (const plan of outside) assert.doesNotMatch(mask(plan, { brxm: NAME, dw: '重庆某某机械' }), /机械/)
  })

  it('what is no number of its kind is not reckoned with', () => {
    const cells = [
      'lab-value: { method: aggregate, as: sum, k: 5, per: row }',
      'lab-item: { method: aggregate, as: group, k: 5, per: row }',
    ]
    const rules = rulesWith([policy('sums', cells, 'drop', 'drop')])
    const plan = planFor('sums', 'json', { rules, rows: '$.list' })
    const rows = Array.from({ length: 6 }, () => ({ xmmc: '葡萄糖', jgz: '1' }))
    const out = mask(plan, { list: [...rows, { xmmc: '葡萄糖', jgz: MOBILE }] })
    assert.match(out, /"jgz":"6"/)
  })
})
