/**
 * Proofs that a plain value of a bundle became tighter or stayed the same. Each gets the value before and after
 * (undefined = absent); what it cannot prove it calls looser.
 */
import { canonicalJson } from '../../base/canonical.ts'
import { type Judged, judged } from './verdict.ts'

export type Prover = (before: unknown, after: unknown) => Judged

/** Values of rules in one line; never of a payload. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return '-'
  const text = typeof value === 'string' ? value : canonicalJson(value)
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

const from = (before: unknown, after: unknown): string => `${shown(before)} → ${shown(after)}`

/** A label: names, reasons and versions that no decision reads. */
export const label: Prover = (a, b) => judged('same', `说明性内容：${from(a, b)}`, `a label: ${from(a, b)}`)

export const unproved: Prover = (a, b) =>
  judged('looser', `无法证明更严：${from(a, b)}`, `not proved tighter: ${from(a, b)}`)

/** A part that opens a way: adding it is looser, taking it away tighter. */
export const opens: Prover = (a, b) => {
  if (a === undefined) return judged('looser', '新增', 'added')
  return b === undefined ? judged('tighter', '已撤去', 'taken away') : unproved(a, b)
}

/** A parameter of a query: what must be given narrows what is asked for, so without it more is answered. */
export const filter: Prover = (a, b) =>
  b === undefined && (a as { readonly required?: unknown }).required === true
    ? judged('looser', '必填参数已撤去：不再限定所查内容', 'a required parameter was taken away: more can be asked for')
    : opens(a, b)

/** With it more leaves; without it drugs and doses are no longer held to stay as they are. Neither is for one person. */
export const care: Prover = (_a, b) =>
  b === true
    ? judged('looser', '列为直接诊疗', 'it is of direct care now')
    : judged(
        'looser',
        '不再是直接诊疗：药品、剂量等不再必须保持原样',
        'no longer direct care: drugs and doses need not stay as they are',
      )

/** A part that guards: adding it is tighter, taking it away looser. */
export const guards: Prover = (a, b) => {
  if (a === undefined) return judged('tighter', '新增', 'added')
  return b === undefined ? judged('looser', '已撤去', 'taken away') : unproved(a, b)
}

const setOf = (value: unknown): Map<string, unknown> | null =>
  Array.isArray(value) ? new Map(value.map((v) => [canonicalJson(v), v])) : null

const names = (values: Iterable<unknown>): string => [...values].map(shown).join('、')

/** A list of what is admitted; null = anything. Fewer is tighter. */
export const admits: Prover = (a, b) => {
  const [left, right] = [setOf(a), setOf(b)]
  if (left === null)
    return right === null ? unproved(a, b) : judged('tighter', `由不限改为 ${shown(b)}`, `any became ${shown(b)}`)
  if (right === null) return judged('looser', '改为不限', 'became any')
  const added = [...right].filter(([k]) => !left.has(k)).map(([, v]) => v)
  if (added.length > 0) return judged('looser', `新增 ${names(added)}`, `${names(added)} added`)
  const gone = [...left].filter(([k]) => !right.has(k)).map(([, v]) => v)
  return judged('tighter', `撤去 ${names(gone)}`, `${names(gone)} taken away`)
}

/** A list of what is watched; null = everything the watcher chooses. More is tighter. */
export const watches: Prover = (a, b) => {
  const [left, right] = [setOf(a), setOf(b)]
  if (left === null || right === null) return unproved(a, b)
  return [...left.keys()].every((k) => right.has(k))
    ? judged('tighter', `增加 ${shown(b)}`, `more is watched: ${shown(b)}`)
    : judged('looser', `减少：${from(a, b)}`, `less is watched: ${from(a, b)}`)
}

const compare =
  (lower: 'tighter' | 'looser', what: { zh: string; en: string }): Prover =>
  (a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number' || a === b) return unproved(a, b)
    const verdict = b < a === (lower === 'tighter') ? 'tighter' : 'looser'
    return judged(verdict, `${what.zh} ${from(a, b)}`, `${what.en} ${from(a, b)}`)
  }

/** A quota: less is tighter. */
export const quota = compare('tighter', { zh: '额度', en: 'quota' })
/** A length of watching: more is tighter. */
export const span = compare('looser', { zh: '时长', en: 'span' })
/** An element's level. */
export const level = compare('looser', { zh: '级别', en: 'level' })

/** Words from loosest to tightest; another word proves nothing. */
export const ranked =
  (...words: readonly string[]): Prover =>
  (a, b) => {
    const [left, right] = [words.indexOf(String(a)), words.indexOf(String(b))]
    if (left < 0 || right < 0) return unproved(a, b)
    return judged(right > left ? 'tighter' : right < left ? 'looser' : 'same', from(a, b), from(a, b))
  }

/** The last day something holds; null = for ever. Earlier is tighter. */
export const lastDay: Prover = (a, b) => {
  const [left, right] = [dayOr(a, '9999-12-31'), dayOr(b, '9999-12-31')]
  return judged(right < left ? 'tighter' : right > left ? 'looser' : 'same', from(a, b), from(a, b))
}

/** The first day something holds; null = since ever. Later is tighter. */
export const firstDay: Prover = (a, b) => {
  const [left, right] = [dayOr(a, '0000-01-01'), dayOr(b, '0000-01-01')]
  return judged(right > left ? 'tighter' : right < left ? 'looser' : 'same', from(a, b), from(a, b))
}

const dayOr = (value: unknown, open: string): string => (typeof value === 'string' ? value : open)

/** A value whose presence permits something (a reason, an exception). */
export const exception: Prover = (a, b) => {
  if (b === null || b === undefined) return judged('tighter', '例外已撤去', 'the exception was taken away')
  return a === null || a === undefined
    ? judged('looser', `新增例外：${shown(b)}`, `an exception: ${shown(b)}`)
    : unproved(a, b)
}

/** A value whose presence restricts something (a pattern, a detector). */
export const restriction: Prover = (a, b) => {
  if (a === null || a === undefined) return judged('tighter', `新增限制：${shown(b)}`, `a restriction: ${shown(b)}`)
  return b === null || b === undefined
    ? judged('looser', '限制已撤去', 'the restriction was taken away')
    : unproved(a, b)
}
