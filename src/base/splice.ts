/**
 * Edits on bytes: replacements and removals of spans, applied once into a fresh buffer. Bytes outside the spans are
 * copied as they are; that is the whole promise of byte-exact masking.
 */

/** scratch space beyond this is given back after a payload */
const MAX_KEPT = 1 << 20
/** words of spans beyond this are given back: as many as 128 Ki edits need */
const MAX_SPANS = 1 << 19
/** A woven result from here on is not copied into a buffer of its own: the scratch it stands in is given away. */
const GIVEN_AWAY = 1 << 19
/** words of spans: eight edits */
const DENSE = 32
/** From here on the call into the runtime pays. */
const LONG = 512
/** copies run over their end by up to seven bytes, which the next one covers */
const SLACK = 8
const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

/** One edit, on its own. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly bytes: Buffer
}

/** The source with edits in ascending order applied. Throws RangeError on overlapping ones. */
export function applyEdits(source: Buffer, edits: readonly Edit[]): Buffer {
  const parts: Buffer[] = []
  let read = 0
  for (const { start, end, bytes } of edits) {
    if (start < read) throw new RangeError('overlapping edits')
    parts.push(source.subarray(read, start), bytes)
    read = end
  }
  parts.push(source.subarray(read))
  return Buffer.concat(parts)
}

/** {@link Edits} no longer weaves, or never did */
const APART = -1

export class Edits {
  /** four words each: start, end, and where its replacement stands in scratch */
  #spans = new Int32Array(192)
  #length = 0
  #sorted = true
  #from = 0
  /** end of the edit made last */
  #end = 0
  /**
   * Replacement bytes of all edits, in the order they were made. While that is the order of the source, what lies
   * between them is put there too: the result is then ready with the last edit.
   */
  scratch: Buffer = Buffer.allocUnsafeSlow(4096)
  #view = viewOf(this.scratch)
  #used = 0
  /** how far the source is woven into scratch, or {@link APART} */
  #read = APART
  #source: Buffer | null = null
  /** the source as a view; made on first use when nobody had one */
  #sourceView: DataView | null = null
  /** whose bytes may change before the edits are applied */
  #lent: DataView | null = null
  #givenAway = false
  /** where small results are put together, so that copies may run over and no view is made for each */
  #board: Buffer = Buffer.allocUnsafeSlow(4096)
  #boardView = viewOf(this.#board)

  /** four numbers each, like spans, in ascending order */
  #cuts: number[] = []

  get count(): number {
    return this.#length / 4 + this.#cuts.length / 4
  }

  reset(): void {
    this.#length = 0
    this.#used = 0
    this.#sorted = true
    this.#from = 0
    this.#end = 0
    if (this.#cuts.length > 0) this.#cuts = []
    this.#read = APART
    this.#source = null
    this.#sourceView = null
    this.#lent = null
    if (this.#givenAway) this.#renew()
  }

  /**
   * Names the bytes the edits are for, before the first of them. Edits that come in their order then cost one pass.
   * `lent`: a view of the same bytes at the same offsets, if somebody has such a view.
   */
  begin(source: Buffer, lent: DataView | null): void {
    this.#source = source
    this.#lent = lent
    this.#sourceView = lent
    this.#read = 0
  }

  /** Gives back what an unusually large payload made it grow to, and lets go of its bytes. */
  shrink(): void {
    if (this.#givenAway || this.scratch.length > MAX_KEPT) this.#renew()
    if (this.#board.length > MAX_KEPT) this.#pin(4096)
    if (this.#spans.length > MAX_SPANS) this.#spans = new Int32Array(192)
    this.#source = null
    this.#sourceView = null
    this.#lent = null
    this.#read = APART
  }

  #renew(): void {
    this.scratch = Buffer.allocUnsafeSlow(4096)
    this.#view = viewOf(this.scratch)
    this.#givenAway = false
  }

  /**
   * Makes room for n bytes and returns the offset in {@link scratch} to write at. Either {@link commit} with the same
   * start follows, or nothing does and the offset is void.
   */
  reserve(start: number, n: number): number {
    if (this.#read !== APART) this.#weaveTo(start, n)
    else if (this.#used + n + SLACK > this.scratch.length) this.#grow(n)
    return this.#used
  }

  /** Puts what lies between the last edit and `start` into scratch, with room for n bytes behind it. */
  #weaveTo(start: number, n: number): void {
    let gap = start - this.#read
    if (gap < 0) {
      // Nothing was committed where the last offset was given out: what was put there for it is taken back.
      if (start >= this.#end) this.#used += gap
      this.#read = start >= this.#end ? start : APART
      gap = 0
    }
    if (this.#used + gap + n + SLACK > this.scratch.length) this.#grow(gap + n)
    if (gap === 0) return
    this.#used = this.#take(this.#read, start, this.#used)
    this.#read = start
  }

  /** Copies source bytes into scratch, where there is room for them; returns the offset behind them. */
  #take(from: number, to: number, at: number): number {
    if (to - from >= LONG) return at + this.#source!.copy(this.scratch, at, from, to)
    this.#sourceView ??= viewOf(this.#source!)
    return copy(this.#sourceView, from, to, this.#view, at)
  }

  #grow(n: number): void {
    const { scratch } = this
    const length = this.#source?.length ?? 0
    // What is masked is seldom longer than it was.
    const enough = this.#read === APART ? 0 : length + (length >> 3)
    const bigger = Buffer.allocUnsafeSlow(Math.max(scratch.length * 2, this.#used + n + SLACK, enough))
    scratch.copy(bigger, 0, 0, this.#used)
    this.scratch = bigger
    this.#view = viewOf(bigger)
  }

  /** Replaces [start, end) by what was written into scratch up to `used`. Spans must not overlap. */
  commit(start: number, end: number, used: number): void {
    if (start < this.#from) this.#sorted = false
    this.#from = start
    this.#end = end
    this.#read = this.#read === start ? end : APART
    const at = this.#length
    if (at + 4 > this.#spans.length) {
      const bigger = new Int32Array(this.#spans.length * 2)
      bigger.set(this.#spans)
      this.#spans = bigger
    }
    const s = this.#spans
    s[at] = start
    s[at + 1] = end
    s[at + 2] = this.#used
    s[at + 3] = used
    this.#length = at + 4
    this.#used = used
  }

  replace(start: number, end: number, bytes: Uint8Array): void {
    const at = this.reserve(start, bytes.length)
    this.scratch.set(bytes, at)
    this.commit(start, end, at + bytes.length)
  }

  replaceText(start: number, end: number, text: string): void {
    const at = this.reserve(start, text.length * 3)
    this.commit(start, end, at + this.scratch.write(text, at, 'utf8'))
  }

  remove(start: number, end: number): void {
    this.commit(start, end, this.reserve(start, 0))
  }

  /** Says that [start, end) will lie inside a {@link cut}. */
  mark(start: number, end: number): void {
    this.#read = APART
    this.commit(start, end, this.#used)
  }

  /** Replaces [start, end) whatever was edited inside it. Cuts come in ascending order and never overlap each other. */
  cut(start: number, end: number, text = ''): void {
    this.#read = APART
    const at = this.reserve(start, text.length * 3)
    this.#used = at + this.scratch.write(text, at, 'utf8')
    this.#cuts.push(start, end, at, this.#used)
  }

  /**
   * A fresh buffer with all edits applied. `view`: the same bytes at the same offsets, if somebody has such a view.
   * Throws RangeError on overlapping spans: that is a fault of ours, never of the payload.
   */
  apply(source: Buffer, view: DataView | null = null): Buffer {
    if (this.#read !== APART && source === this.#source && view === this.#lent) return this.#woven(source)
    const sorted = this.#sorted ? this.#spans : this.#sort()
    const s = this.#cuts.length === 0 ? sorted : this.#withCuts(sorted)
    const n = s === this.#spans ? this.#length : s.length
    let size = source.length
    for (let i = 0; i < n; i += 4) size += s[i + 3]! - s[i + 2]! - (s[i + 1]! - s[i]!)
    const out = Buffer.allocUnsafe(size)
    if (n < DENSE) this.#paste(source, out, s, n)
    else {
      const from = view ?? viewOf(source)
      if (size > MAX_KEPT) this.#weave(source, from, out, viewOf(out), s, n)
      else {
        if (size + SLACK > this.#board.length) this.#pin(size * 2 + SLACK)
        this.#weave(source, from, this.#board, this.#boardView, s, n)
        this.#board.copy(out, 0, 0, size)
      }
    }
    return out
  }

  /** The edits apply() would make, in order: for bytes that are not the ones that were read. */
  settled(): Edit[] {
    const sorted = this.#sorted ? this.#spans.subarray(0, this.#length) : this.#sort()
    const s = this.#cuts.length === 0 ? sorted : this.#withCuts(sorted)
    const list: Edit[] = []
    for (let i = 0; i < s.length; i += 4)
      list.push({ start: s[i]!, end: s[i + 1]!, bytes: this.scratch.subarray(s[i + 2]!, s[i + 3]!) })
    return list
  }

  /** The source is woven as far as the last edit: what lies behind it is all that is missing. */
  #woven(source: Buffer): Buffer {
    const tail = source.length - this.#read
    if (this.#used + tail + SLACK > this.scratch.length) this.#grow(tail)
    const size = this.#take(this.#read, source.length, this.#used)
    if (size > GIVEN_AWAY) {
      this.#givenAway = true
      return this.scratch.subarray(0, size)
    }
    const out = Buffer.allocUnsafe(size)
    this.scratch.copy(out, 0, 0, size)
    return out
  }

  #pin(size: number): void {
    this.#board = Buffer.allocUnsafeSlow(size)
    this.#boardView = viewOf(this.#board)
  }

  /** Few edits: whole stretches by the runtime. */
  #paste(source: Buffer, out: Buffer, s: Int32Array, n: number): void {
    let read = 0
    let w = 0
    for (let i = 0; i < n; i += 4) {
      const start = s[i]!
      if (start < read) throw new RangeError('overlapping edits')
      w += source.copy(out, w, read, start)
      w += this.scratch.copy(out, w, s[i + 2]!, s[i + 3]!)
      read = s[i + 1]!
    }
    source.copy(out, w, read, source.length)
  }

  /** Many edits close together: the stretches between are shorter than a call into the runtime. */
  #weave(source: Buffer, from: DataView, out: Buffer, target: DataView, s: Int32Array, n: number): void {
    const scratch = this.#view
    let read = 0
    let w = 0
    for (let i = 0; i < n; i += 4) {
      const start = s[i]!
      if (start < read) throw new RangeError('overlapping edits')
      if (start - read < LONG) w = copy(from, read, start, target, w)
      else w += source.copy(out, w, read, start)
      w = copy(scratch, s[i + 2]!, s[i + 3]!, target, w)
      read = s[i + 1]!
    }
    source.copy(out, w, read, source.length)
  }

  /** Spans and cuts in one list, without the spans that lie inside a cut. */
  #withCuts(spans: Int32Array): Int32Array {
    const cuts = this.#cuts
    const merged = new Int32Array(this.#length + cuts.length)
    let used = 0
    let c = 0
    for (let i = 0; i < this.#length; i += 4) {
      const start = spans[i]!
      while (c < cuts.length && cuts[c]! <= start) {
        for (let k = 0; k < 4; k++) merged[used++] = cuts[c++]!
      }
      if (c > 0 && start >= cuts[c - 4]! && spans[i + 1]! <= cuts[c - 3]!) continue
      for (let k = 0; k < 4; k++) merged[used++] = spans[i + k]!
    }
    while (c < cuts.length) merged[used++] = cuts[c++]!
    return merged.slice(0, used)
  }

  #sort(): Int32Array {
    const n = this.#length / 4
    const s = this.#spans
    const order = Array.from({ length: n }, (_, i) => i).sort(
      (a, b) => s[a * 4]! - s[b * 4]! || s[a * 4 + 1]! - s[b * 4 + 1]!,
    )
    const sorted = new Int32Array(this.#length)
    for (let i = 0; i < n; i++) sorted.set(s.subarray(order[i]! * 4, order[i]! * 4 + 4), i * 4)
    return sorted
  }
}

/** Eight bytes at a time, over the end where there is room for that; returns the offset after the last byte meant. */
function copy(from: DataView, start: number, end: number, to: DataView, at: number): number {
  const last = at + end - start
  if (end + SLACK > from.byteLength || last + SLACK > to.byteLength) {
    while (start < end) to.setUint8(at++, from.getUint8(start++))
    return last
  }
  // Once compiled the eight bytes pass through a register: no bigint is made of them.
  for (; start < end; start += 8, at += 8) to.setBigInt64(at, from.getBigInt64(start, true), true)
  return last
}
