/** What the methods write for the values of the domain, and for the values that other libraries let through. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonical } from '../../../src/mask/kinds.ts'
import { methodByName } from '../../../src/mask/transforms/index.ts'
import { apply, bind, chance, effects, elementById, type Params, placeOf } from '../fixtures.ts'

type Row = readonly [method: string, params: Params, element: string, raw: string, result: string | null]

function table(name: string, rows: readonly Row[]): void {
  test(name, () => {
    for (const [method, params, id, raw, result] of rows)
      assert.equal(apply(method, params, id, raw), result, `${method} ${JSON.stringify(params)} ${id} ${raw}`)
  })
}

table('mask by kind and element', [
  ['mask', {}, 'person-name', '张三', '张**'],
  ['mask', {}, 'person-name', '欧阳娜娜', '欧阳**'],
  ['mask', {}, 'person-name', '欧阳', '欧**'],
  ['mask', {}, 'person-name', '阿卜杜·热合曼', '阿**'],
  ['mask', {}, 'person-name', '阿卜杜•热合曼', '阿**'],
  ['mask', {}, 'person-name', 'John Smith', 'J**'],
  ['mask', {}, 'person-name', '张三之女', '张**之女'],
  ['mask', {}, 'person-name', '欧阳娜娜之子', '欧阳**之子'],
  ['mask', {}, 'person-name', '无名氏', '无名氏'],
  ['mask', {}, 'person-name', '未知', '未知'],
  ['mask', {}, 'person-name', '𠮷田', '𠮷**'],
  ['mask', { length: 'same' }, 'person-name', '段正淳', '段**'],
  ['mask', { length: 'same' }, 'person-name', '张三', '张*'],
  ['mask', { keep: '1+1' }, 'person-name', '张小明', '张**明'],
  ['mask', {}, 'resident-id', '500103199003070025', '5***************25'],
  ['mask', {}, 'resident-id', '11010519491231002x', '1***************2X'],
  ['mask', {}, 'resident-id', '50010319900307002５', '5***************25'],
  ['mask', {}, 'resident-id', '500103 19900307 0025', '5***************25'],
  ['mask', {}, 'resident-id', '500103-1990-0307-0025', '5***************25'],
  ['mask', {}, 'resident-id', '500103900307002', '5************02'],
  ['mask', {}, 'resident-id', '50010319900307', '***'],
  ['mask', { keep: '0+0', length: 'same' }, 'resident-id', '500103199003070025', '******************'],
  ['mask', {}, 'mobile', '13812345678', '138****5678'],
  ['mask', {}, 'mobile', '+86 138-1234-5678', '138****5678'],
  ['mask', {}, 'mobile', 'tel:+8613812345678', '138****5678'],
  ['mask', {}, 'mobile', '１３８１２３４５６７８', '138****5678'],
  ['mask', { keep: '0+4' }, 'mobile', '138****5678', '*******5678'],
  ['mask', { keep: '0+4' }, 'landline', '(0571)87654321-801', '********4321'],
  ['mask', {}, 'landline', '023-68765432', '023-****5432'],
  ['mask', {}, 'landline', '(0571)87654321-801', '0571-****4321'],
  ['mask', {}, 'landline', '+86 23 6876 5432', '023-****5432'],
  ['mask', { char: 'X' }, 'landline', '023-68765432', '023-XXXX5432'],
  ['mask', {}, 'email', 'zhangsan@example.com', 'z***@example.com'],
  ['mask', {}, 'email', 'mailto:Zhang@EXAMPLE.com', 'Z***@example.com'],
  ['mask', {}, 'email', 'z@example.com', '*@example.com'],
  ['mask', {}, 'bank-card', '6222 0212 3456 7890 128', '***************0128'],
  ['mask', {}, 'plate', '渝A12345', '渝A1***5'],
  ['mask', {}, 'plate', '渝A·12345', '渝A1***5'],
  ['mask', {}, 'plate', '渝AD12345', '渝AD****5'],
  ['mask', {}, 'plate', '渝B12345F', '渝B1****F'],
  ['mask', {}, 'plate', '渝A123456789', '渝A***'],
  ['mask', {}, 'other-document', 'E12345678', 'E******78'],
  ['mask', {}, 'other-document', 'H12345601', 'H******01'],
  ['mask', {}, 'other-document', '军字第1234567号', '军字第****号'],
  ['mask', {}, 'record-no', '00123456', '00****56'],
  ['mask', {}, 'record-no', 'ZY20260001', 'ZY****01'],
  ['mask', {}, 'insurance-no', '500230123456', '********3456'],
  ['mask', {}, 'insurance-token', '5002301234560000000000000000', '***'],
  ['mask', { keep: '4+4' }, 'credential', 'Bearer-abcdefghijkl', '***'],
  ['mask', {}, 'postcode', '400000', '40****'],
  ['mask', {}, 'address', '重庆市渝中区示例路10号1单元', '重庆市***'],
  ['mask', {}, 'employer', '重庆某某机械有限公司', '***'],
  ['mask', { keep: '2+0' }, 'employer', '重庆某某机械有限公司', '重庆***'],
])

table('mask by span, one mark per hidden code point', [
  ['mask', { keep: '6+4', length: 'same' }, 'employer', '500103199003070025', '500103********0025'],
  ['mask', { keep: '6+4', length: 'same' }, 'employer', '1234567890', '**********'],
  ['mask', { keep: '6+4', length: 'same' }, 'employer', '12345678901', '123456*8901'],
  ['mask', { keep: '6+4', length: 'same' }, 'employer', '重庆某某机械设备有限公司', '重庆某某机械**有限公司'],
  ['mask', { keep: '1+0', length: 'same' }, 'employer', '张三丰', '张**'],
  ['mask', { keep: '1+0', length: 'same' }, 'employer', '张', '*'],
  ['mask', { first: 1, last: 1, length: 'same' }, 'employer', '😀😁😂', '😀*😂'],
  ['mask', { keep: '1+2', char: '?', length: 'fixed' }, 'resident-id', '500103199003070025', '5???25'],
])

table('leaks of other libraries (short and odd values come back unchanged there)', [
  // hutool DesensitizedUtil
  ['mask', {}, 'person-name', '张', '***'],
  ['mask', {}, 'mobile', '8765432', '***'],
  ['mask', {}, 'mobile', '123', '***'],
  ['mask', {}, 'landline', '876543', '***'],
  ['mask', {}, 'landline', '12345', '***'],
  ['mask', {}, 'bank-card', '12345678', '***'],
  ['mask', {}, 'bank-card', '1', '***'],
  ['mask', {}, 'plate', '渝A1234', '渝A***'],
  ['mask', {}, 'plate', '渝A1', '***'],
  ['mask', {}, 'plate', '渝A1234567', '渝A***'],
  ['mask', {}, 'plate', 'A12345', '***'],
  ['mask', {}, 'email', 'a@example.com', '*@example.com'],
  ['mask', {}, 'email', '@example.com', '***'],
  ['mask', {}, 'email', 'no-at-sign', '***'],
  ['mask', {}, 'email', 'a@b@example.com', '***'],
  ['mask', {}, 'email', 'zhangsan@localhost', '***'],
  ['mask', {}, 'resident-id', '5', '***'],
  ['mask', {}, 'resident-id', '5001', '***'],
  ['mask', {}, 'record-no', '123', '***'],
  ['mask', {}, 'record-no', '1234567', '***'],
  ['mask', {}, 'other-document', 'E1', '***'],
  // ShardingSphere KEEP_FIRST_N_LAST_M: length <= n + m
  ['mask', { keep: '3+4', length: 'same' }, 'employer', '1234567', '*******'],
  ['mask', { keep: '3+4', length: 'same' }, 'employer', '12', '**'],
  ['mask', { keep: '3+4' }, 'employer', '1234567', '***'],
  ['mask', { keep: '1+2' }, 'resident-id', '500', '***'],
  ['mask', { keep: '3+4' }, 'mobile', '1234567', '*******'],
  // Apinto partial-masking: begin > length
  ['mask', { first: 50 }, 'employer', '重庆某某机械有限公司', '***'],
  ['mask', { last: 99, length: 'same' }, 'employer', '重庆', '**'],
])

table('truncate', [
  ['truncate', { keep: 'city' }, 'address', '重庆市渝中区示例路10号1单元', '重庆市***'],
  ['truncate', { keep: 'city' }, 'address', '江苏省苏州市昆山市花桥镇示例大道1号', '江苏省苏州市***'],
  ['truncate', { keep: 'province' }, 'address', '江苏省苏州市昆山市花桥镇示例大道1号', '江苏省***'],
  ['truncate', { keep: 'province' }, 'address', '江苏省苏州市***', '江苏省***'],
  ['truncate', { keep: 'city' }, 'address', '重庆市重庆市渝中区', '重庆市***'],
  ['truncate', { keep: 'city' }, 'address', '广东深圳南山区', '广东省深圳市***'],
  ['truncate', { keep: 'city' }, 'address', '内蒙古呼和浩特新城区', '内蒙古自治区呼和浩特市***'],
  ['truncate', { keep: 'city' }, 'address', '广西南宁市', '广西壮族自治区南宁市***'],
  ['truncate', { keep: 'city' }, 'address', '湖北省仙桃市干河街道', '湖北省***'],
  ['truncate', { keep: 'city' }, 'address', '海南省文昌市', '海南省***'],
  ['truncate', { keep: 'city' }, 'address', '河南省济源市', '河南省***'],
  ['truncate', { keep: 'city' }, 'address', '新疆石河子市', '新疆维吾尔自治区***'],
  ['truncate', { keep: 'city' }, 'address', '昆山市花桥镇', '***'],
  ['truncate', { keep: 'city' }, 'address', '苏州市昆山市花桥镇', '江苏省苏州市***'],
  ['truncate', { keep: 'city' }, 'address', '吉林市船营区', '吉林省吉林市***'],
  ['truncate', { keep: 'city' }, 'address', '海南藏族自治州共和县', '青海省海南藏族自治州***'],
  ['truncate', { keep: 'city' }, 'address', '户口所在地：重庆渝北区', '重庆市***'],
  ['truncate', { keep: 'city' }, 'address', '中国江苏省南京市', '江苏省南京市***'],
  ['truncate', { keep: 'city' }, 'address', '北京东路12号', '***'],
  ['truncate', { keep: 'city' }, 'address', '河北区中山路3号', '***'],
  ['truncate', { keep: 'city' }, 'address', '广东省中山路12号', '广东省***'],
  ['truncate', { keep: 'city' }, 'address', '台湾省台北市', '台湾省***'],
  ['truncate', { keep: 'city' }, 'address', '香港特别行政区中西区', '香港特别行政区***'],
  ['truncate', { keep: 'city' }, 'address', 'No. 10 Shili Road, Chongqing', '***'],
  ['truncate', { keep: 'city' }, 'address', '学生宿舍3栋', '***'],
  ['truncate', { keep: 'city' }, 'address', '　江苏　苏州　昆山', '江苏省苏州市***'],
])

table('dates, ages and what a resident ID tells', [
  ['year', {}, 'birth-date', '1990-03-07', '1990'],
  ['year', {}, 'birth-date', '19900307', '1990'],
  ['year', {}, 'birth-date', '1990年3月7日', '1990'],
  ['year', {}, 'birth-date', '1990', '1990'],
  ['year', {}, 'birth-date', '1935-06-07', null],
  ['year', {}, 'birth-date', '1937-12-31', '1937'],
  ['year', {}, 'birth-date', '1936', null],
  ['year', {}, 'birth-date', '1990-02-30', null],
  ['year', {}, 'birth-date', '三月', null],
  ['month', {}, 'birth-date', '1990-03-07T08:00:00+08:00', '1990-03'],
  ['month', {}, 'birth-date', '1990', null],
  ['month', {}, 'birth-date', '1936-10-01', null],
  ['age-band', { width: 5, top: 90 }, 'age', '36', '35-39岁'],
  ['age-band', { width: 10, top: 90 }, 'age', '36岁', '30-39岁'],
  ['age-band', { width: 5, top: 90 }, 'age', '90', '90岁及以上'],
  ['age-band', { width: 5, top: 90 }, 'age', '89', '85-89岁'],
  ['age-band', { width: 5, top: 90 }, 'age', '3天', '<1岁'],
  ['age-band', { width: 5, top: 90 }, 'age', '5月龄', '<1岁'],
  ['age-band', { width: 5, top: 90 }, 'age', '2', '1-4岁'],
  ['age-band', { width: 5, top: 90 }, 'age', '成人', '***'],
  ['age-band', { width: 5, top: 90 }, 'age', '999', '***'],
  ['age-band', { width: 5, top: 90 }, 'birth-date', '1990-03-07', '35-39岁'],
  ['age-band', { width: 5, top: 90 }, 'birth-date', '2026-11-01', '<1岁'],
  ['age-band', { width: 5, top: 90 }, 'birth-date', '2027-01-01', '***'],
  ['age-band', { width: 5, top: 90 }, 'resident-id', '500103199003070025', '35-39岁'],
  ['age-band', { width: 5, top: 90 }, 'resident-id', '500103193506070513', '90岁及以上'],
  ['age-band', { width: 5, top: 90 }, 'resident-id', '500103199003070026', '***'],
  ['birth', {}, 'resident-id', '500103199003070025', '1990-03-07'],
  ['birth', {}, 'resident-id', '500103199002300020', '***'],
  ['birth', {}, 'resident-id', '500103199003070026', '***'],
  ['region', { keep: 'province' }, 'resident-id', '500103199003070025', '重庆市'],
  ['region', { keep: 'city' }, 'resident-id', '11010519491231002X', '北京市'],
  ['region', { keep: 'province' }, 'resident-id', '810000198504120047', '香港特别行政区'],
  ['region', { keep: 'province' }, 'resident-id', '830000198504120032', '台湾省'],
  ['region', { keep: 'province' }, 'resident-id', '911000198001010035', '***'],
  ['region', { keep: 'province' }, 'resident-id', '12345', '***'],
])

test('the day decides the age', () => {
  assert.equal(apply('age-band', { width: 5, top: 90 }, 'resident-id', '500103199003070025', '2030-03-06'), '35-39岁')
  assert.equal(apply('age-band', { width: 5, top: 90 }, 'resident-id', '500103199003070025', '2030-03-07'), '40-44岁')
})

const SUB = { dictionary: 'diagnosis', otherwise: 'category-code', 'with-code': true }

table('substitute', [
  ['substitute', SUB, 'diagnosis', '癌症', 'CA'],
  ['substitute', SUB, 'diagnosis', ' 癌症　', 'CA'],
  ['substitute', SUB, 'diagnosis', 'DIABETES  mellitus', 'DM'],
  ['substitute', SUB, 'diagnosis', 'CA', 'CA'],
  ['substitute', SUB, 'diagnosis', '肝癌', '***'],
  ['substitute', SUB, 'diagnosis', '旧词', '***'],
  ['substitute', SUB, 'diagnosis', 'C34.900x001', 'C34'],
  ['substitute', { ...SUB, otherwise: 'drop' }, 'diagnosis', '肝癌', null],
  ['substitute', { ...SUB, otherwise: 'redact' }, 'diagnosis', 'C34.9', '***'],
  ['substitute', { dictionary: 'nowhere', otherwise: 'redact' }, 'diagnosis', '癌症', '***'],
])

test('substitute treats the code of a coding with its text', () => {
  const e = elementById('diagnosis')
  const run = (params: Params, value: string, companion: string | null) =>
    bind('substitute', params, e).apply(value, placeOf(e, { role: 'code', companion }))
  assert.equal(run(SUB, 'D69.301', '免疫性血小板减少症'), 'D69.3')
  assert.equal(run({ ...SUB, 'with-code': false }, 'D69.301', '免疫性血小板减少症'), null)
  assert.equal(run(SUB, 'C22.0', '肝癌'), 'C22')
  assert.equal(run({ ...SUB, otherwise: 'redact' }, 'C22.0', '肝癌'), null)
  const text = bind('substitute', SUB, e).apply('肝癌', placeOf(e, { companion: 'C22.0' }))
  assert.equal(text, 'C22')
})

test('own tokens pass what leaves more than they do, not redact and drop', () => {
  const e = elementById('resident-id')
  const token = bind('pseudonym', {}, e).apply('500103199003070025', placeOf(e)) as string
  assert.match(token, /^P[A-Z2-7]{19}$/)
  for (const method of ['mask', 'birth', 'region', 'age-band', 'pseudonym'])
    assert.equal(bind(method, {}, e).apply(canonical('identifier', token), placeOf(e)), token, method)
  assert.equal(bind('redact', {}, e).apply(token, placeOf(e)), '***')
  assert.equal(bind('drop', {}, e).apply(token, placeOf(e)), null)
  const lookalike = `P${'A'.repeat(19)}`
  assert.notEqual(bind('mask', {}, e).apply(lookalike, placeOf(e)), lookalike)
})

test('a person-name becomes the token of its subject, a staff name its own', () => {
  const name = elementById('person-name')
  const bound = bind('pseudonym', {}, name)
  assert.equal(bound.apply('张三', placeOf(name, { subject: 'PSUBJECT' })), 'PSUBJECT')
  assert.notEqual(bound.apply('张三', placeOf(name)), 'PSUBJECT')
  const staff = elementById('staff-name')
  assert.notEqual(bind('pseudonym', {}, staff).apply('王医生', placeOf(staff, { subject: 'PSUBJECT' })), 'PSUBJECT')
})

test('cells that show too much or contradict themselves are refused', () => {
  const mask = methodByName('mask')!
  const problems = (params: Params, id: string) => mask.check!(params, elementById(id)).length
  assert.equal(problems({ keep: '1+2' }, 'resident-id'), 0)
  assert.equal(problems({ keep: '6+4' }, 'resident-id'), 0)
  assert.equal(problems({ keep: '10+4' }, 'resident-id'), 1)
  assert.equal(problems({ keep: '5+4' }, 'mobile'), 1)
  assert.equal(problems({ keep: '1+2', first: 1 }, 'record-no'), 1)
  assert.equal(problems({ keep: '0+4' }, 'credential'), 1)
  for (const name of ['birth', 'region', 'age-band'])
    assert.equal(methodByName(name)!.check!({}, elementById('record-no')).length, 1)
})

test('the bench cells take the fast road: digits, Latin, Han, terms of the dictionary', () => {
  const world = effects()
  const pick = chance(9)
  const road = (method: string, params: Params, id: string, text: string): string | null => {
    const e = elementById(id)
    const source = Buffer.from(text)
    const target = Buffer.alloc(4 * source.length + 64)
    const end = bind(method, params, e, world).bytes!(source, 0, source.length, target, 0)
    return end < 0 ? null : target.toString('utf8', 0, end)
  }
  for (let i = 0; i < 200; i++) {
    const digits = Array.from({ length: 8 + pick(12) }, () => pick(10)).join('')
    const expected =
      digits.length <= 10
        ? '*'.repeat(digits.length)
        : digits.slice(0, 6) + '*'.repeat(digits.length - 10) + digits.slice(-4)
    assert.equal(road('mask', { keep: '6+4', length: 'same' }, 'resident-id', digits), expected)
  }
  assert.equal(road('mask', { keep: '1+0', length: 'same' }, 'person-name', '欧阳娜娜'), '欧***')
  assert.equal(road('mask', {}, 'person-name', '欧阳娜娜'), '欧阳**')
  assert.equal(road('mask', { keep: '3+4', length: 'same' }, 'mobile', '13812345678'), '138****5678')
  assert.equal(road('redact', {}, 'address', '重庆市'), '***')
  assert.equal(road('year', {}, 'birth-date', '1990-03-07'), '1990')
  const redact = { dictionary: 'diagnosis', otherwise: 'redact' }
  assert.equal(road('substitute', redact, 'diagnosis', '癌症'), 'CA')
  assert.equal(road('substitute', redact, 'diagnosis', '肝癌'), '***')
  assert.equal(road('substitute', redact, 'diagnosis', 'diabetes MELLITUS'), 'DM')
  assert.equal(road('substitute', redact, 'diagnosis', '引号'), null, 'a quote is escaped by the format')
})

test('round and noise: a number of ten digits, or a telephone, measures nothing', () => {
  for (const value of ['13812345678', '13812345678.0', '1234567890.5']) {
    assert.equal(apply('round', { places: 1 }, 'lab-value', value), null, value)
    assert.equal(apply('noise', { amount: 5 }, 'lab-value', value), null, value)
  }
  assert.equal(apply('round', { places: 2 }, 'lab-value', '3.14159265358'), '3.14')
  assert.equal(apply('round', { places: 0 }, 'lab-value', '999999999.6'), null)
})

test('substitute: what it keeps it keeps as sent', () => {
  const bound = bind('substitute', { dictionary: 'diagnosis', otherwise: 'keep' }, elementById('diagnosis'))
  const place = { ...placeOf(elementById('diagnosis')), raw: '头痛，待查' }
  assert.equal(bound.apply('头痛,待查', place), '头痛，待查')
})
