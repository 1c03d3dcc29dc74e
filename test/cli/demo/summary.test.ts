import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { summary } from '../../../src/cli/demo/summary.ts'

const rest = {
  written: null,
  counters: { written: 2, sinks: [{ sink: 'call-log', sent: 2, waiting: 0, dropped: 0 }] },
  stream: { name: 'embedded', note: '' },
  seconds: 1.25,
}

describe('the summary', () => {
  it('says when every check held, and what became of the records', () => {
    const text = summary({ ...rest, checks: [{ what: 'a', holds: true }] })
    assert.match(text, /all 1 checks hold/)
    assert.match(text, /2 → call-log 2/)
  })
  it('names the checks that did not', () => {
    const checks = [
      { what: 'a', holds: true },
      { what: 'b', holds: false },
    ]
    const text = summary({ ...rest, checks })
    assert.match(text, /✗ b/)
    assert.doesNotMatch(text, /✗ a|checks hold/)
  })
})
