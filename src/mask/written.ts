/**
 * Masked values written back (X40): a consumer that saw 张** and saves the form again would erase the name. Update and
 * create bodies are searched for own tokens and ciphertexts anywhere and for marks of a shipped mask in bound leaves; asterisks in free
 * text are data.
 */
import { GatewayError } from '../base/errors.ts'
import { Cursor } from './cursor.ts'
import { canonical } from './kinds.ts'
import type { Kind } from './model.ts'
import type { Limits, Plan, ReadHints } from './plan.ts'
import { sealedParts } from './sealed-value.ts'
import { CLOSE, LEAF, OPEN, Tape, TYPE_MASK } from './tape.ts'

/** Exact outputs of the shipped masks, by kind; text, number and blob carry asterisks of their own. */
const MARKS: Partial<Record<Kind, RegExp>> = {
  name: /^(?:\p{L}{1,2}\*\*(?:之[女子])?|\p{L}\*{1,40}|\p{L}\*+\p{L})$/u,
  identifier: /^[0-9A-Za-z\p{Script=Han}]{0,8}\*{2,}[0-9A-Za-z号]{0,8}$/u,
  phone: /^(?:\d{3}\*{4}\d{4}|(?:\d{3,4}-?)?\*{3,}\d{2,4}|\*{7,})$/,
  email: /^[^@]?\*{1,}@\S*$/,
  address: /\*{3}$/,
  date: /^\d{0,4}-?\*{2,}/,
}

/**
 * @param plan a plan whose reader was compiled with every element of interest (see compileWriteCheck)
 * @throws GatewayError MASKED_VALUE_WRITTEN at the first such value; PAYLOAD_* when the body cannot be read
 */
export function refuseMaskedValues(plan: Plan, body: Buffer, hints: ReadHints, limits: Limits): void {
  const tape = new Tape(1024)
  const doc = plan.reader.read(body, tape, limits, hints)
  const cursor = new Cursor(plan, doc, tape)
  for (let i = 0; i < tape.count; i++) {
    const type = tape.words[i << 2]! & TYPE_MASK
    if (type === OPEN) cursor.open.push(i)
    else if (type === CLOSE) cursor.open.pop()
    else if (type === LEAF && !cursor.isEmpty(i) && isMasked(plan, cursor, i))
      throw new GatewayError('MASKED_VALUE_WRITTEN')
  }
}

function isMasked(plan: Plan, cursor: Cursor, index: number): boolean {
  const text = cursor.text(index).trim()
  if (plan.effects.isOwnToken(text) || sealedParts(text) !== null) return true
  const candidate = cursor.choose(index)
  if (candidate === null || candidate.role === 'use') return false
  if (text === '***') return true
  const mark = MARKS[candidate.element.kind]
  return mark?.test(canonical(candidate.element.kind, text)) ?? false
}
