/** X32: documents inside strings are masked where they stand, and every other byte stays. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MAX_NESTED, mayNest, openStrings } from '../../../src/mask/formats/json-nested.ts'
import { isWrapped } from '../../../src/mask/wrapped.ts'
import { chance } from '../fixtures.ts'
import { mask, planOf, rulesOf, run } from './folded.ts'

const rules = rulesOf()
const outside = planOf('outside', 'json', rules)
const care = planOf('care', 'json', rules)

/** a value as JSON in a string, n times */
const folded = (value: unknown, times: number): string =>
  times === 0 ? JSON.stringify(value) : JSON.stringify(folded(value, times - 1))
const unfolded = (text: string, times: number): unknown => {
  let value: unknown = JSON.parse(text)
  for (let i = 0; i < times; i++) value = JSON.parse(value as string)
  return value
}

describe('JSON in strings (X32)', () => {
  const person = { brxm: '张三', sfzh: '500103199003070025', sjh: '13812345678' }
  const hidden = { brxm: '张**', sfzh: '5***************25', sjh: '138****5678' }

  for (let depth = 1; depth <= MAX_NESTED; depth++)
    it(`is masked inside at depth ${depth}`, () => {
      const out = mask(outside, `{"payload":${folded(person, depth)}}`)
      const { payload } = JSON.parse(out)
      assert.deepEqual(unfolded(JSON.stringify(payload), depth), hidden)
    })

  it('deeper is unknown, whatever element the outer key is', () => {
    for (const key of ['payload', 'facility', 'result'])
      assert.ok(!mask(outside, `{"${key}":${folded(person, MAX_NESTED + 1)}}`).includes('张三'), key)
  })

  it('escapes, blanks and unknown escapes outside the edits stay byte by byte', () => {
    const text =
      '{"payload" : " \\n{ \\"brxm\\": \\"\\u5f20\\u4e09\\",\\n \\"jyxm\\":\\"\\u8840\\u7cd6\\\\\\/ \\" } \\t" }'
    const out = mask(outside, text)
    assert.equal(out, text.replace('\\"\\u5f20\\u4e09\\"', '\\"张**\\"'))
  })

  it('a removed member, an emptied list item and a removed record go inside the string', () => {
    const text = JSON.stringify({ data: JSON.stringify({ a: [{ jtdz: '重庆市', jyxm: '血糖' }], xb: '男' }) })
    assert.deepEqual(JSON.parse(JSON.parse(mask(outside, text)).data), { a: [{ jyxm: '血糖' }] })
  })

  it('what masking emptied is read the second time as it was the first', () => {
    const plan = planOf(
      'tel',
      'json',
      rulesOf([
        {
          path: 'policies/tel.yaml',
          text: 'policy: tel\nfor: { roles: [tel] }\nelements: { mobile: drop }\nundecided: drop\nunknown: redact\n',
        },
      ]),
    )
    for (const [value, left] of [
      [[{ sjh: '13812345678' }], [{}]],
      [[['13812345678', { sjh: ['13812345678'] }]], [['***', { sjh: [null] }]]],
      [[null], [null]],
      [[[]], [[]]],
      [[], []],
      [{ sjh: '13812345678' }, {}],
    ]) {
      const once = mask(plan, JSON.stringify({ a: JSON.stringify(value) }))
      assert.deepEqual(JSON.parse(JSON.parse(once).a), left)
      assert.equal(mask(plan, once), once)
    }
    const escaped = (text: string): string =>
      [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
    for (const [inner, left] of [
      [escaped('{"sjh":"13812345678"}'), '\\u007b\\u007d'],
      ['{\\"sjh\\":\\"13812345678\\"}\\n', '{}\\n'],
    ]) {
      const once = mask(plan, `{"a":"${inner}"}`)
      assert.equal(once, `{"a":"${left}"}`)
      assert.equal(mask(plan, once), once)
    }
  })

  it('a level-5 sign inside raises the record around it', () => {
    const plan = planOf('outside', 'json', rules, { rows: '$.list' })
    const rows = [
      { brxm: '张三', bgnr: JSON.stringify({ icd10: 'B20.1' }) },
      { brxm: '李四', bgnr: JSON.stringify({ icd10: 'I10' }) },
    ]
    const out = mask(plan, JSON.stringify({ list: rows, total: 2 }))
    assert.deepEqual(
      JSON.parse(out).list.map((r: { brxm: string }) => r.brxm),
      ['李**'],
    )
    assert.equal(JSON.parse(out).total, 1)
  })

  it('rows and paths lead through a string', () => {
    const own = rulesOf([{ path: 'bindings/own.yaml', text: 'interface: test\nperson-name: $.body.list[*].who\n' }])
    const out = run(
      planOf('outside', 'json', own, { rows: '$.body.list' }),
      JSON.stringify({ body: '{"list":[{"who":"张三"},{"who":"李四"}]}' }),
    )
    assert.equal(JSON.parse(out.text).body, '{"list":[{"who":"张**"},{"who":"李**"}]}')
  })

  it('a value that a method treats as a whole is not opened', () => {
    const out = JSON.parse(mask(outside, JSON.stringify({ brxm: JSON.stringify({ jyxm: '张三' }) })))
    assert.ok(!out.brxm.includes('张三'))
    assert.deepEqual(JSON.parse(mask(outside, JSON.stringify({ jtdz: JSON.stringify({ x: '重庆市' }) }))), {})
  })

  it('where the unknown is kept, what is bound inside is masked all the same', () => {
    const out = JSON.parse(mask(care, JSON.stringify({ x: JSON.stringify({ sjh: '13812345678', y: 'z' }) })))
    assert.equal(out.x, '{"sjh":"138****5678","y":"z"}')
  })

  it('keys that are payload are replaced inside', () => {
    const out = JSON.parse(
      mask(outside, JSON.stringify({ x: JSON.stringify({ '500103199003070025': { jyxm: '血糖' } }) })),
    )
    assert.match(out.x, /^\{"\?[0-9a-f]{6,}":\{"jyxm":"血糖"\}\}$/)
  })

  it('lines of NDJSON stay lines', () => {
    const own = rulesOf([
      { path: 'bindings/own.yaml', text: 'interface: test\nformat: ndjson\nperson-name: { key: who }\n' },
    ])
    const plan = planOf('outside', 'ndjson', own)
    const line = (name: string): string => JSON.stringify({ x: `{\n "who": "${name}"\n}` })
    assert.equal(mask(plan, `${line('张三')}\n${line('李四')}\n`), `${line('张**')}\n${line('李**')}\n`)
  })

  it('text that only looks like a document is a text', () => {
    for (const text of ['{abc', '[备注] 张三', '{"a":', '[1,2'])
      assert.equal(JSON.parse(mask(outside, JSON.stringify({ x: text, y: 'a\\b' }))).x, '***')
  })

  it('a lone surrogate keeps a string shut', () => {
    const text = '{"x":"{\\"brxm\\":\\"\\ud800\\"}"}'
    assert.equal(mask(outside, text), '{"x":"***"}')
  })

  it('nothing masked gives the same bytes', () => {
    const text = `{"x":${folded({ jyxm: '血糖', jgz: 5.6 }, 2)}}`
    assert.equal(mask(outside, text), text)
  })

  it('random documents: masking folded equals masking flat', () => {
    const pick = chance(3)
    const KEYS = ['brxm', 'sfzh', 'sjh', 'jyxm', 'jgz', 'xb', 'zz', 'list']
    const value = (depth: number): unknown => {
      const kind = pick(depth > 3 ? 3 : 6)
      if (kind === 0) return ['张三', '"q"\\', '\u0001\n', 'é😀', ''][pick(5)]
      if (kind === 1) return pick(1000)
      if (kind === 2) return pick(2) === 0 ? null : true
      if (kind === 3) return Array.from({ length: pick(3) }, () => value(depth + 1))
      return Object.fromEntries(Array.from({ length: pick(4) }, () => [KEYS[pick(KEYS.length)]!, value(depth + 1)]))
    }
    for (let i = 0; i < 400; i++) {
      const inner = { zz: value(0), jyxm: 'x' }
      const flat = JSON.parse(mask(outside, JSON.stringify({ zz: inner })))
      const out = JSON.parse(mask(outside, JSON.stringify({ zz: JSON.stringify(inner) })))
      assert.deepEqual(JSON.parse(out.zz), flat.zz, JSON.stringify(inner))
    }
  })
})

describe('documents that are not opened', () => {
  const WRAPPED = [
    '{"a":1}',
    ' [ {"a": "b"} ]',
    '["x"]',
    '[13812345678]',
    '<?xml version="1.0"?><a>张三</a>',
    '<patient><name>张三</name></patient>',
    '<![CDATA[张三]]>',
    Buffer.from('{"brxm":"张三"}').toString('base64'),
    Buffer.from('<name>张三</name>').toString('base64'),
    encodeURIComponent('{"brxm":"张三"}'),
  ]
  for (const text of WRAPPED) it(`${text.slice(0, 24)} is a document`, () => assert.equal(isWrapped(text), true))

  const VALUES = [
    '<0.01',
    '<LOD',
    '< 5',
    '[3.5,5.5]',
    '[3.5-5.5]',
    '{未见异常}',
    'Word',
    'epithelial',
    'e1234',
    '张三',
    '',
    '100%',
    'PEFR 300',
  ]
  for (const text of VALUES) it(`${text} is a value`, () => assert.equal(isWrapped(text), false))

  it('outside care it is kept under no name (XML in JSON)', () => {
    for (const text of WRAPPED) {
      const out = JSON.parse(mask(outside, JSON.stringify({ facility: text, jgz: text, hospital: text })))
      assert.ok(!JSON.stringify(out).includes('张三'), text)
      if (text !== '[13812345678]')
        assert.ok(
          out.hospital === '***' ||
            out.hospital.includes('***') ||
            text === '["x"]' ||
            text === '{"a":1}' ||
            text.startsWith(' ['),
          text,
        )
    }
  })
})

describe('finding strings to open', () => {
  it('asks for nothing where no string can be a document', () => {
    assert.equal(mayNest(Buffer.from('{"a":[{"b":"c"}]}')), false)
    assert.equal(mayNest(Buffer.from('{"a":"x\\ny","b":[{"c":1}]}')), false)
    assert.equal(mayNest(Buffer.from('{"a":"{\\"b\\":1}"}')), true)
    assert.equal(
      openStrings(Buffer.from('{"a":"x\\ny { "}'), () => true),
      null,
    )
  })

  it('time grows with size and not faster', () => {
    const text = (n: number): Buffer =>
      Buffer.from(`{"x":"${'{\\"a\\":'.repeat(n)}1${'}'.repeat(n)}","y":"${'{\\'.repeat(1)}n"}`)
    const from = performance.now()
    openStrings(text(20_000), () => true)
    assert.ok(performance.now() - from < 2000)
  })
})
