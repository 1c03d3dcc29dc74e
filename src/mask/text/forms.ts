/**
 * How a value known from a structured field may be written in a sentence. Forms are squeezed (squeeze.ts), so blanks,
 * hyphens, dots and case need no forms of their own.
 */
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
const NOBODY = /[*?]|^(?:无名氏|未知|不详|无|匿名|本人|同上|unknown|none|null|test)$/i

/** Empty when a value is too short or too common to be searched for. `value` is canonical. */
export function formsOf(kind: Kind, value: string): Form[] {
  if (value.length > 512 || NOBODY.test(value)) return []
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

function nameForms(name: string): Form[] {
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
  const digits = phone.replace(/\D/g, '')
  if (digits.length < 7) return []
  return [form(digits, phone)]
}

function identifierForms(value: string): Form[] {
  const text = squeeze(value)
  const digits = text.replace(/\D/g, '').length
  if (digits === 0 || (digits === text.length ? digits < 6 : text.length < 4)) return []
  const forms = [form(value, value)]
  const bare = text.replace(/^0+/, '')
  if (bare !== text && /^\d{6,}$/.test(bare)) forms.push(form(bare, value))
  return forms
}

/** the next smaller place an address begins with */
const PLACE = /^.{1,12}?(?:自治[区州县]|特别行政区|街道|[省市区盟县旗镇乡村])(?=.{4})/u

/** Town and street without the province and city before them, and the street with its number only. */
function addressForms(address: string): Form[] {
  const text = squeeze(address)
  if (text.length < 4 || !/\p{Script=Han}|\d/u.test(text)) return []
  const forms = [form(address, address)]
  let tail = address
  for (let n = 0; n < 6 && PLACE.test(tail); n++) {
    tail = tail.replace(PLACE, '')
    forms.push(form(tail, tail))
    const numbered = /^.{2,}?(?:路|街|道|巷|弄|村|里|苑|园|小区|花园)[^\d]{0,6}\d{1,5}号?/u.exec(tail)
    if (numbered !== null && squeeze(numbered[0]).length >= 5 && numbered[0] !== tail)
      forms.push(form(numbered[0], numbered[0]))
  }
  return forms
}

function dateForms(value: string): Form[] {
  const d = parseDate(value)
  if (d === null || d.month === 0 || d.day === 0) return []
  const mm = String(d.month).padStart(2, '0')
  const dd = String(d.day).padStart(2, '0')
  const full = [`${d.year}${mm}${dd}`, `${d.year}年${d.month}月${d.day}日`, `${d.year}年${mm}月${dd}日`]
  const forms = [...new Set(full)].map((t) => form(t, value))
  const short = `${d.year}${d.month}${d.day}`
  return short === full[0] ? forms : [...forms, form(short, value, 'separated')]
}
