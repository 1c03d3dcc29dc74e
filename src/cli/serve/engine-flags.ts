/** How V8 collects garbage in a process that carries bodies (docs/decisions/0012). */
import { setFlagsFromString } from 'node:v8'

/** ms without a crowd of bodies until they are counted as heap again */
const CALM_MS = 10_000

/**
 * A body is memory outside the heap, and V8 marks the whole heap again for every 64 MB of it, however small the heap.
 * Small bodies are counted within the heap's own limit instead: those of dead calls go with the next short collection.
 * That limit grows up to fourfold at a time, so while many or large bodies are held V8's own rule counts.
 */
export class BodyMemory {
  #calm: NodeJS.Timeout | null = null

  constructor() {
    this.#asHeap(true)
  }

  readonly crowded = (): void => {
    if (this.#calm === null) this.#asHeap(false)
    else clearTimeout(this.#calm)
    this.#calm = null
  }

  readonly eased = (): void => {
    this.#calm = setTimeout(() => {
      this.#calm = null
      this.#asHeap(true)
    }, CALM_MS).unref()
  }

  #asHeap(yes: boolean): void {
    setFlagsFromString(`--${yes ? '' : 'no-'}external-memory-accounted-in-global-limit`)
  }
}
