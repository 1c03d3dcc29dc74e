/**
 * Member names of HIS JSON as bindings compare them (domain.md 2.5.1, X29): normalised, and letters that only look
 * Latin read as Latin (a small skeleton in the sense of UTS 39), so that a Cyrillic `а` does not hide a name.
 */
import { normalKey } from '../normal-key.ts'

const LOOK_ALIKE: Readonly<Record<string, string>> = {
  // Cyrillic
  а: 'a',
  в: 'b',
  г: 'r',
  е: 'e',
  ё: 'e',
  з: '3',
  і: 'i',
  ї: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  п: 'n',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  ѕ: 's',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  һ: 'h',
  ӏ: 'l',
  ь: 'b',
  // Greek
  α: 'a',
  β: 'b',
  γ: 'y',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  μ: 'u',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  ς: 'c',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  // other Latin letters drawn alike
  ı: 'i',
  ɑ: 'a',
  ɡ: 'g',
  ⅼ: 'l',
}
const CANDIDATE = /[\u0131\u0251\u0261\u0370-\u03ff\u0400-\u052f]/u
const EACH = /[\u0131\u0251\u0261\u0370-\u03ff\u0400-\u052f]/gu

const PLAIN = /^[a-z0-9]+$/

export function matchKey(key: string): string {
  if (PLAIN.test(key)) return key
  const normal = normalKey(key)
  return CANDIDATE.test(normal) ? normal.replace(EACH, (c) => LOOK_ALIKE[c] ?? c) : normal
}
