/**
 * Taking values out of a JSON text without reading it again: only bytes around the removed values are looked at, all
 * others stay (rules-language.md, Results). A member goes with its comma, a scalar in an array becomes null, an object
 * in an array goes. In FHIR, containers left empty go too, and a required element says why it is missing.
 */

export interface Flags {
  readonly required: boolean
  readonly aligned: boolean
  /** an Extension: with nothing but its url it says nothing */
  readonly extension: boolean
}

export interface RemovalRules {
  /** FHIR: no empty objects and arrays, required elements */
  readonly cascade: boolean
  /** NDJSON: a payload ends with its line */
  readonly lines: boolean
  /** what is known of the value that begins at this offset */
  readonly flags: (start: number) => Flags
}

/** A replacement of [start, end) by text. */
export interface Cut {
  readonly start: number
  readonly end: number
  readonly text: string
}

interface Run {
  start: number
  end: number
  readonly inArray: boolean
  /** values of an array run: start and end in turn */
  readonly items: number[]
  /** its values keep their places as null */
  readonly soft: boolean
  required: boolean
  /** where the first run of those linked with this one stands among the runs */
  head: number
  /** for a head: its container's opening bracket, -1 = something stands before; null = not looked for yet */
  opener: number | null
  /** fixed text instead of removal */
  readonly text: string | null
}

type Gap = 'comma' | 'nulls' | 'other'

const REASON = '{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}'
const ABSENT = `{"extension":[${REASON}]}`

export class Removal {
  readonly #b: Buffer
  readonly #rules: RemovalRules
  readonly #runs: Run[] = []

  constructor(source: Buffer, rules: RemovalRules) {
    this.#b = source
    this.#rules = rules
  }

  /** Values in ascending order, none inside another. */
  add(start: number, end: number, isScalar: boolean): void {
    // A null that counted as nothing when its array went.
    if (start < (this.#runs[this.#runs.length - 1]?.end ?? 0)) return
    const flags = this.#rules.cascade ? this.#rules.flags(start) : NO_FLAGS
    this.#value(start, end, isScalar || flags.aligned, isScalar, flags.required)
  }

  cuts(): Cut[] {
    const cuts: Cut[] = []
    for (const run of this.#runs) {
      if (run.text !== null) cuts.push({ start: run.start, end: run.end, text: run.text })
      else if (run.soft)
        for (let i = 0; i < run.items.length; i += 2)
          cuts.push({ start: run.items[i]!, end: run.items[i + 1]!, text: 'null' })
      else cuts.push(this.#withComma(run))
    }
    return cuts
  }

  #value(start: number, end: number, soft: boolean, primitive: boolean, required: boolean): void {
    const before = this.#back(start)
    if (before < 0) {
      this.#root(start, end)
      return
    }
    if (this.#b[before] === 0x3a) {
      const keyEnd = this.#back(before)
      const key = this.#openingQuote(keyEnd)
      if (required) this.#absent(key, keyEnd, start, end, primitive)
      else this.#push({ ...MEMBER, start: key, end })
      return
    }
    // Outside FHIR a null in its place settles the matter.
    const text = soft && !this.#rules.cascade ? 'null' : null
    this.#push({ start, end, inArray: true, items: [start, end], soft, required, head: -1, opener: null, text })
  }

  /** The payload itself: a line goes with its end, anything else becomes null. */
  #root(start: number, end: number): void {
    const line = this.#rules.lines ? this.#line(start, end) : { start, end, text: 'null' }
    this.#runs.push({ ...MEMBER, ...line })
  }

  #line(start: number, end: number): Cut {
    const b = this.#b
    let from = start
    while (from > 0 && b[from - 1] !== 0x0a) from--
    let to = end
    while (to < b.length && b[to] !== 0x0a) to++
    return { start: from === 0 ? start : from, end: Math.min(b.length, to + 1), text: '' }
  }

  /** A required element stays as an extension that gives the reason. */
  #absent(key: number, keyEnd: number, start: number, end: number, primitive: boolean): void {
    const b = this.#b
    const name = b.toString('utf8', key + 1, keyEnd)
    const isList = b[start] === 0x5b
    const value = isList ? `[${ABSENT}]` : ABSENT
    if (primitive && this.#hasCompanion(name, key, end)) {
      this.#push({ ...MEMBER, start: key, end })
      return
    }
    const text = primitive ? `"_${name}":${value}` : `"${name}":${value}`
    this.#runs.push({ ...MEMBER, start: key, end, text })
  }

  /** Does `_name` stand before or after? It then speaks for the element itself. */
  #hasCompanion(name: string, key: number, end: number): boolean {
    const b = this.#b
    const wanted = `"_${name}"`
    const comma = this.#skip(end)
    if (b[comma] === 0x2c) {
      const at = this.#skip(comma + 1)
      if (b.toString('utf8', at, at + Buffer.byteLength(wanted)) === wanted) return true
    }
    const before = this.#back(key)
    return before >= 0 && b[before] === 0x2c && b.subarray(Math.max(0, before - COMPANION), before).includes(wanted)
  }

  #push(run: Run): void {
    const top = this.#runs[this.#runs.length - 1]
    const alike = top !== undefined && top.text === null && run.text === null && top.inArray === run.inArray
    const gap = alike ? this.#gap(top, run) : 'other'
    if (gap === 'comma' && top!.soft === run.soft) {
      top!.end = run.end
      top!.items.push(...run.items)
      top!.required ||= run.required
    } else if (gap === 'other') this.#runs.push({ ...run, head: this.#runs.length })
    else this.#runs.push({ ...run, head: top!.head })
    if (this.#rules.cascade) this.#collapse()
  }

  /** What stands between two runs; in FHIR arrays nulls count as nothing. */
  #gap(left: Run, right: Run): Gap {
    const b = this.#b
    for (let p = left.end, gap: Gap = 'comma'; ; gap = 'nulls') {
      p = this.#skip(p)
      if (b[p] !== 0x2c) return 'other'
      p = this.#skip(p + 1)
      if (p === right.start) return gap
      if (!left.inArray || !this.#rules.cascade || !this.#isNull(p) || p > right.start) return 'other'
      p += 4
    }
  }

  /** When nothing else is left in the container of the last run, the container goes in its stead. */
  #collapse(): void {
    const runs = this.#runs
    const last = runs[runs.length - 1]!
    if (last.text !== null) return
    const first = last.head
    const head = runs[first]!
    const open = (head.opener ??= this.#opener(head))
    const close = open < 0 ? -1 : this.#closer(last)
    if (close < 0 || this.#back(open) < 0) return
    const flags = this.#rules.flags(open)
    const left = this.#skip(open + 1) !== head.start
    const right = this.#back(close) >= last.end
    // Something still stands before or after: only the url of an extension does not count, and only once.
    if (!head.inArray && (left || right) && !(flags.extension && left !== right)) return
    const gone = runs.splice(first)
    const { inArray } = gone[0]!
    const required = inArray ? gone.some((r) => r.required) : flags.required
    this.#value(open, close + 1, flags.aligned, inArray && gone.some((r) => r.soft), required)
  }

  #opener(run: Run): number {
    const b = this.#b
    for (let p = this.#back(run.start); ; ) {
      if (p < 0) return -1
      if (b[p] === (run.inArray ? 0x5b : 0x7b)) return p
      if (b[p] !== 0x2c) return -1
      if (!run.inArray) return this.#openerBeforeUrl(p)
      p = this.#back(p)
      if (!this.#isNull(p - 3)) return -1
      p = this.#back(p - 3)
    }
  }

  #closer(run: Run): number {
    const b = this.#b
    for (let p = this.#skip(run.end); ; ) {
      if (b[p] === (run.inArray ? 0x5d : 0x7d)) return p
      if (b[p] !== 0x2c) return -1
      if (!run.inArray) return this.#closerAfterUrl(p)
      p = this.#skip(p + 1)
      if (!this.#isNull(p)) return -1
      p = this.#skip(p + 4)
    }
  }

  /** The brace before `{"url":"..."`, when the comma at `comma` ends just that. */
  #openerBeforeUrl(comma: number): number {
    const b = this.#b
    const valueEnd = this.#back(comma)
    if (b[valueEnd] !== 0x22) return -1
    const colon = this.#back(this.#openingQuote(valueEnd))
    if (b[colon] !== 0x3a) return -1
    const keyEnd = this.#back(colon)
    const key = this.#openingQuote(keyEnd)
    if (b.toString('latin1', key, keyEnd + 1) !== '"url"') return -1
    const open = this.#back(key)
    return b[open] === 0x7b ? open : -1
  }

  /** The brace after `,"url":"..."}`, when just that follows the comma. */
  #closerAfterUrl(comma: number): number {
    const b = this.#b
    const key = this.#skip(comma + 1)
    if (b.toString('latin1', key, key + 5) !== '"url"') return -1
    let p = this.#skip(this.#skip(key + 5) + 1)
    if (b[p] !== 0x22) return -1
    for (p++; b[p] !== 0x22; p++) if (b[p] === 0x5c) p++
    const close = this.#skip(p + 1)
    return b[close] === 0x7d ? close : -1
  }

  #withComma({ start, end }: Run): Cut {
    const b = this.#b
    const before = this.#back(start)
    if (b[before] === 0x2c) return { start: before, end, text: '' }
    const after = this.#skip(end)
    return { start, end: b[after] === 0x2c ? this.#skip(after + 1) : end, text: '' }
  }

  #isNull(p: number): boolean {
    const b = this.#b
    return p >= 0 && b[p] === 0x6e && b[p + 1] === 0x75 && b[p + 2] === 0x6c && b[p + 3] === 0x6c
  }

  /** Offset of the byte before `p` that is no white space; -1 = the payload begins here. */
  #back(p: number): number {
    const b = this.#b
    for (let i = p - 1; i >= 0; i--) {
      const c = b[i]!
      if (c === 0x0a && this.#rules.lines) return -1
      if (c === 0xbf && i === 2 && b[0] === 0xef && b[1] === 0xbb) return -1
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return i
    }
    return -1
  }

  #skip(p: number): number {
    const b = this.#b
    while (b[p] === 0x20 || b[p] === 0x0a || b[p] === 0x0d || b[p] === 0x09) p++
    return p
  }

  /** The quote that opens the string whose closing quote is at `close`. */
  #openingQuote(close: number): number {
    const b = this.#b
    for (let i = close - 1; ; i--) {
      if (b[i] !== 0x22) continue
      let slashes = 0
      while (b[i - 1 - slashes] === 0x5c) slashes++
      if (slashes % 2 === 0) return i
      i -= slashes
    }
  }
}

/** how far back the companion of a primitive is looked for: it stands beside it, and is short */
const COMPANION = 512
const MEMBER = {
  inArray: false,
  items: [] as number[],
  soft: false,
  required: false,
  head: -1,
  opener: null,
  text: null,
} as const
const NO_FLAGS: Flags = { required: false, aligned: false, extension: false }
