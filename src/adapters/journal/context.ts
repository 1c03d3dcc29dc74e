/**
 * What calls have in common (who, through which interface, under which rules): written once a frame and named by the
 * lines that share it. Callers come again and again with the same token, so a line is a third as long and half as dear
 * to write and to read as the whole record. A frame names its own contexts only: each can be read by itself.
 */
import { CONTEXT_FIELDS, type ContextValue } from '../../base/record-text.ts'

export interface Context {
  readonly value: ContextValue
  /** the value as JSON */
  readonly json: string
}

/** contexts a writer remembers; one that was forgotten is written again */
const KEPT = 32

export function sameContext(a: ContextValue, b: ContextValue): boolean {
  // these two differ most often
  if (a.user !== b.user || a.interface !== b.interface) return false
  for (const field of CONTEXT_FIELDS) if (a[field] !== b[field]) return false
  return true
}

/** The contexts a writer met last, and the numbers they have in the frame that is being made. */
export class Contexts {
  readonly #kept: { context: Context; number: number }[] = []
  #oldest = 0
  #defined = 0
  /** the definitions of the frame so far */
  lines = ''

  /** The number of a line's context in the frame that is being made. */
  numberOf(value: ContextValue): number {
    for (const kept of this.#kept) if (sameContext(kept.context.value, value)) return this.#numbered(kept)
    const kept = { context: contextOf(value), number: 0 }
    if (this.#kept.length < KEPT) this.#kept.push(kept)
    else {
      this.#kept[this.#oldest] = kept
      this.#oldest = (this.#oldest + 1) % KEPT
    }
    return this.#numbered(kept)
  }

  /** The frame is written: the next one names its own. */
  nextFrame(): void {
    this.lines = ''
    this.#defined = 0
    for (const kept of this.#kept) kept.number = 0
  }

  #numbered(kept: { readonly context: Context; number: number }): number {
    if (kept.number === 0) {
      kept.number = ++this.#defined
      this.lines += `X${kept.number} ${kept.context.json}\n`
    }
    return kept.number
  }
}

function contextOf(line: ContextValue): Context {
  const value = Object.fromEntries(CONTEXT_FIELDS.map((field) => [field, line[field]])) as unknown as ContextValue
  return { value, json: JSON.stringify(value) }
}
