import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chainsOf, lexiconOf } from '../../../src/mask/dictionary/build.ts'
import { codeText, fitted, type TextQuery } from '../../../src/mask/dictionary/in-text.ts'
import type { Dictionary } from '../../../src/mask/model.ts'
import { shadowOf } from '../../../src/mask/normal.ts'
import { dictionary } from '../fixtures.ts'

const QUERY: TextQuery = { today: () => '2026-11-21', role: null, care: false, dictionaries: null, own: false }

const mapOf = (...dictionaries: Dictionary[]) => new Map(dictionaries.map((d) => [d.id, d]))

/** The shadow with every hit replaced, as scrub writes it. */
function replaced(
  d: Dictionary,
  text: string,
  query: Partial<TextQuery> = {},
  taken: { start: number; end: number }[] = [],
) {
  const shadow = shadowOf(text).text
  let out = ''
  let from = 0
  for (const hit of lexiconOf(mapOf(d))
    .matcher({ ...QUERY, ...query })
    .find(shadow, taken)) {
    out += shadow.slice(from, hit.start) + (hit.form === 'term' ? hit.entry.replacement : `<${hit.form}>`)
    from = hit.end
  }
  return out + shadow.slice(from)
}

const WORDS = dictionary([
  { term: '癌症', replacement: 'CA', aliases: ['cancer'], notAfter: ['状', '候'] },
  { term: '免疫性血小板减少症', replacement: 'ITP', code: 'D69.3' },
  { term: '血小板减少症', replacement: 'TCP' },
  { term: '血小板', replacement: 'PLT', kind: 'analyte' },
  { term: 'Diabetes Mellitus', replacement: 'DM2' },
  { term: '肝癌', replacement: 'HCC', notBefore: ['抗', '疑似'] },
  { term: '思密达', replacement: '蒙脱石散', kind: 'generic' },
  { term: 'AML', replacement: '白血病类', roles: ['researcher'] },
  { term: '旧病', replacement: '病一', to: '2026-11-21' },
  { term: '新病', replacement: '病二', from: '2026-11-21' },
  { term: '字段词', replacement: '不用', mode: 'field' },
  { term: 'CT 检查', replacement: '断层扫描', kind: 'exam' },
])

test('X63: terms inside texts: longest at the leftmost place, contexts, borders, widths, blanks', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['甲状腺癌症状明显', '甲状腺癌症状明显'],
    ['甲状腺癌症 状明显', '甲状腺癌症 状明显'],
    ['癌症候群', '癌症候群'],
    ['甲狀腺癌癥狀明顯', '甲狀腺癌癥狀明顯'],
    ['癌症\u2028状，癌症\u0085 状', '癌症\u2028状,癌症\u0085 状'],
    ['否认癌症病史', '否认CA病史'],
    ['癌症', 'CA'],
    ['免疫性血小板减少症', 'ITP'],
    ['血小板减少症复查血小板', 'TCP复查PLT'],
    ['ＣＡＮＣＥＲ, Cancer. precancerous cancers', 'CA, CA. precancerous cancers'],
    ['cancer123 1cancer _cancer cancer', 'cancer123 1cancer _cancer CA'],
    ['免疫性血小板減少癥', 'ITP'],
    ['免疫性\u200b血小板\u00ad减少症', 'ITP'],
    ['免疫性 血小板\n减少症', 'ITP'],
    ['免疫性血小板\n\n减少症', '免疫性PLT\n\n减少症'],
    ['免疫性血小板      减少症', '免疫性PLT      减少症'],
    ['diabetes   mellitus,diabetes\nmellitus,diabetesmellitus', 'DM2,DM2,diabetesmellitus'],
    ['抗肝癌药，疑似 肝癌，肝癌', '抗肝癌药，疑似 肝癌，HCC'.replaceAll('，', ',')],
    ['口服思密达3g', '口服蒙脱石散3g'],
    ['AML', 'AML'],
    ['旧病与新病', '旧病与病二'],
    ['字段词', '字段词'],
    ['CT检查 ct 检查', '断层扫描 断层扫描'],
    ['', ''],
    ['癌', '癌'],
    ['𠮷癌症𠮷', '𠮷CA𠮷'],
  ]
  for (const [text, expected] of cases) assert.equal(replaced(WORDS, text), expected, text)
})

test('X63: roles, care, days and the choice of dictionaries narrow it', () => {
  assert.equal(replaced(WORDS, 'AML', { role: 'researcher' }), '白血病类')
  assert.equal(replaced(WORDS, 'AML', { role: 'nurse' }), 'AML')
  assert.equal(replaced(WORDS, '思密达治癌症', { care: true }), '思密达治CA', 'care never sees another drug name')
  for (const kind of ['generic', 'manufacturer', 'drug', 'other'] as const) {
    const drugs = dictionary([{ term: '青霉素', replacement: '抗生素', kind }])
    assert.equal(replaced(drugs, '青霉素过敏', { care: true }), '青霉素过敏', kind)
    assert.equal(replaced(drugs, '青霉素过敏'), '抗生素过敏', kind)
  }
  assert.equal(replaced(WORDS, '旧病', { today: () => '2026-11-20' }), '病一')
  assert.equal(replaced(WORDS, '新病', { today: () => '2026-11-20' }), '新病')
  assert.equal(replaced(WORDS, '癌症', { dictionaries: ['other'] }), '癌症')
  const a = dictionary([{ term: '肺炎', replacement: 'A1' }], 'a')
  const b = dictionary([{ term: '肺炎', replacement: 'B1' }], 'b')
  const first = (dictionaries: string[] | null) =>
    lexiconOf(mapOf(b, a))
      .matcher({ ...QUERY, dictionaries })
      .find('肺炎')[0]?.entry.replacement
  assert.deepEqual([first(null), first(['b', 'a']), first(['b'])], ['A1', 'B1', 'B1'])
})

test('protected spans: no hit in, over or across them', () => {
  const text = '癌症癌症癌症'
  assert.equal(replaced(WORDS, text, {}, [{ start: 2, end: 4 }]), 'CA癌症CA')
  assert.equal(replaced(WORDS, text, {}, [{ start: 1, end: 3 }]), '癌症癌症CA')
  assert.equal(replaced(WORDS, text, {}, [{ start: 0, end: 6 }]), text)
})

test('what a dictionary wrote is known by its exact spelling, and only when asked for', () => {
  assert.equal(replaced(WORDS, 'ITP D69.3 itp D69.31 XD69.3 D69.3-1'), 'ITP D69.3 itp D69.31 XD69.3 D69.3-1')
  assert.equal(
    replaced(WORDS, 'ITP D69.3 itp D69.31 XD69.3 D69.3-1', { own: true }),
    '<replacement> <code> itp D69.31 XD69.3 D69.3-1',
  )
})

test('a code of letters is what codes-only writes; a bare number never is', () => {
  const [a, b, c] = dictionary([
    { term: '肺炎甲', replacement: 'PN', code: 'J18.9' },
    { term: '阑尾切除', replacement: '阑尾类', kind: 'procedure', code: '47.09' },
    { term: '钾离子', replacement: 'K', kind: 'analyte', code: '2823-3' },
  ]).rows
  assert.deepEqual([codeText(a!), codeText(b!), codeText(c!)], ['J18.9', '阑尾类', 'K'])
})

test('X63: a replacement does not grow together with its neighbours into another word', () => {
  const fit = (text: string) => {
    const hits = lexiconOf(mapOf(WORDS)).matcher(QUERY).find(text)
    const words = fitted(text, hits)
    let out = ''
    let from = 0
    for (const [i, { start, end }] of hits.entries()) {
      out += text.slice(from, start) + words[i]
      from = end
    }
    return out + text.slice(from)
  }
  assert.equal(fit('癌症125 与 M癌症，癌症癌症，癌症。'), 'CA 125 与 M CA，CA CA，CA。')
  assert.equal(fit('思密达3g'), '蒙脱石散3g')
})

test('X64: replaced once is replaced for good: random dictionaries without chains, random texts', () => {
  const unit = fc.constantFrom(...'癌症状肝')
  const word = fc.array(unit, { minLength: 2, maxLength: 4 }).map((u) => u.join(''))
  const rows = fc.uniqueArray(word, { maxLength: 8 })
  fc.assert(
    fc.property(rows, fc.array(unit, { maxLength: 40 }), (terms, units) => {
      const d = dictionary(terms.map((term, i) => ({ term, replacement: `R${i}` })))
      assert.deepEqual(chainsOf(mapOf(d)), [])
      const once = replaced(d, units.join(''))
      assert.equal(replaced(d, once), once)
    }),
  )
})

/** The definition, word for word: at each place the longest admitted name, then on after it. */
function naive(
  terms: readonly { term: string; replacement: string; notAfter: string[]; notBefore: string[] }[],
  text: string,
) {
  const word = (c: string | undefined) => c !== undefined && /[a-z0-9]/i.test(c)
  const hits: [number, number, string][] = []
  for (let i = 0; i < text.length; ) {
    const best = terms
      .filter(({ term }) => text.startsWith(term, i))
      .filter(({ term }) => !(word(text[i - 1]) && word(term[0])))
      .filter(({ term }) => !(word(term.at(-1)) && word(text[i + term.length])))
      .filter(({ term, notAfter }) => !notAfter.some((s) => text.startsWith(s, i + term.length)))
      .filter(({ notBefore }) => !notBefore.some((s) => text.slice(0, i).endsWith(s)))
      .sort((a, b) => b.term.length - a.term.length)[0]
    if (best === undefined) i++
    else {
      hits.push([i, i + best.term.length, best.replacement])
      i += best.term.length
    }
  }
  return hits
}

test('property: the automaton finds what the definition finds', () => {
  const unit = fc.constantFrom(...'癌症状肝ab1')
  const word = fc.array(unit, { minLength: 1, maxLength: 5 }).map((u) => u.join(''))
  const row = fc.record({
    term: word,
    notAfter: fc.array(word, { maxLength: 2 }),
    notBefore: fc.array(word, { maxLength: 2 }),
  })
  const rows = fc.uniqueArray(row, { maxLength: 12, selector: (r) => r.term })
  fc.assert(
    fc.property(rows, fc.array(unit, { maxLength: 60 }), (list, units) => {
      const terms = list.map((r, i) => ({ ...r, replacement: `R${i}` }))
      const text = units.join('')
      const hits = lexiconOf(mapOf(dictionary(terms)))
        .matcher(QUERY)
        .find(text)
        .map((h) => [h.start, h.end, h.entry.replacement])
      assert.deepEqual(hits, naive(terms, text))
    }),
    { numRuns: 3000 },
  )
})

test('property: offsets are those of the text, whatever Unicode it is made of', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('癌症', '癌 症', 'cancer', '状'))),
      (parts) => {
        const text = shadowOf(parts.join('')).text
        let end = 0
        for (const hit of lexiconOf(mapOf(WORDS)).matcher(QUERY).find(text)) {
          assert.ok(hit.start >= end && hit.end > hit.start && hit.end <= text.length)
          end = hit.end
        }
      },
    ),
  )
})
