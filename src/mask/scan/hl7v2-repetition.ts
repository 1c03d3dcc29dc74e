/** The non-empty values of one repetition, as byte spans: scratch space the scanner fills again and again. */
const STRIDE = 4

export class Repetition {
  /** component, subcomponent (both from 1), first byte, byte after the last; negative component = holds an escape */
  words = new Int32Array(64 * STRIDE)
  count = 0
  /** no component or subcomponent delimiter in it */
  plain = true
  start = 0
  end = 0

  begin(start: number): void {
    this.start = start
    this.count = 0
    this.plain = true
  }

  add(component: number, subcomponent: number, start: number, end: number, escaped: boolean): void {
    const at = this.count * STRIDE
    if (at + STRIDE > this.words.length) {
      const bigger = new Int32Array(this.words.length * 2)
      bigger.set(this.words)
      this.words = bigger
    }
    const w = this.words
    w[at] = escaped ? -component : component
    w[at + 1] = subcomponent
    w[at + 2] = start
    w[at + 3] = end
    this.count++
  }

  component(i: number): number {
    return Math.abs(this.words[i * STRIDE]!)
  }
  escaped(i: number): boolean {
    return this.words[i * STRIDE]! < 0
  }
  subcomponent(i: number): number {
    return this.words[i * STRIDE + 1]!
  }
  from(i: number): number {
    return this.words[i * STRIDE + 2]!
  }
  to(i: number): number {
    return this.words[i * STRIDE + 3]!
  }
}
