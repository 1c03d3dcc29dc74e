/** X29 to X38: keys, duplicates, numbers, pairs and odd roots of HIS JSON. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, masked, planFor, policy, rulesWith } from './fixture.ts'

const outside = planFor('third-party', 'json')
/** shows surnames: what becomes of a name's value is seen */
const surnames = planFor('surnames', 'json', {
  rules: rulesWith([policy('surnames', ['person-name: mask'], 'drop', 'drop')]),
})
const nurse = planFor('nurse', 'json')
const research = planFor('research', 'json')
/** redacts what it does not know; care only cleans it, since it may see names */
const closed = planFor('closed', 'json', { rules: rulesWith([policy('closed', [], 'redact', 'redact')]) })

describe('HIS JSON', () => {
  it('X29: every spelling of a key is the key', () => {
    const keys = [
      'PatientName',
      'PATIENT_NAME',
      'patient-name',
      ' patientName ',
      'ｎａｍｅ',
      'pаtientName',
      'pat\u200bientName',
      '姓名',
      '患者 姓名',
      'BRXM',
      'bingrenxm',
    ]
    for (const key of keys) assert.deepEqual(masked(surnames, { [key]: '张三丰' }), { [key]: '张**' }, key)
  })

  it('X30: each of two members of one name is masked', () => {
    assert.equal(mask(surnames, '{"name":"张三","name":"李四"}'), '{"name":"张**","name":"李**"}')
  })

  it('X31: names of the runtime are data', () => {
    const out = mask(closed, '{"__proto__":"张三","constructor":{"prototype":"李四"},"toString":"王五"}')
    assert.equal(out, '{"__proto__":"***","constructor":{"prototype":"***"},"toString":"***"}')
  })

  it('X33: the label of a pair stays, its value is the element', () => {
    const pairs = [
      { name: '姓名', value: '张三' },
      { label: '身份证号', value: 500103199003070000 },
      { key: '住址', val: '重庆市渝中区示例路10号' },
    ]
    const out = mask(nurse, pairs)
    assert.match(out, /"name":"姓名","value":"张三"/)
    assert.match(out, /"label":"身份证号","value":"5\*+00"/)
    assert.match(out, /"key":"住址","val":"重庆市\*\*\*"/)
  })

  it('X33: a second label or a label in an array does not hide the first', () => {
    assert.doesNotMatch(mask(research, { name: '姓名', label: '备注', value: '张三丰' }), /张三/)
    assert.doesNotMatch(mask(nurse, { name: ['身份证号'], value: ['500103199003070025'] }), /5001031990/)
    assert.doesNotMatch(mask(outside, { name: '姓名' + '\u200b'.repeat(40), value: 'x' }), /\u200b{40}/)
  })

  it('X33: keys that are payload are replaced', () => {
    const out = mask(closed, { '500103199003070025': { a: 1 }, '13812345678': 2, 患者张三: 3, 'a@b.com': 4, 床旁: 5 })
    assert.doesNotMatch(out, /5001031990|138123|张三|a@b|床旁/)
    assert.equal(Object.keys(JSON.parse(out)).length, 5)
    assert.doesNotMatch(
      mask(nurse, { '500103199003070025': { a: 1 }, '13812345678': 2, 'a@b.com': 4 }),
      /5001031990|138123|a@b/,
    )
  })

  it('X34: spellings of numbers that stay are untouched', () => {
    const text = '{"je":1.10,"zfy":-0,"price":1e400,"jgz":5.60,"fy":1E-7}'
    assert.equal(mask(research, text), text)
  })

  it('X34: numbers that are somebody go', () => {
    const out = mask(research, '{"sjh":13812345678,"sfzh":500103199003070025,"jgz":12345678901234567890}')
    assert.doesNotMatch(out, /13812345678|5001031990|1234567890/)
  })

  it('X35: every root has a defined result', () => {
    assert.equal(mask(closed, '"张三"'), '"***"')
    assert.equal(mask(closed, '[["张三",13812345678]]'), '[["***","***"]]')
    assert.equal(mask(nurse, 'null'), 'null')
    assert.equal(mask(closed, '\ufeff{"a":"张三"}'), '\ufeff{"a":"***"}')
    assert.equal(mask(outside, '"张三"'), 'null')
    for (const text of ['', '{"a":1} {"b":2}', '{"a":1,}', '/**/{}', '{"a":NaN}', "{'a':1}"])
      assert.equal(mask(nurse, text), 'PAYLOAD_UNPARSEABLE', text)
  })

  it('X38: short, empty, nested and invisible values', () => {
    const out = masked(surnames, {
      brxm: '张',
      name: '',
      patientname: null,
      fullname: ['张三', ['李四']],
      truename: { a: '王五' },
    })
    assert.deepEqual(out, { brxm: '***', name: '', patientname: null, fullname: ['张**', ['李**']], truename: {} })
    assert.deepEqual(masked(surnames, { brxm: '\u{e0031}\u{e0033}' }), {}, 'tag characters hide text')
    assert.deepEqual(masked(surnames, { brxm: '  ' }), { brxm: '  ' }, 'blanks are no value')
  })

  it('keep by kind: what is no value of its kind is nobody known', () => {
    const out = masked(research, { jgz: '张三', je: '13812345678', xmmc: '患者张三', rysj: '张三', jgzz: 1 })
    assert.deepEqual(out, {}, 'nothing of it is a term or a number with a unit')
    assert.deepEqual(masked(research, { jgz: '阴性', jgzz: '未见糖尿病' }), { jgz: '阴性', jgzz: '未见 E14' })
  })

  it('own tokens pass, what only looks like one does not', () => {
    const once = mask(research, { zyh: 'ZY20260001' })
    assert.equal(mask(research, once), once)
    assert.doesNotMatch(mask(research, { zyh: 'PABCDEFGHIJKLMNOPQRS' }), /PABCDEFGHIJ/)
  })

  it('own tokens pass in sentences too, whatever word stands before them', () => {
    const rules = rulesWith([
      policy('told', ['mobile: pseudonym', 'inpatient-no: drop', 'report-text: scrub'], 'drop', 'drop'),
    ])
    const plan = planFor('told', 'json', { rules })
    const once = mask(plan, { sjh: '13812345678', bgnr: '住院号13812345678，住院号ZY20260001' })
    assert.match(once, /"bgnr":"住院号P[A-Z2-7]{19}，住院号\*\*\*"/)
    assert.equal(mask(plan, once), once)
    assert.match(mask(plan, { bgnr: '住院号PABCDEFGHIJKLMNOPQ23' }), /住院号\*\*\*/)
  })

  it('what a dictionary does not hold is kept by kind too', () => {
    const line = 'lab-item: { method: substitute, dictionary: department, otherwise: keep }'
    const plan = planFor('told', 'json', { rules: rulesWith([policy('told', [line], 'drop', 'drop')]) })
    const kept = { xmmc: '白细胞计数', xmdm: '6690-2' }
    assert.deepEqual(masked(plan, kept), kept)
    assert.deepEqual(masked(plan, { xmmc: '13812345678', xmdm: 'ZY20260001 13812345678' }), {
      xmmc: '***',
      xmdm: '***',
    })
    assert.equal(mask(plan, '{"xmdm":6690}'), '{"xmdm":6690}')
    assert.equal(mask(plan, '{"xmmc":13812345678}'), '{"xmmc":"***"}')
  })
})
