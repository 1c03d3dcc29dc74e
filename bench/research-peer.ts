/**
 * The shipped research policy on HIS rows as a careful team writes it today: JSON.parse, a walk, each text normalised
 * once; rows with a level-5 sign left out by one alternation per list (research-level5.ts); in the others one regular
 * expression of domain.md 2.6 after the other on every text (those that stay are looked through as well: a name at an
 * item, a telephone beside a range), known values by replaceAll, an Aho-Corasick for the terms;
 * stringify. Tokens, regions and the composing of admitted pieces are the product's own functions on both sides.
 */
import type { DictionaryEntry, RuleSet } from '../src/mask/model.ts'
import type { CallPseudonyms } from '../src/mask/pseudonym.ts'
import { truncateAddress } from '../src/mask/regions.ts'
import { checkDigit } from '../src/mask/resident-id.ts'
import { composed } from '../src/mask/text/codes.ts'
import { AhoCorasick } from './aho-corasick.ts'
import { isLevel5, type Spoken } from './research-level5.ts'

type Row = Record<string, unknown>

/** domain.md 2.6 */
const ID18 = /(?<!\d)[1-9](?:[ -]?\d){16}[ -]?[\dXx](?!\d)/gu
const ID15 = /(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)/gu
const BANK = /(?<!\d)[3-6]\d(?:[ -]?\d){13,17}(?!\d)/gu
const PATTERNS = [
  /(?<![A-Za-z0-9])[A-Z]{3}\d{12}(?!\d)/gu,
  /(?<!\d)(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/gu,
  /(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3})[- ]?[2-9]\d{6,7}(?:(?:-|转|ext\.?)\d{1,6})?(?!\d)/giu,
  /[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}/gu,
  /(?<![A-Za-z0-9])(?:[EKGDSPH]\d{8}|(?:E[A-F]|[DSP]E|KJ|MA)\d{7})(?![A-Za-z0-9])/giu,
  /(?<![A-Za-z0-9])[HM]\d{8}(?:\d{2})?(?![A-Za-z0-9])/giu,
  /[\u4e00-\u9fa5]{1,2}字第[0-9A-Za-z]{4,10}号?/gu,
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][·•・ ]?(?:[ABCDEFGHJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[ABCDEFGHJK]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Z0-9])/gu,
  /(?:病案号|病历号|住院号|门诊号|就诊卡号|登记号|检查号|标本号)\s*[:：#]?\s*([A-Za-z0-9-]{4,24})/gu,
]
const AGE = /(?<!\d)(\d{1,3})\s*(?:周岁|岁|years? old|y\/?o)/giu
const NAME =
  /(?:患者|病人|患儿|产妇|姓名|联系人|家属)(?:姓名)?\s*[:：]?\s*([\p{Script=Han}]{1,10}(?:[·•・][\p{Script=Han}]{1,10})+|[\p{Script=Han}]{2,4})(?=[,，。、;；\s(（]|男|女|$)/gu
const STOP = /^(?:自述|自诉|主诉|诉|因|于|入院|家属|签字)/

const luhn = (digits: string): boolean => {
  let sum = 0
  for (let i = digits.length - 1, twice = false; i >= 0; i--, twice = !twice) {
    const d = Number(digits[i])
    sum += twice ? (d > 4 ? d * 2 - 9 : d * 2) : d
  }
  return sum % 10 === 0
}

function identifies(text: string): boolean {
  for (const m of text.matchAll(ID18)) if (/^\d{6}(?:18|19|20)\d{2}/.test(m[0].replace(/[ -]/g, ''))) return true
  if (/身份证|证件号/.test(text) && text.match(ID15) !== null) return true
  for (const m of text.matchAll(BANK)) if (/卡号|账号|银行/.test(text) && luhn(m[0].replace(/[ -]/g, ''))) return true
  for (const pattern of PATTERNS) if (text.match(pattern) !== null) return true
  for (const m of text.matchAll(AGE)) if (Number(m[1]) > 89) return true
  for (const m of text.matchAll(NAME)) if (!STOP.test(m[1]!)) return true
  return false
}

/** One of the patterns, or a value of another field of this answer. */
function tells(text: string, known: readonly string[]): boolean {
  if (identifies(text)) return true
  const tight = text.replace(/[\s-]/g, '')
  let left = tight
  for (const value of known) left = left.replaceAll(value, '')
  return left !== tight
}

/** texts and codes that stay, looked through all the same */
const KEPT: ReadonlySet<string> = new Set(['xb', 'jl', 'ksmc'])

const TREATED: Readonly<
  Record<string, 'pseudonym' | 'local' | 'staff' | 'drop' | 'year' | 'band' | 'city' | 'term' | 'drug' | 'text'>
> = {
  brxm: 'pseudonym',
  sfzh: 'band',
  csrq: 'year',
  lxdh: 'drop',
  jtdz: 'city',
  zyh: 'local',
  bah: 'local',
  ryzd: 'term',
  ypmc: 'drug',
  ysxm: 'staff',
  bcjl: 'text',
  jcsj: 'text',
  bz: 'text',
  sfzf: 'drop',
}
const NUMBER = /^\d{1,6}(?:\.\d{1,4})?$/
const KNOWN = ['brxm', 'sfzh', 'lxdh', 'jtdz', 'zyh', 'bah', 'ysxm'] as const
const ELEMENT: Readonly<Record<string, string>> = { zyh: 'inpatient-no', bah: 'record-no', ysxm: 'staff-name' }

export function researchByWalk(rules: RuleSet, tokens: CallPseudonyms, today: string): (body: Buffer) => Buffer {
  const element = (id: string) => rules.elementById.get(id)!
  const inText = new Map<string, DictionaryEntry>()
  const fields = new Map<string, Map<string, string>>()
  for (const { id, rows } of rules.dictionaries.values()) {
    const own = new Map<string, string>()
    fields.set(id, own)
    for (const row of rows)
      for (const name of [row.term, ...row.aliases]) {
        if (row.mode !== 'field') inText.set(name.toLowerCase(), row)
        if (row.mode !== 'text') own.set(name.normalize('NFKC').toLowerCase(), row.replacement)
      }
  }
  const automaton = new AhoCorasick(inText.keys())

  const termsIn = (text: string) => {
    const all = automaton
      .search(text.toLowerCase())
      .map(([end, word]) => ({ start: end - word.length, end, form: 'term' as const, entry: inText.get(word)! }))
      .filter(({ start, end, entry }) =>
        !/[A-Za-z0-9]/.test(text[start]!) ||
        (!/[A-Za-z0-9]/.test(text[start - 1] ?? '') && !/[A-Za-z0-9]/.test(text[end] ?? ''))
          ? allowed(text, start, end, entry)
          : false,
      )
      .sort((a, b) => a.start - b.start || b.end - a.end)
    let free = 0
    return all.filter(({ start, end }) => {
      if (start < free) return false
      free = end
      return true
    })
  }

  const codes = (text: string, known: readonly string[]): string | null => {
    if (tells(text, known)) return null
    const out = composed(text, termsIn(text), /\d/.test(text))
    return out === '' ? null : out
  }

  /** units and names of items come again in every row of an answer */
  const looked = new Map<unknown, boolean>()
  const tellsKept = (value: unknown, known: readonly string[]): boolean => {
    let telling = looked.get(value)
    if (telling === undefined) looked.set(value, (telling = tells(normalised(value), known)))
    return telling
  }

  const field = (dictionary: string, text: string): string =>
    fields.get(dictionary)!.get(text.normalize('NFKC').toLowerCase()) ?? '***'

  const rowOf = (row: Row, spoken: Spoken, known: readonly string[]): Row => {
    const subject = tokens.pseudonym(element('resident-id'), '', String(row['sfzh']))
    const out: Row = {}
    for (const [key, value] of Object.entries(row)) {
      if (key === 'results') {
        out[key] = (value as Row[]).map((r, i) => resultOf(r, spoken.results[i]!.result, known))
        continue
      }
      if (KEPT.has(key) && tellsKept(value, known)) continue
      const done = treat(TREATED[key.toLowerCase()], key, spoken.texts[key] ?? String(value), subject, known)
      if (done === undefined) out[key] = value
      else if (done !== null) out[key] = done
    }
    return out
  }

  /** a result in words is read as a text */
  const resultOf = (row: Row, result: string, known: readonly string[]): Row => {
    const out: Row = {}
    for (const [key, value] of Object.entries(row)) {
      if (key === 'jgz') {
        const said = NUMBER.test(result) ? value : codes(result, known)
        if (said !== null) out[key] = said
      } else if (!tellsKept(value, known)) out[key] = value
    }
    return out
  }

  const treat = (
    how: (typeof TREATED)[string] | undefined,
    key: string,
    text: string,
    subject: string,
    known: readonly string[],
  ) => {
    switch (how) {
      case undefined:
        return undefined
      case 'drop':
        return null
      case 'pseudonym':
        return subject
      case 'staff':
        return tokens.pseudonym(element(ELEMENT[key]!), '', text)
      case 'local':
        return tokens.pseudonym(element(ELEMENT[key]!), 'teaching', text)
      case 'year':
        return yearOf(text, today)
      case 'band':
        return bandOf(text, today)
      case 'city':
        return truncateAddress(text, 'city')
      case 'term':
        return field('diagnosis', text)
      case 'drug':
        return field('generic-name', text)
      case 'text':
        return codes(text, known)
    }
  }

  return (body) => {
    looked.clear()
    const data = JSON.parse(body.toString()) as { data: { list: Row[]; total?: number } }
    const known = [...new Set(data.data.list.flatMap((row) => KNOWN.map((key) => String(row[key]))))]
    data.data.list = data.data.list.flatMap((row) => {
      const spoken = spokenOf(row)
      return isLevel5(spoken) ? [] : [rowOf(row, spoken, known)]
    })
    // `total` is structure at the root only: here it is a number no rule knows.
    delete data.data.total
    return Buffer.from(JSON.stringify(data))
  }
}

const normalised = (value: unknown): string =>
  String(value)
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\ufeff\u00ad]/g, '')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/[\u2022\u30fb]/g, '·')

const spokenOf = (row: Row): Spoken => ({
  ryzd: normalised(row['ryzd']),
  ypmc: normalised(row['ypmc']),
  ksmc: normalised(row['ksmc']),
  texts: { bcjl: normalised(row['bcjl']), jcsj: normalised(row['jcsj']), bz: normalised(row['bz']) },
  results: (row['results'] as Row[]).map((r) => ({ item: normalised(r['xmmc']), result: normalised(r['jgz']) })),
})

const allowed = (text: string, start: number, end: number, entry: DictionaryEntry): boolean =>
  !entry.notAfter.some((s) => text.startsWith(s, end)) &&
  !entry.notBefore.some((s) => text.endsWith(s, start) || text.slice(0, start).endsWith(s))

function ageOf(year: number, month: number, day: number, today: string): number {
  const [y, m, d] = today.split('-').map(Number) as [number, number, number]
  return y - year - (m < month || (m === month && d < day) ? 1 : 0)
}

function bandOf(id: string, today: string): string {
  if (checkDigit(id.slice(0, 17)) !== id[17]) return '***'
  const age = ageOf(Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14)), today)
  const low = Math.floor(age / 5) * 5
  return age >= 90 ? '90岁及以上' : `${low}-${low + 4}岁`
}

function yearOf(date: string, today: string): string | null {
  const [y, m, d] = date.split('-').map(Number) as [number, number, number]
  return ageOf(y, m, d, today) > 89 ? null : String(y)
}
