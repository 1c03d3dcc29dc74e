import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { columnsOf, fit, sheet } from '../../../src/cli/demo/sheet.ts'

describe('sheet', () => {
  it('counts a Chinese character as two columns', () => {
    assert.equal(columnsOf('abc'), 3)
    assert.equal(columnsOf('张**'), 4)
    assert.equal(columnsOf('𠮷（）'), 6)
  })
  it('fits a text into its column', () => {
    assert.equal(fit('张三', 6), '张三  ')
    assert.equal(fit('张三丰', 5), '张三…')
    assert.equal(columnsOf(fit('重庆市渝中区', 8)), 8)
  })
  it('aligns rows', () => {
    const lines = sheet(
      ['', '角色'],
      [
        ['a', '张三'],
        ['bb', 'x'],
      ],
    ).split('\n')
    assert.deepEqual(lines, ['      角色', '  ──  ────', '  a   张三', '  bb  x'])
  })
})
