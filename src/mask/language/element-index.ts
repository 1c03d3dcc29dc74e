/** Elements by id and by Chinese name, as the other rules files name them. */
import { type Reading, reportUnknown } from '../../base/fields.ts'
import type { Position } from '../../base/problem.ts'
import type { Element } from '../model.ts'

export class ElementIndex {
  readonly all: readonly Element[]
  readonly groups: ReadonlySet<string>
  readonly #words = new Map<string, Element>()

  constructor(elements: readonly Element[]) {
    this.all = elements
    this.groups = new Set(elements.flatMap((e) => (e.group === null ? [] : [e.group])))
    for (const e of elements) {
      this.#words.set(e.zh, e)
      this.#words.set(e.id, e)
    }
  }

  find(written: string): Element | undefined {
    return this.#words.get(written.normalize('NFKC').trim())
  }

  /** The element, or undefined after a problem. With no elements at all nothing is reported: the reason was told already. */
  need(written: string, at: Position, reading: Reading): Element | undefined {
    const found = this.find(written)
    if (found === undefined && this.all.length > 0)
      reportUnknown(reading, at, 'unknown-element', { zh: '数据元', en: 'element' }, written, this.#names(reading))
    return found
  }

  #names(reading: Reading): string[] {
    return this.all.map((e) => (reading.lang === 'zh' ? e.zh : e.id))
  }
}
