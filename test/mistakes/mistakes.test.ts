/** Thirty seeded mistakes: each is refused, at its place, in words that are enough to mend it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MISTAKES } from './table.ts'
import { tell } from './tell.ts'

for (const mistake of MISTAKES)
  test(`${mistake.kind}: ${mistake.name}`, async () => {
    const { code, text } = await tell(mistake)
    assert.notEqual(code, 0, text)
    for (const words of mistake.told) assert.match(text, words)
    const errors = text.split('\n').filter((line) => / error /.test(line))
    assert.ok(errors.length <= 1, `one mistake, ${errors.length} errors:\n${text}`)
  })

test('there are thirty of all kinds', () => {
  assert.equal(MISTAKES.length, 30)
  assert.deepEqual([...new Set(MISTAKES.map((m) => m.kind))], ['yaml', 'csv', 'xlsx', 'keys'])
})
