import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { packedBuffers, packRows, unpackRows } from '../../../src/adapters/spreadsheet/packed-rows.ts'

const unpacked = (rows: readonly (readonly string[])[]) => unpackRows(packRows(rows), () => undefined)

test('property: rows come out as they went in, whatever Unicode they hold', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.string({ unit: 'binary' }))), async (rows) => {
      assert.deepEqual(await unpacked(rows), rows)
    }),
  )
  assert.deepEqual(await unpacked([['\ud800', '', '癌\u0000'], [], ['𠮷']]), [['\ud800', '', '癌\u0000'], [], ['𠮷']])
})

test('it is handed over without a copy, and made rows with pauses', async () => {
  const packed = packRows(Array.from({ length: 10_000 }, (_, i) => [`词${i}`, 'x']))
  const there = structuredClone(packed, { transfer: packedBuffers(packed) })
  assert.equal(packed.text.byteLength, 0)
  let pauses = 0
  const rows = await unpackRows(there, () => {
    pauses++
    return undefined
  })
  assert.deepEqual(rows[9999], ['词9999', 'x'])
  assert.ok(pauses >= 4, `${pauses} pauses`)
})
