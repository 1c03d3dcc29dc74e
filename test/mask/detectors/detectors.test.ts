import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passesLuhn } from '../../../src/mask/detectors/bank-card.ts'
import { DETECTORS, detect, detectsAnything } from '../../../src/mask/detectors/index.ts'
import { chance, randomValue } from '../fixtures.ts'

const found = (text: string, strict = true, prose = false): string[] =>
  detect(text, { strict, prose }).map((h) => `${h.detector}:${text.slice(h.start, h.end)}`)

test('detectors have unique names', () => {
  assert.equal(new Set(DETECTORS.map((d) => d.name)).size, DETECTORS.length)
})

const HITS: readonly (readonly [string, readonly string[]])[] = [
  ['住院号ZY20260001HGB13812345678', ['record-no:ZY20260001HGB', 'mobile:13812345678']],
  ['住院号ZY2026-13812345678-77', ['record-no:ZY2026-', 'mobile:13812345678', 'record-no:-77']],
  ['11010519491231002X', ['resident-id:11010519491231002X']],
  ['500103199003070025', ['resident-id:500103199003070025']],
  ['810000198504120047', ['resident-id:810000198504120047']],
  ['830000198504120032', ['resident-id:830000198504120032']],
  ['911000198001010035', ['resident-id:911000198001010035']],
  ['号码500103 19900307 0025。', ['resident-id:500103 19900307 0025']],
  ['５００１０３１９９００３０７００２５', ['resident-id:５００１０３１９９００３０７００２５']],
  ['500103\u200b199003070025', ['resident-id:500103\u200b199003070025']],
  ['500103–19900307–0025', ['resident-id:500103–19900307–0025']],
  ['x500103199003070025y', ['resident-id:500103199003070025']],
  ['身份证500103900307002', ['resident-id:500103900307002']],
  ['6222021234567890128', ['bank-card:6222021234567890128']],
  ['6217 0000 0000 0006', ['bank-card:6217 0000 0000 0006']],
  ['13812345678', ['mobile:13812345678']],
  ['+86 138-1234-5678', ['mobile:+86 138-1234-5678']],
  ['电话：１３８１２３４５６７８', ['mobile:１３８１２３４５６７８']],
  ['13812345678.0', ['mobile:13812345678']],
  ['023-68765432', ['landline:023-68765432']],
  ['(0571)87654321-801', ['landline:(0571)87654321-801']],
  ['+86 23 68765432', ['landline:+86 23 68765432']],
  ['zhangsan@example.com', ['email:zhangsan@example.com']],
  ['E12345678', ['passport:E12345678']],
  ['EA1234567', ['passport:EA1234567']],
  ['H1234567801', ['travel-permit:H1234567801']],
  ['A123456(7)', ['travel-permit:A123456(7)']],
  ['台胞证12345678', ['travel-permit:12345678']],
  ['USA310080010101', ['foreign-resident:USA310080010101']],
  ['军字第1234567号', ['military:军字第1234567号']],
  ['渝A12345', ['plate:渝A12345']],
  ['渝A·12345', ['plate:渝A·12345']],
  ['渝AD12345', ['plate:渝AD12345']],
  ['渝B12345F', ['plate:渝B12345F']],
  ['住院号：ZY20260001', ['record-no:ZY20260001']],
  ['患者：张三丰，女', ['name:张三丰']],
  ['患者阿卜杜·热合曼，男', ['name:阿卜杜·热合曼']],
  ['家属李四 13900001111 已签字', ['name:李四', 'mobile:13900001111']],
  [
    '患者张三丰，女，36岁，住院号ZY20260001，甲状腺癌症状明显，联系电话 138 1234 5678。',
    ['name:张三丰', 'record-no:ZY20260001', 'mobile:138 1234 5678'],
  ],
]

test('what is found, and where in the text as sent', () => {
  for (const [text, expected] of HITS) {
    assert.deepEqual(found(text), expected, text)
    assert.equal(detectsAnything(text), true, text)
  }
})

/** what only prose is asked for */
const PROSE_HITS: readonly (readonly [string, readonly string[]])[] = [
  ['女，92岁', ['age:92岁']],
  ['享年一百零二岁', ['age:一百零二岁']],
  ['九十三岁', ['age:九十三岁']],
  ['a 94 years old man', ['age:94 years old']],
  ['报告医师：王建国 审核医师：李敏', ['staff-name:王建国', 'staff-name:李敏']],
  ['李主任查房，指示', ['staff-name:李']],
  ['，王建国主任医师会诊', ['staff-name:王建国']],
  ['见 http://10.0.0.5:8080/p?id=00123456 。', ['network:http://10.0.0.5:8080/p?id=00123456']],
  ['主机 10.0.0.5 离线', ['network:10.0.0.5']],
  ['网卡 00:1B:44:11:3A:B7', ['network:00:1B:44:11:3A:B7']],
  ['患者高明因腹痛入院', ['name:高明']],
  ['联系电话68765432', ['landline:68765432']],
  ['医保卡号：1234567890', ['record-no:1234567890']],
  ['通行证C12345678', ['travel-permit:C12345678']],
  ['卡号 4111  1111  1111  1111', ['bank-card:4111  1111  1111  1111']],
  ['6 2 2 2 0 2 1 2 3 4 5 6 7 8 9 0 1 2 8', ['bank-card:6 2 2 2 0 2 1 2 3 4 5 6 7 8 9 0 1 2 8']],
  ['拨013812345678。', ['mobile:013812345678']],
  ['肇事车渝 A12345', ['plate:渝 A12345']],
  ['肇事车渝A-12345', ['plate:渝A-12345']],
  ['邮箱zhangsan @ example.com', ['email:zhangsan @ example.com']],
]

test('what only prose is asked for', () => {
  for (const [text, expected] of PROSE_HITS) assert.deepEqual(found(text, true, true), expected, text)
})

const PROSE_MISSES = [
  '女，89岁',
  '90岁及以上',
  '150岁',
  '患者高热3天',
  '患者平素体健',
  '患者及家属签字',
  '患者于入院前3天',
  '患者白细胞升高',
  '家属要求出院',
  '管床医生查看',
  '值班护士巡视',
  '经治医师：',
  '主任医师查房',
  '2.16.156.10011.1.3',
  '版本 1.2.3.4.5',
  '10:15-11:20',
  '血压120/80mmHg',
  '125-350',
  '3.5-9.5',
  '统一社会信用代码91310000552936878J',
  '产品编号ABC4111111111111111XYZ',
]

test('what prose is not', () => {
  for (const text of PROSE_MISSES) assert.deepEqual(found(text, true, true), [], text)
})

const MISSES = [
  '',
  '1013812345678',
  '0.013812345678',
  '给予阿莫西林 0.5g @ 8:00',
  'ok',
  '白细胞计数',
  '肌张力增高',
  '12345619900307002512',
  '500103199002300020',
  '913812345678',
  '0.13812345678',
  '1.2.840.113619.13812345678',
  '20261121101500',
  '2026-11-21T10:15:00.000+08:00',
  '1.10',
  '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  'd41d8cd98f00b204e9800998ecf8427e',
  '国药准字H20203456',
  '1234567890123456',
  '718-7',
  'C34.900x001',
  '271649006',
  '患者自述不适。',
  '患者因腹痛入院，',
  'Hemoglobin [Mass/volume] in Blood',
  '91500000MA5U000000',
]

test('what is not an identifier', () => {
  for (const text of MISSES) {
    assert.deepEqual(found(text), [], text)
    assert.equal(detectsAnything(text), false, text)
  }
})

test('a failed check digit is a typing error of a real number: found when strict, which is the default', () => {
  assert.deepEqual(found('500103199003070026', false), [])
  assert.deepEqual(found('500103199003070026'), ['resident-id:500103199003070026'])
  assert.equal(detectsAnything('500103199003070026'), true)
})

test('Luhn', () => {
  assert.ok(passesLuhn('6222021234567890128') && passesLuhn('6217000000000006'))
  assert.ok(!passesLuhn('6222021234567890129'))
  assert.deepEqual(found('编号1234567890123452'), [])
  assert.deepEqual(found('卡号4234567890123457').length, passesLuhn('4234567890123457') ? 1 : 0)
})

test('hits lie inside the text, in order, without overlap; both doors agree; any text ends', () => {
  const pick = chance(3)
  for (let i = 0; i < 4000; i++) {
    const text = randomValue(pick) + randomValue(pick)
    const hits = detect(text)
    assert.equal(hits.length > 0, detectsAnything(text), text)
    let from = 0
    for (const { start, end } of hits) {
      assert.ok(start >= from && end > start && end <= text.length, text)
      from = end
    }
  }
})

test('a hundred thousand hits are claimed in linear time', () => {
  const text = '13812345678,'.repeat(100_000)
  const began = process.cpuUsage()
  assert.equal(detect(text, { prose: true }).length, 100_000)
  assert.ok(process.cpuUsage(began).user < 3_000_000)
})

test('time grows with length, not with its square', () => {
  for (const unit of [
    '1',
    '1-',
    'a',
    'a@',
    'a.',
    '患者',
    '住院号',
    '0571-',
    '6222 ',
    '张',
    '患者某·',
    '医生',
    '一',
    '1.',
    '1:',
    'http://a',
    '病案号:a',
  ]) {
    const text = unit.repeat(Math.floor(60_000 / unit.length))
    const began = process.cpuUsage()
    detectsAnything(text)
    detect(text, { prose: true })
    const { user } = process.cpuUsage(began)
    assert.ok(user < 1_500_000, `${unit}: ${user} microseconds`)
  }
})
