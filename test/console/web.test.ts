/** The parts of the browser application that are functions of their arguments, and rules its sources keep. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typesFile } from '../../scripts/console-types.ts'
import { ProblemList } from '../../src/base/problem.ts'
import type { Word } from '../../src/base/word.ts'
import { VALUES, WORDS } from '../../src/base/words.ts'
import en from '../../src/console/web/i18n/en.json' with { type: 'json' }
import { fill } from '../../src/console/web/i18n/fill.ts'
import zh from '../../src/console/web/i18n/zh.json' with { type: 'json' }
import { harmless } from '../../src/console/web/parts/csv-cells.ts'
import { groupedChanges, partWords } from '../../src/console/web/parts/grouped-changes.ts'
import { isDay } from '../../src/console/web/parts/is-day.ts'
import { piecesOf } from '../../src/console/web/parts/pieces.ts'
import { cellsOf } from '../../src/console/web/yaml/cells.ts'
import { Lexicon } from '../../src/console/web/yaml/lexicon.ts'
import { pairsBelow, rootPairs } from '../../src/console/web/yaml/tree.ts'
import { DETECTORS } from '../../src/mask/detectors/index.ts'
import { headerLine } from '../../src/mask/dictionary/columns.ts'
import { parseCsv } from '../../src/mask/dictionary/csv.ts'
import { fromNeutral } from '../../src/mask/dictionary/formula.ts'
import { METHODS } from '../../src/mask/transforms/index.ts'
import { readText, readTree } from '../house/tree.ts'

test('the types are those of the document', () => {
  assert.equal(readText('src/console/web/api/types.ts'), typesFile(readText('spec/console.openapi.yaml')))
})

test('both catalogues say the same things, with the same gaps to fill', () => {
  assert.deepEqual(Object.keys(zh), Object.keys(en))
  const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).toSorted()
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
    assert.deepEqual(gaps(zh[key]), gaps(en[key]), key)
    assert.notEqual(zh[key].trim(), '', key)
    assert.doesNotMatch(en[key], /\p{Script=Han}/u, key)
  }
})

test('a number stands with the word that fits it', () => {
  const say = (key: keyof typeof en, values: Record<string, number>) => fill(en[key], values)
  assert.equal(say('matrix.count', { rows: 1, columns: 1 }), '1 element × 1 column.')
  assert.equal(say('matrix.count', { rows: 21, columns: 0 }), '21 elements × 0 columns.')
  assert.equal(say('proof.errors', { n: 1, w: 1 }), '1 error, 1 warning: it cannot be submitted yet')
  assert.equal(say('change.signatures', { n: 0, of: 1 }), '0 of 1 signature')
  assert.equal(fill(zh['matrix.count'], { rows: 1, columns: 2 }).includes('{'), false)
  assert.equal(fill('{n|a|b} {m}', { n: 2, m: '{n}' }), 'b {n}', 'a value stays text')
  for (const [key, text] of Object.entries(en))
    assert.doesNotMatch(text, /\{(?:n|w|of|rows|columns|calls|passed|failed)\} [a-z]+s\b/, key)
})

test('no source writes markup, evaluates text or names another origin', () => {
  const sources = readTree('src/console/web', ['.ts', '.tsx', '.html', '.css'])
  assert.ok(sources.length > 60)
  for (const { path, text } of sources) {
    assert.doesNotMatch(
      text,
      /dangerouslySetInnerHTML|\.innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
      path,
    )
    assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/, path)
  }
})

test('a method says what it does in the words its fields have', () => {
  for (const { name, summary, params } of METHODS)
    for (const param of Object.keys((params['properties'] ?? {}) as object))
      assert.doesNotMatch(summary.zh, new RegExp(`(?<![A-Za-z-])${param}(?![A-Za-z-])`), `${name} ${param}`)
})

test('a status is called as the file that holds it does', () => {
  const texts = zh as Readonly<Record<string, string>>
  for (const [id, word] of Object.entries(VALUES['term-status']!)) assert.equal(texts[`status.${id}`], word, id)
})

test('no field speaks the language of the machine: of the browser’s own, none that is told in words', () => {
  for (const { path, text } of readTree('src/console/web', ['.tsx'])) {
    assert.doesNotMatch(text, /type="(?:date|time|month|week|datetime-local|number|email|url)"/, path)
    // antd's say what is missing in the page's language; these let the browser say it in its own
    assert.doesNotMatch(text, /<(?:Input|input|textarea|select)\b[^>]*\s(?:required|pattern=|minLength=|min=)/, path)
  }
  for (const day of ['2026-11-20', '2028-02-29']) assert.equal(isDay(day), true, day)
  for (const text of ['', '2026-2-3', '2026-02-30', '2027-02-29', '2026-13-01', '0000-00-00', '2026-11-20 '])
    assert.equal(isDay(text), false, text)
})

test('X66: a cell that a spreadsheet would run gets its apostrophe, wherever it stands, and nothing else changes', () => {
  const cases: [csv: string, safe: string][] = [
    ['term,note\na,b\n', 'term,note\na,b\n'],
    ['=1,@x\r\n+a,-b\n', "'=1,'@x\r\n'+a,'-b\n"],
    ['"=HYPERLINK(""http://192.0.2.1"",""x"")",ok\n', '"\'=HYPERLINK(""http://192.0.2.1"",""x"")",ok\n'],
    ['"a,=b\n=c",d\n', '"a,=b\n=c",d\n'],
    ['"a"",=b",=c\n', '"a"",=b",\'=c\n'],
    ['"",=c\n"""=x",y', '"",\'=c\n"""=x",y'],
    ["'=kept,a=b\n", "'=kept,a=b\n"],
    ['＝全角,\t制表', `'＝全角,"'\t制表"`],
    ['"\r=1","\n@x"', `"'\r=1","'\n@x"`],
    ['病;=1+1,b\n甲\t＝1,c', '"病;=1+1",b\n"甲\t＝1",c'],
    ['"a;=b",c\n', '"a;=b",c\n'],
    ['\ufeff=1,@x', "\ufeff'=1,'@x"],
  ]
  for (const [csv, safe] of cases) {
    assert.equal(harmless(csv), safe)
    const cells = (text: string) => parseCsv('a.csv', text, new ProblemList()).map((row) => row.texts.map(fromNeutral))
    assert.deepEqual(cells(safe), cells(csv), 'the import reads what was there')
  }
})

test('a text is cut at its values, and nothing of it is lost', () => {
  const text = 'a张三b139c'
  const cases: [spans: ({ start: number; end: number } | null)[], marked: string[]][] = [
    [[], []],
    [
      [
        { start: 1, end: 3 },
        { start: 4, end: 7 },
      ],
      ['张三', '139'],
    ],
    [
      [{ start: 4, end: 7 }, null, { start: 1, end: 3 }],
      ['张三', '139'],
    ],
    [
      [
        { start: 1, end: 7 },
        { start: 4, end: 7 },
      ],
      ['张三b139'],
    ],
    [
      [
        { start: 2, end: 2 },
        { start: 0, end: 99 },
      ],
      [],
    ],
  ]
  for (const [spans, marked] of cases) {
    const pieces = piecesOf(text, spans)
    assert.equal(pieces.map((piece) => piece.text).join(''), text)
    assert.deepEqual(
      pieces.filter((piece) => piece.index !== undefined).map((piece) => piece.text),
      marked,
    )
  }
})

test('one changed line is shown once and counted whole, loosenings first', () => {
  const side = (text: string, line: number) => ({ text, at: { file: 'policies/a.yaml', line } })
  const say = { zh: '', en: '' }
  const cell = { what: 'cell', class: 'tighter' as const, message: say, element: 'mobile', column: 'a/b' }
  const groups = groupedChanges([
    { ...cell, before: side('mask', 3), after: side('drop', 3) },
    { ...cell, before: side('mask', 3), after: side('drop', 3) },
    { what: 'mask.policies.a.cells.mobile', class: 'tighter', message: say, before: side('x', 3), after: side('y', 3) },
    { what: 'mask.elements.gone', class: 'looser', message: say },
    { what: 'mask.elements.other', class: 'looser', message: say },
  ])
  assert.deepEqual(
    groups.map(({ change, count }) => [change.what, change.class, count]),
    [
      ['mask.elements.gone', 'looser', 1],
      ['mask.elements.other', 'looser', 1],
      ['cell', 'tighter', 3],
    ],
  )
})

test('a part named by its path is told in words, without the JSON that tells it from its like', () => {
  const word = (key: string) => (zh as Readonly<Record<string, string>>)[key]
  const path = 'mask.tests.research samples/a.fhir.json {"change":[],"date":"2026-11-21"}'
  assert.equal(partWords(path, word), '自测 · research samples/a.fhir.json')
  assert.equal(partWords('access.entries.his.patient.roles', word), '接口 · his.patient.roles')
  assert.equal(partWords('samples.samples/a.hl7', word), '样例文件 · samples/a.hl7')
  assert.equal(partWords('cell', word), undefined)
})

test('whatever a detector finds has a name, and so has every column a batch needs', () => {
  for (const { name } of DETECTORS) assert.ok(Object.hasOwn(zh, `detector.${name}`), name)
  const help = readText('src/console/web/parts/dictionary-help.tsx')
  const needed = headerLine().en.slice('a first line of '.length).split(' ')[0]!.split(',')
  assert.deepEqual(/NEEDED = \[(.+)\]/.exec(help)![1]!.replaceAll(/[' ]/g, '').split(','), needed)
})

const wordsOf = (words: Readonly<Record<string, Word>>) =>
  Object.entries(words).map(([key, word]) => ({
    en: key,
    zh: typeof word === 'string' ? word : word[0],
    child: typeof word === 'string' ? null : word[1],
  }))
const VOCABULARY = {
  contexts: Object.fromEntries(Object.entries(WORDS).map(([context, words]) => [context, wordsOf(words)])),
  values: Object.fromEntries(
    Object.entries(VALUES).map(([set, words]) => [
      set,
      Object.entries(words).map(([key, word]) => ({ en: key, zh: word })),
    ]),
  ),
} as ConstructorParameters<typeof Lexicon>[0]

const RULES = {
  elements: [
    { id: 'mobile', zh: '手机号', kind: 'phone', level: 4, group: 'contact' },
    { id: 'address', zh: '住址', kind: 'address', level: 4, group: 'contact' },
    { id: 'age', zh: '年龄', kind: 'age', level: 3, group: null },
  ],
  methods: METHODS.map(({ name, zh: word, summary, kinds, params }) => ({ name, zh: word, summary, kinds, params })),
} as unknown as Parameters<typeof cellsOf>[1]

test('the form reads the cells of a text in either language, and while it is being typed', () => {
  const lexicon = new Lexicon(VOCABULARY)
  const english =
    '# note\npolicy: a\nelements:\n  mobile: mask # why\n  address: { method: truncate, keep: city }\n  age:\n    - drop\nundecided: drop\n'
  const read = (text: string) =>
    cellsOf(text, RULES, lexicon).map(({ element, line, method, params, simple }) => [
      element,
      line,
      method,
      params,
      simple,
    ])
  assert.deepEqual(read(english), [
    ['mobile', 4, 'mask', {}, true],
    ['address', 5, 'truncate', { keep: 'city' }, true],
    ['age', 6, '', {}, false],
    ['undecided', 8, 'drop', {}, true],
  ])
  const word = (name: string) => METHODS.find((method) => method.name === name)!.zh
  const chinese = `策略: a\n脱敏:\n  手机号: ${word('mask')}\n  住址: { 方法: ${word('truncate')}, 保留: 市 }\n未登记: 遮蔽\n`
  assert.deepEqual(read(chinese), [
    ['mobile', 3, 'mask', {}, true],
    ['address', 4, 'truncate', { keep: lexicon.valueId('cell', 'keep', '市') }, true],
    ['unknown', 5, 'redact', {}, true],
  ])
  assert.doesNotThrow(() => read('elements:\n  mobile: {method'))
  assert.deepEqual(read('elements: [\n'), [])
})

test('a tree is forgiving and knows lines', () => {
  assert.deepEqual(
    rootPairs('a: 1\n\n# c\nb: "x y"\n').map(({ key, value, line }) => [key, value, line]),
    [
      ['a', '1', 1],
      ['b', 'x y', 4],
    ],
  )
  assert.deepEqual(pairsBelow('x:\n  y: 1\n', ['z']), [])
  assert.deepEqual(rootPairs(''), [])
})
