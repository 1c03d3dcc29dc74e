/** Free text end to end: rules folder, payload in, payload out. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { lexiconOf } from '../../../src/mask/dictionary/index.ts'
import { scrubText } from '../../../src/mask/text/scrub.ts'
import { dictionary } from '../fixtures.ts'
import { mask, masked, planFor } from './fixture.ts'

const NOTE = '患者张三丰，女，36岁，住院号ZY20260001，甲状腺癌症状明显，联系电话 138 1234 5678。'

describe('scrub', () => {
  it('detectors: every hit as its element is treated in this policy', () => {
    const { bgnr } = masked('outside', { bgnr: `${NOTE}身份证500103199003070025，邮箱zhangsan@example.com` })
    assert.equal(
      bgnr,
      '患者张**，女，36岁，住院号ZY******01，甲状腺癌症状明显，联系电话 138****5678。身份证5***************25，邮箱z***@example.com',
    )
  })

  it('known values of structured fields, in every form', () => {
    const known = {
      brxm: '欧阳娜娜',
      lxrxm: '李四',
      lxdh: 13812345678,
      dwdh: '023-68765432',
      bah: '00123456',
      csrq: '1990-03-07',
      gzdw: '重庆某某机械有限公司',
      jtdz: '江苏省苏州市昆山市花桥镇示例大道1号',
    }
    const said: readonly (readonly [string, string])[] = [
      ['昨日欧阳娜娜诉头痛', '昨日欧阳**诉头痛'],
      ['欧 阳 娜 娜来诊', '欧阳**来诊'],
      ['陪同者李四', '陪同者李**'],
      ['致电138-1234-5678', '致电138****5678'],
      ['回电 ８６１３８１２３４５６７８', '回电 138****5678'],
      ['单位68765432转', '单位023-****5432转'],
      ['编号123456', '编号00****56'],
      ['生于1990年3月7日', '生于1990'],
      ['生于1990/3/7', '生于1990'],
      ['19900307出生', '1990出生'],
      ['就职于重庆某某机械有限公司', '就职于***'],
      ['住示例大道1号', '住***'],
      ['住昆山市花桥镇示例大道1号', '住***'],
      ['住江苏省苏州市昆山市花桥镇示例大道1号', '住江苏省苏州市***'],
      ['白细胞1234567', '白细胞1234567'],
      ['1138123456789', '1138123456789'],
    ]
    const fields = Object.fromEntries(said.map(([text], i) => [`r${i}`, { bgnr: text }]))
    const out = masked('outside', { ...known, ...fields }) as Record<string, { bgnr: string }>
    for (const [i, [text, expected]] of said.entries()) assert.equal(out[`r${i}`]!.bgnr, expected, text)
  })

  it('what a number leaves of an e-mail or a link it is written into goes with it', () => {
    for (const [text, expected] of [
      ['500103199003070025lisi@example.com', '5***************25l***@example.com'],
      ['lisi13812345678@example.com', '***138****5678***'],
      ['见http://pacs.cn/500103199003070025?xm=lisi。', '见***5***************25***。'],
    ] as const)
      assert.equal(masked('outside', { bgnr: text })['bgnr'], expected, text)
  })

  it('a name masked in one record is found in the text of another; a kept one stays', () => {
    const two = { list: [{ brxm: '高明' }, { bgnr: '同病房高明已出院' }] }
    assert.equal((masked('outside', two)['list'] as { bgnr: string }[])[1]!.bgnr, '同病房高**已出院')
  })

  it('Latin names: whole, turned round, one word with a capital, not inside words', () => {
    const out = masked('outside', {
      brxm: 'John Brown',
      bgnr: 'Mr Brown; JOHN  BROWN; Brown, John; brown sputum, Johnson',
    })
    assert.equal(out['bgnr'], 'Mr J**; J**; J**; brown sputum, Johnson')
  })

  it('dictionary last: terms outside identifiers, contexts respected, replacements not looked at again', () => {
    const out = masked('outside', {
      brxm: '思密达',
      bgnr: '否认癌症病史，甲状腺癌症状明显，思密达 3g，考虑免疫性血小板减少症',
    })
    assert.equal(out['bgnr'], '否认CA病史，甲状腺癌症状明显，思** 3g，考虑ITP')
    assert.equal(masked('outside', { bgnr: '思密达 3g 口服' })['bgnr'], '蒙脱石散 3g 口服')
  })

  it('what holds nothing stays byte for byte, escapes and number spellings too', () => {
    const text = '{"bgnr":"\\u8840\\u538b 120/80 mmHg\\n未见异常","x":1.10,"y":true,"z":null,"w":"青霉素 0.50 g"}'
    assert.equal(mask(planFor('inside', 'json'), text), text)
  })

  it('X36: an unknown field holding an identifier is cleaned in care, withheld outside', () => {
    assert.equal(masked('inside', { sfzh2: '身份证 500103199003070025' })['sfzh2'], '身份证 5***************25')
    assert.equal(masked('inside', { sfzh2: 13812345678 })['sfzh2'], '138****5678')
    assert.equal('sfzh2' in masked('outside', { sfzh2: '身份证 500103199003070025' }), false)
  })

  it('X37: numbers in other writings are found', () => {
    for (const [text, expected] of [
      ['身份证５００１０３１９９００３０７００２５', '身份证5***************25'],
      ['电话一三八一二三四五六七八', '电话138****5678'],
      ['电话١٣٨١٢٣٤٥٦٧٨', '电话138****5678'],
      ['电话①③⑧①②③④⑤⑥⑦⑧', '电话138****5678'],
      ['电话13812345678①', '电话138****5678①'],
      ['电话138l2345678', '电话138****5678'],
      ['电话138O2345678', '电话138****5678'],
      ['电话13812\n345678。', '电话138****5678。'],
      ['电话1381\u200b2345678', '电话138****5678'],
      ['500103\n199003070025', '5***************25'],
      ['电话1 3 8 1 2 3 4 5 6 7 8。', '电话138****5678。'],
      ['电话1-3-8-1-2-3-4-5-6-7-8', '电话138****5678'],
      ['电话013812345678', '电话138****5678'],
      ['电话138.1234.5678。', '电话138****5678。'],
      ['电话138·1234·5678', '电话138****5678'],
      ['联系电话：138/1234/5678', '联系电话：138****5678'],
      ['手机号138,1234,5678', '手机号138****5678'],
      ['Tel 138~1234~5678', 'Tel 138****5678'],
      ['电话(138)1234-5678', '电话138****5678'],
      ['电话+86(138)12345678', '电话138****5678'],
      ['身份证500103.19900307.0025', '身份证5***************25'],
      ['身份证500103/1990/03/07/0025。', '身份证5***************25。'],
      ['身份证500103_19900307_002_5', '身份证5***************25'],
    ] as const)
      assert.equal(masked('inside', { bgnr: text })['bgnr'], expected, text)
  })

  it('lines of results are not joined into numbers', () => {
    for (const text of [
      'WBC\n138\n1234\n5678',
      '110\n13.5\n120',
      '血压 138\n心率 72\n',
      '第一二三四五六次',
      '评分 1 3 8 1 2 3 4 5 6 7 8 9',
      '138.12.34',
      '结果138/1234/5678',
      '(138)12 345',
      '2.16.156.10011.1.3',
      '138.1234.5678.9',
    ])
      assert.equal(masked('inside', { bgnr: text })['bgnr'], text)
  })

  it('X38: what is no text stays what it is', () => {
    for (const value of ['', null, '张', '***', [], {}])
      assert.deepEqual(masked('inside', { bgnr: value })['bgnr'], value)
  })

  it('X32: JSON in a string is cleaned inside and stays a string', () => {
    const bz = masked('inside', { brxm: '欧阳娜娜', bgnr: '{"xm":"欧阳娜娜","身份证":"500103199003070025"}' })['bgnr']
    assert.deepEqual(JSON.parse(String(bz)), { xm: '欧阳**', 身份证: '5***************25' })
  })

  it('X62: what stands for a value in a sentence does not tell its length', () => {
    const said = (name: string) => masked('inside', { brxm: name, bgnr: `昨日${name}诉头痛` })['bgnr']
    assert.equal(said('张三'), said('张三丰'))
    assert.equal(masked('outside', { bgnr: '就职于甲厂', gzdw: '甲厂' })['bgnr'], '就职于甲厂', 'too short to be told')
    assert.equal(masked('outside', { bgnr: '就职于某某机械厂', gzdw: '某某机械厂' })['bgnr'], '就职于***')
  })

  it('X63: a replacement is not looked at again and makes no identifier of what stands beside it', () => {
    const text = '甲状腺癌症状，癌症候选，癌症'
    assert.equal(masked('outside', { bgnr: text })['bgnr'], '甲状腺癌症状，癌症候选，CA')
    assert.equal(masked('outside', { brxm: '癌症', bgnr: '癌症' })['bgnr'], '癌**', 'a name is a name first')
    const terms = lexiconOf(
      new Map([
        [
          'd',
          dictionary([
            { term: '甲病', replacement: '138' },
            { term: '乙病', replacement: '-' },
            { term: '丙病', replacement: '姓名' },
            { term: '丁病', replacement: 'cc.com' },
          ]),
        ],
      ]),
    ).matcher({ today: () => '2026-11-21', role: null, care: false, dictionaries: null, own: false })
    const scrubbed = (raw: string) => scrubText(raw, { known: null, treat: () => '<ID>', terms })
    for (const [raw, expected] of [
      ['甲病12345678', '<ID>'],
      ['致电138乙病1234乙病5678', '致电<ID>'],
      ['丙病:张三丰，来诊', '姓名:<ID>，来诊'],
      ['lisi@丁病', '<ID>'],
      ['甲病，丙病', '138，姓名'],
    ] as const) {
      assert.equal(scrubbed(raw), expected)
      assert.equal(scrubbed(expected), expected)
    }
  })

  it('X63: identifiers are protected spans: no term in them, nor across their border, whether they stay or go', () => {
    const terms = lexiconOf(
      new Map([
        [
          'd',
          dictionary([
            { term: 'cancer', replacement: 'CA' },
            { term: '电话138', replacement: '联系' },
          ]),
        ],
      ]),
    ).matcher({ today: () => '2026-11-21', role: null, care: false, dictionaries: null, own: false })
    const scrubbed = (raw: string, text: string | null) => scrubText(raw, { known: null, treat: () => text, terms })
    assert.equal(scrubbed('lisi@cancer.com: cancer', null), 'lisi@cancer.com: CA')
    assert.equal(scrubbed('lisi@cancer.com: cancer', '<ID>'), '<ID>: CA')
    assert.equal(scrubbed('电话13812345678', '<ID>'), '电话<ID>')
    assert.equal(scrubbed('电话138楼', '<ID>'), '联系楼')
  })

  it('X64: masking twice is masking once', () => {
    for (const role of ['inside', 'outside'] as const)
      for (const format of ['json'] as const) {
        const plan = planFor(role, format)
        const once = mask(plan, JSON.stringify({ brxm: '张三丰', bgnr: NOTE, bz: '肺炎，血红蛋白 132 g/L', x: NOTE }))
        assert.equal(mask(plan, once), once)
      }
  })

  it('X66: markup and formulas in a text stay text', () => {
    const text = '<script>alert(1)</script> =HYPERLINK("x")'
    const out = mask(planFor('inside', 'json'), JSON.stringify({ brxm: '张三丰', bgnr: `${text} 张三丰` }))
    assert.equal(JSON.parse(out).bgnr, `${text} 张**`)
  })

  it('HL7 v2: FT with line breaks, an unpaired escape, delimiters in the text; the message stays well formed', () => {
    const message = (text: string) =>
      `MSH|^~\\&|A|B|C|D|20261121||ORU^R01|1|P|2.4\rPID|1||||张三丰\rOBX|1|FT|R^r||${text}||||||F\r`
    const out = mask(planFor('inside', 'hl7v2'), message('患者张三丰\\.br\\电话138\\X31323334\\5678 a\\T\\b'))
    assert.equal(out, message('患者张**\\.br\\电话138****5678 a\\T\\b').replace('||||张三丰', '||||张**'))
  })

  it('FHIR: notes and conclusions', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        { resource: { resourceType: 'Patient', id: 'p1', name: [{ family: '张', given: ['三丰'] }] } },
        {
          resource: {
            resourceType: 'DiagnosticReport',
            id: 'd1',
            status: 'final',
            code: { text: 'CT' },
            conclusion: '张三丰甲状腺癌症状明显',
          },
        },
      ],
    }
    const out = JSON.parse(mask(planFor('inside', 'fhir'), JSON.stringify(bundle)))
    assert.equal(out.entry[1].resource.conclusion, '张**甲状腺癌症状明显')
  })
})

describe('codes-only', () => {
  it('terms, numbers with units, negation; nothing else', () => {
    for (const [text, expected] of [
      ['诊断为免疫性血小板减少症，血小板计数 45×10^9/L，否认癌症病史', 'D69.3；PLT 45×10^9/L；否认 CA'],
      ['血红蛋白：132，肌酐 110 μmol/L', 'HGB 132；Cr 110μmol/L'],
      ['肌酐阴性', 'Cr 阴性'],
      ['未见肺炎。发热3天', '未见 pneumonia；fever 3天'],
      ['体重 62.5 kg，身高170cm', '62.5kg；170cm'],
    ] as const)
      assert.equal(masked('outside', { bz: text })['bz'], expected, text)
  })

  it('one identifier withholds the text', () => {
    for (const text of [
      NOTE,
      '肺炎，电话13812345678',
      '癌症 500103199003070025',
      '92岁，发热3天',
      '报告医师：王建国 肺炎',
    ])
      assert.equal('bz' in masked('outside', { bz: text }), false, text)
    assert.equal('bz' in masked('outside', { brxm: '王菲', bz: '王菲肺炎' }), false, 'a known value')
  })

  it('nothing to say: the text goes', () => {
    for (const text of ['王菲', '12', '2026年3月', '张三丰住3床', '3次/日', '5元', '第2号楼12层', 'C12345'])
      assert.equal('bz' in masked('outside', { bz: text }), false, text)
  })
})
