import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isPattern, matchesWhole } from '../../src/base/pattern.ts'

it('takes RE2 and nothing that needs backtracking', () => {
  for (const good of ['[A-Z]{2}\\d+', '(?i)abc|d', '\\p{Han}+', '']) assert.equal(isPattern(good), true, good)
  for (const bad of ['(', '(a)\\1', '(?=a)', '(?<!a)b', '[z-a]', 'a{1001}']) assert.equal(isPattern(bad), false, bad)
})

it('speaks about the whole text', () => {
  assert.equal(matchesWhole('a|ab', 'ab'), true)
  assert.equal(matchesWhole('b', 'abc'), false)
  assert.equal(matchesWhole('a', 'a\n'), false)
  assert.equal(matchesWhole('\\p{Han}+', '张三'), true)
})
