import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { summary } from '../../../src/cli/demo/summary.ts'

const stream = { name: 'embedded', note: '' }

describe('the summary', () => {
  it('says when every check held', () => {
    assert.match(summary([{ what: 'a', holds: true }], null, stream, 1.25), /all 1 checks hold/)
  })
  it('names the checks that did not', () => {
    const text = summary(
      [
        { what: 'a', holds: true },
        { what: 'b', holds: false },
      ],
      null,
      stream,
      1,
    )
    assert.match(text, /✗ b/)
    assert.doesNotMatch(text, /✗ a|checks hold/)
  })
})
