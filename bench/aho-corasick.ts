/** The textbook automaton over maps, as packages of the registry have it: every occurrence of every word. */
interface Node {
  readonly next: Map<string, Node>
  fail: Node | null
  readonly words: string[]
}

const node = (): Node => ({ next: new Map(), fail: null, words: [] })

export class AhoCorasick {
  readonly #root = node()

  constructor(words: Iterable<string>) {
    for (const word of words) {
      let at = this.#root
      for (const c of word) {
        let next = at.next.get(c)
        if (next === undefined) at.next.set(c, (next = node()))
        at = next
      }
      at.words.push(word)
    }
    const queue = [...this.#root.next.values()]
    for (const first of queue) first.fail = this.#root
    for (const at of queue)
      for (const [c, next] of at.next) {
        let fail = at.fail
        while (fail !== null && !fail.next.has(c)) fail = fail.fail
        next.fail = fail?.next.get(c) ?? this.#root
        next.words.push(...next.fail.words)
        queue.push(next)
      }
  }

  /** [end, word] of every occurrence; end is exclusive. */
  search(text: string): [number, string][] {
    const found: [number, string][] = []
    let at = this.#root
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!
      while (at !== this.#root && !at.next.has(c)) at = at.fail!
      at = at.next.get(c) ?? this.#root
      for (const word of at.words) found.push([i + 1, word])
    }
    return found
  }
}
