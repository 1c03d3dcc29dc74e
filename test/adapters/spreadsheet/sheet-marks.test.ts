import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attributeOf, marksOf, tagsOf } from '../../../src/adapters/spreadsheet/sheet-marks.ts'

const formulas = (cells: string) => marksOf(`<sheetData><row r="1">${cells}</row></sheetData>`).formulas

test('a formula is seen however its cell is written', () => {
  for (const cell of [
    '<c r="B3"><f>1</f><v>1</v></c>',
    "<c r='B3'><f>1</f><v>1</v></c>",
    '<c t="str" r="B3"><v>1</v><f>1</f></c>',
    '<c r="B3"><!-- > --><f>1</f><v>1</v></c>',
    '<x:c r="B3"><x:f>1</x:f><x:v>1</x:v></x:c>',
    '<c\n r="B3"\n>\n<f\nt="shared" si="0"/></c>',
    '<c a=">" r = "B3"><f/></c>',
  ])
    assert.deepEqual(formulas(cell), [[3, 2]], cell)
})

test('what only looks like one is none', () => {
  for (const cell of [
    '<c r="B3"><v>1</v></c>',
    '<c r="B3"/><f>1</f>',
    '<c r="B3"></c><xm:f>Sheet!A1</xm:f>',
    '<c r="B3"><!--<f>1</f>--></c>',
    '<c r="B3"><is><t><![CDATA[<f>1</f>]]></t></is></c>',
    '<c r="B3"><formula>1</formula></c>',
  ])
    assert.deepEqual(formulas(cell), [], cell)
})

test('numbers: the first of each column, dates among them; texts and truths are none', () => {
  const { numbers } = marksOf(
    '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>6.4</v></c><c r="C2" t="n" s="1"><v>46022</v></c></row>' +
      '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>7</v></c><c r="D3" t="b"><v>1</v></c><c r="E3"/></row>',
  )
  assert.deepEqual(numbers, [
    [2, 2],
    [2, 3],
    [3, 1],
  ])
})

test('tags and attributes with any prefix and quotes', () => {
  const [first, second] = tagsOf(`<x:sheets><x:sheet name="a>b" rel:id='r7'/><sheet id = "r8"/></x:sheets>`, 'sheet')
  assert.deepEqual(
    [attributeOf(first!, 'id'), attributeOf(second!, 'id'), attributeOf(first!, 'state')],
    ['r7', 'r8', ''],
  )
})

test('tags that never end cost no more than their length', () => {
  const began = process.threadCpuUsage().user
  marksOf('<c '.repeat(1e6))
  marksOf(`<c ${'"'.repeat(1e6)}`)
  marksOf('<!--'.repeat(1e5))
  assert.ok(process.threadCpuUsage().user - began < 5e6)
})
