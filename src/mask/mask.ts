/** Masking one payload under one plan: read strictly, decide every leaf, splice. All or nothing. */
import { GatewayError, isGatewayError } from '../base/errors.ts'
import { Edits } from '../base/splice.ts'
import { applyPlan } from './apply.ts'
import { type Counts, noCounts } from './counts.ts'
import type { Element } from './model.ts'
import type { Limits, Plan, ReadHints, Why } from './plan.ts'
import type { Outcome } from './run.ts'
import { Tape } from './tape.ts'

export interface Masked {
  /** fresh bytes, or the very input when nothing was edited */
  readonly body: Buffer
  readonly counts: Counts
  /** rows delivered (domain.md 5.1) */
  readonly rows: number
}

/** One decided leaf, for explain and rule tests. Holds places and rules, never values. */
export interface Explained {
  readonly address: string
  readonly element: Element | null
  readonly why: Why
  readonly outcome: Outcome
  readonly method: string
}

export const NO_HINTS: ReadHints = { charset: null, entryCharset: null }

// One payload at a time runs through here (the work is synchronous), so the scratch space is shared.
const tape = new Tape(4096)
const edits = new Edits()
const KEEP_WORDS = 4 << 20

/**
 * @throws GatewayError PAYLOAD_UNPARSEABLE, PAYLOAD_TOO_DEEP, PAYLOAD_INVALID, UNSUPPORTED_CHARSET, LEVEL5_FORBIDDEN;
 * MASK_FAILED when a method or the engine failed. Nothing of the payload is in any of them.
 */
export function maskPayload(plan: Plan, body: Buffer, hints: ReadHints, limits: Limits): Masked {
  return run(plan, body, hints, limits, null)
}

/** The same, with the deciding line of every leaf that was looked at. */
export function explainPayload(
  plan: Plan,
  body: Buffer,
  hints: ReadHints,
  limits: Limits,
): Masked & { readonly leaves: readonly Explained[] } {
  const seen: { offset: number; leaf: Omit<Explained, 'address'> }[] = []
  let addresses: readonly string[] = []
  const masked = run(plan, body, hints, limits, {
    leaf: (offset, leaf) => seen.push({ offset, leaf }),
    done: (doc) => {
      seen.sort((a, b) => a.offset - b.offset)
      addresses = doc.addresses(seen.map((s) => s.offset))
    },
  })
  return { ...masked, leaves: seen.map((s, i) => ({ address: addresses[i] ?? '?', ...s.leaf })) }
}

interface Listener {
  leaf(offset: number, leaf: Omit<Explained, 'address'>): void
  done(doc: { addresses(offsets: readonly number[]): string[] }): void
}

function run(plan: Plan, body: Buffer, hints: ReadHints, limits: Limits, listener: Listener | null): Masked {
  const counts = noCounts()
  tape.reset()
  edits.reset()
  try {
    const doc = plan.reader.read(body, tape, limits, hints)
    const observe =
      listener === null
        ? null
        : (index: number, element: Element | null, why: Why, outcome: Outcome, method: string) =>
            listener.leaf(tape.words[(index << 2) + 2]!, { element, why, outcome, method })
    edits.begin(doc.source, doc.view?.() ?? null)
    applyPlan(plan, doc, tape, edits, counts, observe)
    listener?.done(doc)
    const masked = edits.count === 0 ? body : doc.finish(edits)
    return { body: masked, counts, rows: doc.rows() }
  } catch (error) {
    if (isGatewayError(error)) throw error
    // Whatever a method or the engine threw may quote the payload: only the code goes on.
    throw new GatewayError('MASK_FAILED')
  } finally {
    if (tape.words.length > KEEP_WORDS) tape.words = new Int32Array(4096 * 4)
    edits.shrink()
  }
}
