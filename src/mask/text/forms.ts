/**
 * How a value known from a structured field may be written in a sentence. Forms are squeezed (squeeze.ts), so blanks,
 * hyphens, dots and case need no forms of their own.
 */
import { isDigit } from '../../base/ascii.ts'
import { parseDate } from '../dates.ts'
import type { Kind } from '../model.ts'
import { parseLandline } from '../phone.ts'
import { squeeze } from './squeeze.ts'

export interface Form {
  /** squeezed */
  readonly text: string
  /** what the element's method is given when this form is found; a part of an address is not the whole one */
  readonly value: string
  /**
   * a single Latin word counts only where it begins with a capital, a date of few digits only with separators, a whole
   * Latin name even where letters touch it
   */
  readonly only: 'capital' | 'separated' | 'anywhere' | null
}

/** Nobody's name, and what masking leaves. */
const NOBODY = new Set(['无名氏', '未知', '不详', '无', '匿名', '本人', '同上', 'unknown', 'none', 'null', 'test'])
const isNobody = (value: string): boolean =>
  value.includes('*') || value.includes('?') || (value.length <= 7 && NOBODY.has(value.toLowerCase()))

/** Empty when a value is too short or too common to be searched for. `value` is canonical. */
export function formsOf(kind: Kind, value: string): Form[] {
  if (value.length > 512 || isNobody(value)) return []
  switch (kind) {
    case 'name':
      return nameForms(value)
    case 'phone':
      return phoneForms(value)
    case 'address':
      return addressForms(value)
    case 'date':
      return dateForms(value)
    case 'email':
      return value.includes('@') ? [form(value, value)] : []
    case 'identifier':
      return identifierForms(value)
    default:
      return squeeze(value).length >= 4 ? [form(value, value)] : []
  }
}

const form = (written: string, value: string, only: Form['only'] = null): Form => ({
  text: squeeze(written),
  value,
  only,
})

const isHan = (c: number): boolean => c >= 0x4e00 && c <= 0x9fff
/** Unified ideographs only, as nearly every name is. */
function isHanOnly(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isHan(text.charCodeAt(i))) return false
  return true
}

function nameForms(name: string): Form[] {
  if (name.length < 4 && isHanOnly(name)) return name.length < 2 ? [] : [form(name, name)]
  if (/[A-Za-z]/.test(name) && !/\p{Script=Han}/u.test(name)) return latinForms(name)
  if ([...name].length < 2) return []
  const forms = [form(name, name)]
  // 张三之女: the name is the mother's.
  const mother = /^(\p{Script=Han}{2,6})之[子女]$/u.exec(name)
  if (mother !== null) forms.push(form(mother[1]!, name))
  for (const part of name.split('·')) if (part !== name && part.length >= 3) forms.push(form(part, name))
  return forms
}

function latinForms(name: string): Form[] {
  const words = name.split(/[\s,·]+/).filter((w) => /^\p{L}[\p{L}\p{M}'’-]+$/u.test(w))
  const squeezed = squeeze(name)
  if (squeezed.length < 3) return []
  const forms = [form(name, name, words.length < 2 ? 'capital' : squeezed.length >= 6 ? 'anywhere' : null)]
  if (words.length > 1) forms.push(form(words.toReversed().join(''), name))
  if (words.length > 1) for (const word of words) if (word.length >= 3) forms.push(form(word, name, 'capital'))
  return forms
}

function phoneForms(phone: string): Form[] {
  const landline = parseLandline(phone)
  if (landline !== null) {
    const { area, local } = landline
    return [area + local, `86${area.slice(1)}${local}`, `0086${area.slice(1)}${local}`, local].map((t) =>
      form(t, phone),
    )
  }
  const digits = /^\d+$/.test(phone) ? phone : phone.replace(/\D/g, '')
  if (digits.length < 7) return []
  return [form(digits, phone)]
}

function identifierForms(value: string): Form[] {
  const text = squeeze(value)
  let digits = 0
  for (let i = 0; i < text.length; i++) if (isDigit(text.charCodeAt(i))) digits++
  if (digits === 0 || (digits === text.length ? digits < 6 : text.length < 4)) return []
  const forms = [form(value, value)]
  const bare = text.charCodeAt(0) === 0x30 ? text.replace(/^0+/, '') : text
  if (bare !== text && /^\d{6,}$/.test(bare)) forms.push(form(bare, value))
  return forms
}

/** a place an address names, by the last units of its name: at least four characters follow it */
const PLACE = /^.{1,12}?(?:自治[区州县]|特别行政区|街道|[省市区盟县旗镇乡村])(?=.{4})/u
/** a street with its number */
const NUMBERED = /^.{2,}?(?:路|街|道|巷|弄|村|里|苑|园|小区|花园)[^\d]{0,6}\d{1,5}号?/u
const SMALL_PLACES = '省市区盟县旗镇乡村'
const STREETS = '路街道巷弄村里苑园'

/** Town and street without the province and city before them, and the street with its number only. */
function addressForms(address: string): Form[] {
  const text = squeeze(address)
  if (text.length < 4 || !/\p{Script=Han}|\d/u.test(text)) return []
  const forms = [form(address, address)]
  // One line of the basic plane, as nearly every address is: read unit by unit, as the patterns would.
  const plain = !/[\ud800-\udfff\n\r\u2028\u2029]/.test(address)
  let tail = address
  for (let n = 0; n < 6; n++) {
    const at = plain ? placeEnd(tail) : (PLACE.exec(tail)?.[0].length ?? -1)
    if (at < 0) break
    tail = tail.slice(at)
    forms.push(form(tail, tail))
    const end = plain ? numberedEnd(tail) : (NUMBERED.exec(tail)?.[0].length ?? -1)
    if (end < 0 || end === tail.length) continue
    const numbered = form(tail.slice(0, end), tail.slice(0, end))
    if (numbered.text.length >= 5) forms.push(numbered)
  }
  return forms
}

/** Offsets at which forms of an address begin, when it is one line of the basic plane: itself and what follows its places. */
export function addressBeginnings(address: string): number[] {
  const starts = [0]
  for (let n = 0; n < 6; n++) {
    const at = placeEnd(address, starts[n]!)
    if (at < 0) break
    starts.push(at)
  }
  return starts
}

/** As {@link PLACE}: where the first place ends; -1 = none. */
function placeEnd(text: string, from = 0): number {
  for (let i = from + 1; i <= from + 12 && i < text.length; i++) {
    const end = i + placeLength(text, i)
    if (end > i && end + 4 <= text.length) return end
  }
  return -1
}

function placeLength(text: string, i: number): number {
  const c = text[i]!
  if (SMALL_PLACES.includes(c)) return 1
  if (c === '街') return text[i + 1] === '道' ? 2 : 0
  if (c === '自') return text[i + 1] === '治' && '区州县'.includes(text[i + 2] ?? '-') ? 3 : 0
  return c === '特' && text.startsWith('特别行政区', i) ? 5 : 0
}

/** As {@link NUMBERED}: where the number of the first numbered street ends; -1 = none. */
function numberedEnd(text: string): number {
  for (let i = 2; i < text.length; i++) {
    const c = text[i]!
    const after = STREETS.includes(c) ? i + 1 : text.startsWith('小区', i) || text.startsWith('花园', i) ? i + 2 : -1
    if (after < 0) continue
    let digits = after
    while (digits < text.length && digits - after <= 6 && !isDigit(text.charCodeAt(digits))) digits++
    if (digits - after > 6 || digits === text.length) continue
    let end = digits
    while (end < text.length && end - digits < 5 && isDigit(text.charCodeAt(end))) end++
    return text[end] === '号' ? end + 1 : end
  }
  return -1
}

function dateForms(value: string): Form[] {
  const d = parseDate(value)
  if (d === null || d.month === 0 || d.day === 0) return []
  const mm = String(d.month).padStart(2, '0')
  const dd = String(d.day).padStart(2, '0')
  const full = `${d.year}${mm}${dd}`
  const forms = [form(full, value), form(`${d.year}年${d.month}月${d.day}日`, value)]
  if (d.month < 10 || d.day < 10) forms.push(form(`${d.year}年${mm}月${dd}日`, value))
  const short = `${d.year}${d.month}${d.day}`
  return short === full ? forms : [...forms, form(short, value, 'separated')]
}
