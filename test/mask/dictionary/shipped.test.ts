/** The shipped dictionaries: the seed's entries, nothing that names a disease of level 5, useful on plain reports. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { finish } from '../../../src/base/steps.ts'
import { chainsOf, lexiconOf } from '../../../src/mask/dictionary/build.ts'
import { codeText, isOutsideCare } from '../../../src/mask/dictionary/in-text.ts'
import { lookUp } from '../../../src/mask/dictionary/index.ts'
import { dictionarySteps } from '../../../src/mask/dictionary/read.ts'
import { isLevel5Code } from '../../../src/mask/level5.ts'
import type { Dictionary } from '../../../src/mask/model.ts'
import { shadowOf } from '../../../src/mask/normal.ts'

const FOLDER = fileURLToPath(new URL('../../../rules/dictionaries', import.meta.url))
const reads = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.csv'))
  .map((name) => finish(dictionarySteps(`dictionaries/${name}`, readFileSync(join(FOLDER, name), 'utf8'))))
const dictionaries = new Map<string, Dictionary>(reads.map(({ dictionary }) => [dictionary!.id, dictionary!]))
const DAY = '2026-11-21'
const matcher = (care = false) =>
  lexiconOf(dictionaries).matcher({ today: () => DAY, role: null, care, dictionaries: null, own: false })
const codes = (text: string, care = false): string =>
  matcher(care)
    .find(shadowOf(text).text)
    .map(({ entry }) => codeText(entry))
    .join(' ')

test('sound: no problem, no chain between any two of them', () => {
  for (const { problems } of reads) assert.deepEqual(problems, [])
  assert.deepEqual(chainsOf(dictionaries), [])
  assert.deepEqual(
    [...dictionaries.keys()],
    ['department', 'diagnosis', 'exam', 'generic-name', 'lab-item', 'procedure', 'symptom'],
  )
})

test('R055 to R058 are in force; R059 is shipped disabled, and would be refused as a brand', () => {
  const look = (id: string, term: string) => lookUp(dictionaries.get(id)!, term, DAY)?.replacement
  assert.equal(look('diagnosis', '癌症'), 'CA')
  assert.equal(look('diagnosis', '免疫性血小板减少症'), 'ITP')
  assert.equal(look('generic-name', '思密达'), '蒙脱石散')
  assert.equal(look('generic-name', '盐酸曲美他嗪片'), undefined)
  const file = readFileSync(join(FOLDER, 'generic-name.csv'), 'utf8')
  const line = file.split('\n').find((l) => l.startsWith('盐酸曲美他嗪片,'))!
  assert.match(line, /^盐酸曲美他嗪片,心可舒,.*,disabled,.*pharmacist must review/)
  const active = file.replace(line, line.replace(',disabled,1,information-department,,', ',active,1,a,b,'))
  assert.deepEqual(
    finish(dictionarySteps('dictionaries/generic-name.csv', active)).problems.map((p) => [p.line, p.code]),
    [[file.split('\n').indexOf(line) + 1, 'dictionary-brand']],
  )
})

test('no row says a disease of level 5: codes-only would tell it of a record nobody raised', () => {
  const words = /艾滋|HIV|梅毒|淋病|抑郁|焦虑症|精神分裂|躁狂|乙肝|乙型肝炎|结核|流产|不孕|不育|戒毒|感染科|精神科|生殖/
  for (const { rows } of dictionaries.values())
    for (const row of rows) {
      assert.ok(row.code === null || !isLevel5Code(row.code), row.term)
      for (const name of [row.term, row.replacement, ...row.aliases]) assert.doesNotMatch(name, words)
    }
})

test('every row is approved by another than its author; brands and makers are for outside care', () => {
  for (const { id, rows } of dictionaries.values())
    for (const row of rows) {
      assert.notEqual(row.author, row.approver)
      assert.equal(isOutsideCare(row.kind), id === 'generic-name', row.term)
    }
})

test('plain reports become codes', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['甲状腺癌症状明显', ''],
    ['甲狀腺癌症狀明顯', ''],
    ['無明顯癌症，急性腦梗死，慢性腎臟病', 'CA I63 N18'],
    ['发热3天，否认癌症病史，血红蛋白 92g/L', 'R50.9 CA HGB'],
    ['既往２型糖尿病、高血压，予思密达', 'E11 I10 蒙脱石散'],
    ['双肺肺炎，肺炎支原体抗体阴性', 'J18'],
    ['不明原因发热，行腹腔镜胆囊切除术', 'R50.9 胆囊手术'],
    ['神经内科会诊：急性脑梗死', '内科系统 I63'],
    ['左甲状腺素钠 50ug，血钾 3.2', 'K+'],
    ['碳酸钙片；低钾血症', 'E87'],
  ]
  for (const [text, expected] of cases) assert.equal(codes(text), expected, text)
  assert.equal(codes('予思密达治腹泻，辉瑞制药', true), 'R19.8', 'no drug and no maker is changed in care')
})
