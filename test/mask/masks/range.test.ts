/** Masks by place: short and odd values are hidden whole, never returned. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hideBeside, hideEnds, hideRange, showRange } from '../../../src/mask/masks/range.ts'

test('by place, code points counted', () => {
  const table: [string, string][] = [
    [hideRange('13812345678', 4, 7, '*'), '138****5678'],
    [hideRange('138', 4, 7, '*'), '***'],
    [hideRange('138123', 4, 7, '*'), '******'],
    [hideRange('😀张三', 1, 1, '*'), '*张三'],
    [showRange('13812345678', 1, 3, '*'), '138********'],
    [showRange('138', 1, 3, '*'), '***'],
    [showRange('张', 1, 1, '*'), '*'],
    [showRange('张三', 5, 6, '*'), '**'],
    [hideEnds('13812345678', 3, 4, '*'), '***1234****'],
    [hideEnds('1381234', 3, 4, '*'), '*******'],
    [hideBeside('zhang@example.com', '@', 'before'), '***@example.com'],
    [hideBeside('@example.com', '@', 'before'), '***'],
    [hideBeside('example.com', '@', 'before'), '***'],
    [hideBeside('重庆市渝中区示例路', '市', 'after'), '重庆市***'],
    [hideBeside('重庆市', '市', 'after'), '***'],
    [hideBeside('重庆', '市', 'after'), '***'],
  ]
  for (const [got, want] of table) assert.equal(got, want)
})
