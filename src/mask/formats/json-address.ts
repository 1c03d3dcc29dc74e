/** Addresses of places in a JSON payload for explain: JSONPath, or FHIRPath with indexes. Text that was checked before. */
import { isUnsafeKey } from './unsafe-key.ts'

interface Frame {
  /** null = array */
  key: string | null
  index: number
  /** resource type of the object, where it has one */
  type: string | null
}

interface Style {
  readonly fhir: boolean
  readonly lines: boolean
}

/** One address for each offset (ascending; start of a value or of a key). A key that may be payload is shown as `?`. */
export function addressesOf(source: Buffer, offsets: readonly number[], style: Style): string[] {
  return new Walk(source, offsets, style).run()
}

class Walk {
  readonly #b: Buffer
  readonly #offsets: readonly number[]
  readonly #style: Style
  readonly #frames: Frame[] = []
  readonly #out: string[] = []
  #line = 0

  constructor(b: Buffer, offsets: readonly number[], style: Style) {
    this.#b = b
    this.#offsets = offsets
    this.#style = style
  }

  run(): string[] {
    const b = this.#b
    for (let p = 0; p < b.length && this.#out.length < this.#offsets.length; p++) {
      const c = b[p]!
      if (c <= 0x20) {
        if (c === 0x0a && this.#frames.length === 0) this.#line++
        continue
      }
      if (c === 0x22) p = this.#string(p)
      else {
        this.#note(p)
        this.#mark(c)
      }
    }
    while (this.#out.length < this.#offsets.length) this.#out.push('?')
    return this.#out
  }

  #mark(c: number): void {
    const frames = this.#frames
    const top = frames[frames.length - 1]
    if (c === 0x7b) frames.push({ key: '', index: -1, type: null })
    else if (c === 0x5b) frames.push({ key: null, index: 0, type: null })
    else if (c === 0x7d || c === 0x5d) frames.pop()
    else if (c === 0x2c && top !== undefined) {
      if (top.key === null) top.index++
      else top.index = -1
    }
  }

  /** In an object the first string after `{` or `,` is a key; `index` -1 waits for it. */
  #string(p: number): number {
    const b = this.#b
    let end = p + 1
    while (b[end] !== 0x22) end += b[end] === 0x5c ? 2 : 1
    const top = this.#frames[this.#frames.length - 1]
    const isKey = top !== undefined && top.key !== null && top.index === -1
    if (isKey) {
      top.key = JSON.parse(b.toString('utf8', p, end + 1))
      top.index = 0
    } else if (top?.key === 'resourceType' && top.type === null) top.type = JSON.parse(b.toString('utf8', p, end + 1))
    this.#note(p)
    return end
  }

  #note(p: number): void {
    while (this.#out.length < this.#offsets.length && this.#offsets[this.#out.length]! <= p) {
      this.#out.push(this.#offsets[this.#out.length] === p ? this.#address() : '?')
    }
  }

  #address(): string {
    const { fhir, lines } = this.#style
    const type = this.#frames[0]?.type
    let path = fhir ? (type != null && /^[A-Za-z]{1,64}$/.test(type) ? type : 'Resource') : '$'
    if (lines) path += `[${this.#line}]`
    for (const { key, index } of this.#frames) {
      if (key === null) path += `[${index}]`
      else if (key !== '') path += pathStep(key)
    }
    return path
  }
}

function pathStep(key: string): string {
  if (isUnsafeKey(key, false)) return '.?'
  return /^[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
