/**
 * Edits on bytes: replacements and removals of spans, applied once into a fresh buffer. Bytes outside the spans are
 * copied as they are; that is the whole promise of byte-exact masking.
 */
const MAX_KEPT = 1 << 20

export class Edits {
  /** four words each: start, end, and where its replacement stands in scratch */
  #spans = new Int32Array(192)
  #length = 0
  #sorted = true
  #from = 0
  /** replacement bytes of all edits, in the order they were made */
  scratch: Buffer = Buffer.allocUnsafeSlow(4096)
  #used = 0

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
    this.#cuts = []
  }

  /** Gives back what an unusually large payload made it grow to. */
  shrink(): void {
    if (this.scratch.length > MAX_KEPT) this.scratch = Buffer.allocUnsafeSlow(4096)
    if (this.#spans.length > MAX_KEPT / 4) this.#spans = new Int32Array(192)
  }

  /** Makes room for n bytes and returns the offset in {@link scratch} to write at; follow with {@link commit}. */
  reserve(n: number): number {
    if (this.#used + n > this.scratch.length) {
      const bigger = Buffer.allocUnsafeSlow(Math.max(this.scratch.length * 2, this.#used + n))
      this.scratch.copy(bigger, 0, 0, this.#used)
      this.scratch = bigger
    }
    return this.#used
  }

  /** Replaces [start, end) by what was written into scratch up to `used`. Spans must not overlap. */
  commit(start: number, end: number, used: number): void {
    if (start < this.#from) this.#sorted = false
    this.#from = start
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
    const at = this.reserve(bytes.length)
    this.scratch.set(bytes, at)
    this.commit(start, end, at + bytes.length)
  }

  replaceText(start: number, end: number, text: string): void {
    const at = this.reserve(text.length * 3)
    this.commit(start, end, at + this.scratch.write(text, at, 'utf8'))
  }

  remove(start: number, end: number): void {
    this.commit(start, end, this.#used)
  }

  /** Replaces [start, end) whatever was edited inside it. Cuts come in ascending order and never overlap each other. */
  cut(start: number, end: number, text = ''): void {
    const at = this.reserve(text.length * 3)
    this.#used = at + this.scratch.write(text, at, 'utf8')
    this.#cuts.push(start, end, at, this.#used)
  }

  /** A fresh buffer with all edits applied. Throws RangeError on overlapping spans: that is a fault of ours, never of the payload. */
  apply(source: Buffer): Buffer {
    const sorted = this.#sorted ? this.#spans : this.#sort()
    const s = this.#cuts.length === 0 ? sorted : this.#withCuts(sorted)
    const n = s === this.#spans ? this.#length : s.length
    let size = source.length
    for (let i = 0; i < n; i += 4) size += s[i + 3]! - s[i + 2]! - (s[i + 1]! - s[i]!)
    const out = Buffer.allocUnsafe(size)
    const scratch = this.scratch
    let from = 0
    let w = 0
    for (let i = 0; i < n; i += 4) {
      const start = s[i]!
      if (start < from) throw new RangeError('overlapping edits')
      w = copy(source, out, w, from, start)
      w = copy(scratch, out, w, s[i + 2]!, s[i + 3]!)
      from = s[i + 1]!
    }
    copy(source, out, w, from, source.length)
    return out
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

// Short runs: a loop beats the call into the runtime.
function copy(from: Buffer, to: Buffer, at: number, start: number, end: number): number {
  if (end - start < 40) {
    while (start < end) to[at++] = from[start++]!
    return at
  }
  from.copy(to, at, start, end)
  return at + (end - start)
}
