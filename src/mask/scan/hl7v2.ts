/**
 * Strict byte scanner for HL7 v2 in ER7 (HL7 v2.7.1 chapter 2): one pass from payload to tape, no value is built.
 *
 * - Delimiters come from each MSH, FHS and BHS; MSH-1 and MSH-2 are never leaves.
 * - Segments end with CR, LF or CRLF, mixed. A line that is no segment header belongs to the value before it.
 * - A byte order mark, blank lines and MLLP frame bytes around messages are kept and skipped.
 * - In GBK and GB18030 the later bytes of a code may look like delimiters: they are stepped over.
 *
 * Refused with PAYLOAD_UNPARSEABLE and the offset: anything before the first header, illegal delimiters, `msh` in lower
 * case, a segment outside a message.
 */
import { GatewayError } from '../../base/errors.ts'
import { ESCAPED, LEAF, STRING, type Tape } from '../tape.ts'
import { BHS, BTS, FHS, FTS, firstLine, isUpperOrDigit, isWord, MSH, pairLength } from './hl7v2-bytes.ts'
import { CR, type Delimiters, FS, LF, readDelimiters, sameDelimiters, VT } from './hl7v2-delimiters.ts'
import {
  type FieldPlan,
  type Foresight,
  type Program,
  type RepetitionPlan,
  type SegmentPlan,
  SKIP,
  type TextOf,
} from './hl7v2-program.ts'
import { Repetition } from './hl7v2-repetition.ts'

// Classes of a byte inside a field.
const ORDINARY = 0
const COMPONENT = 1
const SUBCOMPONENT = 2
const REPETITION = 3
const FIELD = 4
const LINE = 5
const ESCAPE = 6
const LEAD = 7

const NOTHING = new Uint8Array(0)
/** more fields than any payload can hold */
const ENDLESS = 0x3fffffff

/** BTS-1 or FTS-1 as sent, and where what it counts begins. */
export interface Trailer {
  readonly kind: 'BTS' | 'FTS'
  /** the batch's or file's first byte */
  readonly from: number
  /** span of the count; empty when it says nothing */
  readonly start: number
  readonly end: number
  /** no BHS stands between: an FTS then counts messages */
  readonly batches: number
}

/** What a payload turned out to hold besides its leaves. */
export interface Scanned {
  /** first byte of each message, its MLLP frame byte included */
  readonly messages: number[]
  /** each set holds from its `from` on */
  readonly delimiters: Delimiters[]
  readonly trailers: Trailer[]
}

export const nothingScanned = (): Scanned => ({ messages: [], delimiters: [], trailers: [] })

export class Hl7Scanner {
  readonly #program: Program
  readonly #classes = new Uint8Array(256)
  readonly #repetition = new Repetition()
  #multibyte = false
  #current: Delimiters | null = null
  #batchField = -1
  #source: Uint8Array = new Uint8Array(0)
  #tape!: Tape
  #text!: TextOf
  /** start of the line after the value that was read last */
  #next = 0
  /** first CR, LF and FS not before where they were looked for last: each byte is looked at once for each */
  #cr = -1
  #lf = -1
  #fs = -1
  #found: Scanned = nothingScanned()

  constructor(program: Program) {
    this.#program = program
  }

  /**
   * Scans the whole payload. `text` decodes values for conditions and guards while `found` fills. A payload that is
   * refused leaves the tape half written.
   */
  scan(source: Uint8Array, tape: Tape, multibyte: boolean, found: Scanned, text: TextOf): void {
    this.#source = source
    this.#tape = tape
    this.#text = text
    this.#multibyte = multibyte
    this.#current = null
    this.#batchField = -1
    this.#cr = this.#lf = this.#fs = -1
    this.#found = found
    this.#lines(firstLine(source))
  }

  #lines(first: number): void {
    const source = this.#source
    const n = source.length
    let record = -1
    let file = first
    let batch = -1
    let batches = 0
    for (let line = first; line < n; ) {
      const p = source[line] === VT ? line + 1 : line
      const name = (source[p]! << 16) | (source[p + 1]! << 8) | source[p + 2]!
      const outer = name === FHS || name === BHS || name === BTS || name === FTS
      if ((outer || name === MSH) && record >= 0) {
        this.#tape.close(record, line)
        record = -1
      }
      let from = p + 3
      if (name === MSH || name === FHS || name === BHS) {
        from = this.#header(p)
        if (name === MSH) {
          this.#found.messages.push(line)
          record = this.#tape.open(this.#program.recordScope, line)
        } else if (name === BHS) {
          batch = line
          batches++
          this.#batchField = source[p + 3]!
        } else {
          file = line
          batches = 0
        }
      } else if (name === BTS || name === FTS) {
        this.#trailer(
          name === BTS ? 'BTS' : 'FTS',
          p,
          name === FTS || batch < 0 ? file : batch,
          name === FTS ? batches : 0,
        )
        batch = -1
      } else if (record < 0) throw new GatewayError('PAYLOAD_UNPARSEABLE', { offset: p })
      line = this.#segment(name, p, from)
    }
    if (record >= 0) this.#tape.close(record, n)
  }

  /** Takes over the delimiters of a header segment; returns the byte after its second field. */
  #header(p: number): number {
    const found = readDelimiters(this.#source, p)
    if (this.#current === null || !sameDelimiters(this.#current, found)) {
      const classes = this.#classes
      classes.fill(ORDINARY)
      classes[CR] = classes[LF] = classes[FS] = LINE
      if (this.#multibyte) classes.fill(LEAD, 0x81, 0xff)
      classes[found.field] = FIELD
      classes[found.component] = COMPONENT
      classes[found.repetition] = REPETITION
      classes[found.escape] = ESCAPE
      if (found.subcomponent >= 0) classes[found.subcomponent] = SUBCOMPONENT
      this.#current = found
      this.#found.delimiters.push(found)
    }
    return found.end
  }

  #trailer(kind: Trailer['kind'], p: number, from: number, batches: number): void {
    const source = this.#source
    const start = Math.min(p + 4, source.length)
    let end = start
    while (end < source.length && source[end]! >= 0x30 && source[end]! <= 0x39) end++
    const after = source[end]
    const whole = after === undefined || this.#classes[after] === FIELD || this.#classes[after] === LINE
    this.#found.trailers.push({ kind, from, start, end: whole ? end : start, batches })
  }

  /** Reads one segment whose first field delimiter is expected at `from`; returns the start of the next one. */
  #segment(name: number, start: number, from: number): number {
    const plan = this.#program.segment(name)
    if (plan === null) return this.#skipSegment(from)
    const number = from > start + 3 ? 2 : 0
    if (plan.foresight !== null) {
      plan.foresight.begin(this.#found.messages.length, this.#source, this.#multibyte)
      if (!plan.inOrder) this.#foresee(plan.foresight, from, number)
    }
    return this.#fields(plan, from, number)
  }

  #fields(plan: SegmentPlan, from: number, before: number): number {
    const { fields, rest } = plan
    const classes = this.#classes
    const source = this.#source
    const n = source.length
    const last = rest === null ? fields.length - 1 : ENDLESS
    const foresight = plan.inOrder ? plan.foresight : null
    const wanted = foresight === null ? NOTHING : foresight.wanted
    let number = before
    let i = from
    for (;;) {
      if (i >= n) return n
      // A segment without fields has had its line end not looked past yet.
      if (classes[source[i]!] !== FIELD) return i === from ? this.#skipSegment(i) : this.#next
      if (++number > last) return this.#skipSegment(i)
      const field = number < fields.length ? fields[number]! : rest
      const sees = number < wanted.length && wanted[number] === 1 ? foresight : null
      i = field === null && sees === null ? this.#skipField(i + 1) : this.#field(field, sees, number, i + 1)
    }
  }

  #foresee(foresight: Foresight, from: number, before: number): void {
    const classes = this.#classes
    const source = this.#source
    let i = from
    for (let field = before + 1; field < foresight.wanted.length; field++) {
      if (i >= source.length || classes[source[i]!] !== FIELD) return
      i = foresight.wanted[field] === 1 ? this.#field(null, foresight, field, i + 1) : this.#skipField(i + 1)
    }
  }

  /** Shows one field to the foresight and emits its leaves; returns the byte that ended it. */
  #field(plan: FieldPlan | null, foresight: Foresight | null, field: number, from: number): number {
    const source = this.#source
    const repetition = this.#repetition
    let i = from - 1
    let number = 0
    do {
      i = this.#split(i + 1)
      number++
      if (repetition.count === 0) continue
      foresight?.see(field, repetition, this.#text)
      if (plan === null) continue
      const chosen = plan.choose === null ? plan.fixed : plan.choose(repetition, number, this.#text)
      if (chosen !== null) this.#emit(chosen)
    } while (i < source.length && this.#classes[source[i]!] === REPETITION)
    return i
  }

  #emit(plan: RepetitionPlan): void {
    const tape = this.#tape
    const r = this.#repetition
    const { words } = r
    const { sites, rows, columns, scope } = plan
    const { guards } = this.#program
    const open = scope < 0 || (r.plain && plan.alone) ? -1 : tape.open(scope, r.start)
    for (let at = 0, end = r.count << 2; at < end; at += 4) {
      const signed = words[at]!
      const component = signed < 0 ? -signed : signed
      const sub = words[at + 1]!
      let site = sites[(component < rows ? component : rows - 1) * columns + (sub < columns ? sub : columns - 1)]!
      if (site < 0) {
        if (site === SKIP) continue
        const guard = guards[-2 - site]!
        site = guard.test(this.#text(words[at + 2]!, words[at + 3]!, signed < 0)) ? guard.then : guard.otherwise
        if (site < 0) continue
      }
      tape.push(signed < 0 ? LEAF | STRING | ESCAPED : LEAF | STRING, site, words[at + 2]!, words[at + 3]!)
    }
    if (open >= 0) tape.close(open, r.end)
  }

  /** Cuts the repetition that starts at `from` into its values; returns the byte that ended it (or the length). */
  #split(from: number): number {
    const source = this.#source
    const classes = this.#classes
    const n = source.length
    const r = this.#repetition
    r.begin(from)
    let i = from
    let start = from
    let component = 1
    let sub = 1
    let escaped = false
    for (;;) {
      while (i < n && classes[source[i]!] === ORDINARY) i++
      const kind = i < n ? classes[source[i]!]! : LINE
      if (kind === LEAD) {
        i += pairLength(source, i)
        continue
      }
      if (kind === ESCAPE) {
        escaped = true
        i++
        continue
      }
      if (kind === LINE && i < n) {
        const next = this.#nextLine(i)
        if (next < 0) {
          i = ~next
          continue
        }
      }
      // `""` asks the receiver to delete its value; it is no value itself.
      if (i > start && !(i - start === 2 && source[start] === 0x22 && source[start + 1] === 0x22))
        r.add(component, sub, start, i, escaped)
      if (kind !== COMPONENT && kind !== SUBCOMPONENT) {
        r.end = i
        return i
      }
      r.plain = false
      if (kind === COMPONENT) {
        component++
        sub = 1
      } else sub++
      escaped = false
      start = ++i
    }
  }

  #skipField(from: number): number {
    const source = this.#source
    const classes = this.#classes
    const n = source.length
    let i = from
    for (;;) {
      const kind = i < n ? classes[source[i]!]! : LINE
      if (kind < FIELD || kind === ESCAPE) i++
      else if (kind === LEAD) i += pairLength(source, i)
      else if (kind === FIELD || i >= n) return i
      else {
        const next = this.#nextLine(i)
        if (next >= 0) return i
        i = ~next
      }
    }
  }

  /** From anywhere in a segment to the start of the next one. Line ends are never part of a longer code. */
  #skipSegment(from: number): number {
    let i = from
    for (;;) {
      if (this.#cr < i) this.#cr = this.#find(CR, i)
      if (this.#lf < i) this.#lf = this.#find(LF, i)
      if (this.#fs < i) this.#fs = this.#find(FS, i)
      const end = Math.min(this.#cr, this.#lf, this.#fs)
      if (end >= this.#source.length) return end
      const next = this.#nextLine(end)
      if (next >= 0) return next
      i = ~next
    }
  }

  #find(byte: number, from: number): number {
    const at = this.#source.indexOf(byte, from)
    return at < 0 ? this.#source.length : at
  }

  /**
   * Looks past the line end at `i`. A segment header or the end of the payload: its position. Otherwise the value goes
   * on, and the answer is ~position to go on from.
   */
  #nextLine(i: number): number {
    const source = this.#source
    const n = source.length
    let j = i
    for (; j < n; ) {
      const c = source[j]!
      if (c === CR || c === LF || (c === FS && (j + 1 >= n || source[j + 1] === CR))) j++
      else if (c === 0x20 || c === 0x09) {
        let k = j
        while (k < n && (source[k] === 0x20 || source[k] === 0x09)) k++
        if (k < n && source[k] !== CR && source[k] !== LF) return ~k
        j = k
      } else break
    }
    if (j === i) return ~(i + 1)
    if (j >= n || this.#isHeader(j)) {
      this.#next = j
      return j
    }
    return ~j
  }

  #isHeader(line: number): boolean {
    const source = this.#source
    const p = source[line] === VT ? line + 1 : line
    const a = source[p]!
    const b = source[p + 1]!
    const c = source[p + 2]!
    const after = source[p + 3]
    const field = this.#current!.field
    if (a === 0x6d || a === 0x4d) this.#refuseLowerCase(p, after === field)
    if (a < 0x41 || a > 0x5a || !isUpperOrDigit(b) || !isUpperOrDigit(c)) return false
    const name = (a << 16) | (b << 8) | c
    const opens = name === MSH || name === FHS || name === BHS
    if (p > line && !opens) return false
    if (after === undefined || after === field || after === CR || after === LF) return true
    if (after === FS) return p + 4 >= source.length || source[p + 4] === CR
    // A new header may bring its own delimiters; what it brings is judged when it is read.
    if (opens) return !isWord(after)
    return (name === BTS || name === FTS) && after === this.#batchField
  }

  #refuseLowerCase(p: number, delimited: boolean): void {
    const source = this.#source
    if (!delimited || (source[p + 1]! | 0x20) !== 0x73 || (source[p + 2]! | 0x20) !== 0x68) return
    if (source[p] === 0x4d && source[p + 1] === 0x53 && source[p + 2] === 0x48) return
    throw new GatewayError('PAYLOAD_UNPARSEABLE', { offset: p })
  }
}
