/** X33: tables by columns, pairs whose label is any name of an element, identifiers as keys. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mask, planOf, rulesOf, run } from './folded.ts'

const rules = rulesOf()
const outside = planOf('outside', 'json', rules)
const care = planOf('care', 'json', rules)

describe('tables by columns (X33)', () => {
  it('a column is bound by its label; rows keep their places', () => {
    const text =
      '{"columns":["xm","sfzh","brxm","jyxm","note"],"rows":[ ["?", "500103199003070025","张三", "血糖","x"],["b",null,"李四","K+",5] ]}'
    const out =
      '{"columns":["xm","sfzh","brxm","jyxm","note"],"rows":[ ["***", "5***************25","张**", "血糖",null],["***",null,"李**","K+",null] ]}'
    assert.equal(mask(outside, text), out)
  })

  it('columns that are objects name themselves by any of their names', () => {
    const out = JSON.parse(
      mask(
        outside,
        JSON.stringify({
          columns: [
            { field: 'c1', title: '姓名' },
            { field: 'sjh', title: 'x' },
          ],
          rows: [['张三', '13812345678']],
        }),
      ),
    )
    assert.deepEqual(out.rows, [['张**', '138****5678']])
  })

  it('a label of pairs names a column too', () => {
    const out = JSON.parse(
      mask(outside, JSON.stringify({ 表头: ['病人 姓名', '手机号码'], 数据: [['张三', '13812345678']] })),
    )
    assert.deepEqual(out.数据, [['张**', '138****5678']])
  })

  it('scoped keys count in their scope', () => {
    const text = JSON.stringify({
      patient: { columns: ['xm'], rows: [['张三']] },
      other: { columns: ['xm'], rows: [['血糖']] },
    })
    const out = JSON.parse(mask(outside, text))
    assert.deepEqual([out.patient.rows, out.other.rows], [[['张**']], [['***']]])
  })

  it('cells beyond the columns, nested cells and rows that are no arrays are unknown or bound by their own keys', () => {
    const out = JSON.parse(
      mask(
        outside,
        JSON.stringify({
          fields: ['brxm'],
          data: [['张三', '李四', { sjh: '13812345678', z: '王五' }], { brxm: '赵六' }, []],
        }),
      ),
    )
    assert.deepEqual(out.data, [['张**', '***', { sjh: '138****5678', z: '***' }], { brxm: '赵**' }, []])
  })

  it('labels no rule knows are scalars no rule knows', () => {
    const out = JSON.parse(
      mask(outside, JSON.stringify({ columns: ['brxm', '13812345678', 'foo', '张三'], rows: [['a', 'b', 'c', 'd']] })),
    )
    assert.deepEqual(out.columns, ['brxm', '***', '***', '***'])
  })

  it('a removed record takes its row, not its neighbours', () => {
    const plan = planOf('outside', 'json', rules, { rows: '$.rows' })
    const text = JSON.stringify({
      columns: ['brxm', 'icd10'],
      rows: [
        ['张三', 'I10'],
        ['李四', 'B20'],
        ['王五', 'J18'],
      ],
    })
    assert.deepEqual(JSON.parse(mask(plan, text)).rows, [
      ['张**', 'I10'],
      ['王**', 'J18'],
    ])
    assert.equal(run(plan, text).counts?.recordsDropped, 1)
  })

  it('inside a string as well', () => {
    const text = JSON.stringify({
      x: JSON.stringify({ columns: ['brxm', 'jtdz', 'csd'], rows: [['张三', '重庆市', '北京市']] }),
    })
    assert.deepEqual(JSON.parse(JSON.parse(mask(outside, text)).x).rows, [['张**', null, null]])
  })

  it('where the unknown is kept, columns are bound all the same', () => {
    const text = '{"columns":["sjh","zz"],"rows":[["13812345678","张三"]]}'
    assert.equal(mask(care, text), '{"columns":["sjh","zz"],"rows":[["138****5678","张三"]]}')
  })

  it('an object that only has such names is no table', () => {
    const text = '{"columns":["brxm"],"rows":[{"brxm":"张三"}],"fields":{"brxm":"李四"}}'
    assert.deepEqual(JSON.parse(mask(outside, text)).rows, [{ brxm: '张**' }])
  })
})

describe('pairs', () => {
  const cases: readonly [unknown, unknown][] = [
    [{ name: '身份证号', value: '500103199003070025' }, '5***************25'],
    [{ name: 'sfzh', value: '500103199003070025' }, '5***************25'],
    [{ key: 'PATIENT_NAME', value: '张三' }, '张**'],
    [{ label: '手 机 号', val: '13812345678' }, '138****5678'],
    [{ title: 'mobile', value: '13812345678' }, '138****5678'],
    [{ fieldName: 'brxm', fieldValue: '张三' }, '张**'],
    [{ 名称: '患者姓名', 值: '张三' }, '张**'],
    [{ name: 'xm', value: '张三' }, '***'],
    [{ name: '备考', value: '张三' }, '***'],
  ]
  for (const [pair, want] of cases)
    it(`${JSON.stringify(pair)}`, () => {
      const out = JSON.parse(mask(outside, JSON.stringify({ items: [pair] })))
      const values = Object.values(out.items[0] as Record<string, string>)
      assert.equal(values.at(-1), want)
    })

  it('a label known to the rules stays, any other is unknown', () => {
    const out = JSON.parse(mask(outside, '[{"name":"sfzh","value":"x"},{"name":"张三","value":"x"}]'))
    assert.deepEqual([out[0].name, out[1].name], ['sfzh', '张**'])
  })
})

describe('identifiers as keys', () => {
  it('are replaced, each by its own name, and their values treated as ever', () => {
    const text = JSON.stringify({
      '500103199003070025': { brxm: '张三' },
      '13812345678': { brxm: '李四' },
      王五: { jyxm: 'x' },
    })
    const out = JSON.parse(mask(outside, text))
    assert.equal(Object.keys(out).length, 3)
    for (const key of Object.keys(out)) assert.match(key, /^\?[0-9a-f]{6}$/)
    assert.deepEqual(Object.values(out), [{ brxm: '张**' }, { brxm: '李**' }, { jyxm: 'x' }])
  })
})
