/**
 * A strict RFC 8259 scanner over bytes: one pass, iterative, no allocation per token. It checks the whole grammar and
 * UTF-8, follows a graph of nodes (json-node.ts) and writes what matters onto a tape. A byte order mark is accepted
 * and left where it is (RFC 8259 section 8.1 lets a parser ignore it).
 */
import type { Limits } from '../plan.ts'
import { BOOLEAN, ESCAPED, ITEM, KEY, LEAF, NUMBER, STRING, type Tape } from '../tape.ts'
import { Levels } from './json-levels.ts'
import { findName, firstWord, sameMiddle } from './json-names.ts'
import {
  forgetSeen,
  type Graph,
  KnownNames,
  MARK_MODE,
  MARK_NONE,
  MARK_TOTAL,
  MARK_TYPE,
  MAX_CACHED_KEY,
  type Name,
  type Node,
  type Seen,
} from './json-node.ts'
import { JsonPayload } from './json-payload.ts'
import { afterEscape, afterLiteral, afterNumber, deep, fail, invalid, stringText, textAt } from './json-tokens.ts'
import { indexTypes, typeAfterBrace } from './json-types.ts'
import type { Asked } from './simd.ts'

const VALUE = 0
const AFTER = 1
const NAME = 2
const FIRST_ITEM = 4
const FIRST_NAME = 5

const OBJECT = 1
const ARRAY = 0

export class JsonScanner {
  readonly #payload = new JsonPayload()
  readonly #graph: Graph
  #tape: Tape | null = null
  readonly #asked: Asked
  readonly #levels = new Levels()
  readonly #nodes: Node[] = []
  #node: Node
  readonly #names = new KnownNames()
  #typeIndex: Map<number, number> | null = null
  readonly seen: Seen = { rows: new Int32Array(16), lists: 0, bundle: false, folds: false, excluded: [], totals: [] }

  constructor(graph: Graph) {
    this.#graph = graph
    this.#node = graph.root
    this.#asked = this.#answers()
  }

  /**
   * Scans source[from, to) as one JSON text onto the tape; positions are those of `source`.
   * @throws GatewayError PAYLOAD_UNPARSEABLE, PAYLOAD_TOO_DEEP, PAYLOAD_INVALID with the offset
   */
  scan(source: Buffer, from: number, to: number, tape: Tape, limits: Limits): void {
    const { maxDepth } = limits
    this.#payload.load(source, from, to)
    this.#tape = tape
    this.#typeIndex = null
    const { fast } = this.#payload
    if (fast === null || !fast.run(this.#asked, from, to, tape, maxDepth)) this.#run(from, to, maxDepth)
    this.#tape = null
  }

  /** Number of the scan under way or just over; {@link viewOf} asks for it. */
  get generation(): number {
    return this.#payload.generation
  }

  /** The payload of that scan at the offsets of its source; null when another one was scanned since. */
  viewOf(generation: number): DataView | null {
    return this.#payload.viewOf(generation)
  }

  /** Makes scan() ready for one payload: counters at zero. What the last one saw is gone. */
  begin(): void {
    forgetSeen(this.seen)
  }

  /** What the WebAssembly loop asks of this one. */
  #answers(): Asked {
    return {
      graph: this.#graph,
      seen: this.seen,
      moved: (place) => this.#payload.moved(place),
      learned: (node, start, end) => this.#graph.step(node, this.#payload.name(start, end)),
      escaped: (node, start, end) => this.#stepEscaped(node, start, end),
      emitted: (node, head, start, end, type) => {
        this.#levels.types[0] = type
        this.#emit(node, head, start, end, 1)
      },
      typed: (node, at) => ({ node: this.#typeOf(node, at, 0), type: this.#levels.types[0]! }),
      fail,
      deep,
      invalid,
    }
  }

  #run(from: number, n: number, maxDepth: number): void {
    const { bytes: b, view: dv } = this.#payload
    const nodes = this.#nodes
    const tape = this.#tape!
    const { dead } = this.#graph
    const { lasts } = this.#levels
    let { kinds, opens } = this.#levels
    let last: Name | null = null
    let p = from
    if (b[p] === 0xef && b[p + 1] === 0xbb && b[p + 2] === 0xbf) p += 3
    let sp = 0
    let inObject = false
    let cur: Node = this.#graph.root
    let node: Node = cur
    let st = VALUE
    for (;;) {
      let c = b[p]!
      while (c <= 0x20) {
        if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p]!
        else fail(p)
      }
      if (st === AFTER) {
        if (c !== 0x2c) {
          if (inObject ? c !== 0x7d : c !== 0x5d) fail(p)
          p++
          sp--
          last = lasts[sp]!
          if (opens[sp]! >= 0) tape.close(opens[sp]!, p)
          if (sp === 0) break
          inObject = kinds[sp - 1] === OBJECT
          cur = nodes[sp - 1]!
          continue
        }
        c = b[++p]!
        while (c <= 0x20) {
          if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p]!
          else fail(p)
        }
        if (inObject) st = NAME
        else {
          node = cur.item!
          st = VALUE
        }
      }
      if (st === NAME || st === FIRST_NAME) {
        if (c !== 0x22) {
          if (st !== FIRST_NAME || c !== 0x7d) fail(p)
          st = AFTER
          continue
        }
        const ks = ++p
        // Objects of one kind have their names in one order nearly always: the one that followed last time is tried first.
        const keys = cur.keys
        const guess: Name | null = last === null ? keys.first : last.next
        if (
          guess !== null &&
          dv.getInt32(ks, true) === guess.a &&
          dv.getInt32(ks + guess.second, true) === guess.b &&
          dv.getInt32(ks + guess.third, true) === guess.c &&
          dv.getInt32(ks + guess.fourth, true) === guess.d &&
          (guess.size <= 16 || sameMiddle(guess, dv, ks))
        ) {
          p = ks + guess.size
          node = guess.node
          last = guess
          c = b[p]!
        } else {
          let escaped = false
          // Bits 6 and 7 of every byte: 01 throughout means ASCII letters and `_` only, which no name of concern is.
          let odd = 0
          for (;;) {
            for (;;) {
              const v = dv.getInt32(p, true)
              const q = v ^ 0x22222222
              const z = v ^ 0x5c5c5c5c
              const m = (((q - 0x01010101) & ~q) | ((z - 0x01010101) & ~z) | ((v - 0x20202020) & ~v)) & 0x80808080
              if (m === 0) {
                odd |= v ^ 0x40404040
                p += 4
                continue
              }
              const k = (31 - Math.clz32(m & -m)) >> 3
              odd |= (v ^ 0x40404040) & ((1 << (k << 3)) - 1)
              p += k
              break
            }
            const k = b[p]!
            if (k === 0x22) break
            if (k !== 0x5c) fail(p)
            escaped = true
            this.seen.folds = true
            p = afterEscape(b, p)
          }
          const ke = p
          c = b[++p]!
          while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p]!
          if (c !== 0x3a) fail(p)
          c = b[++p]!
          if (escaped) node = this.#stepEscaped(cur, ks, ke)
          else if (cur.skip && (odd & 0xc0c0c0c0) === 0) node = dead
          else {
            last = this.#step(cur, ks, ke, last)
            node = this.#node
          }
        }
        while (c <= 0x20) {
          if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p]!
          else fail(p)
        }
        st = VALUE
      }
      if (c === 0x22) {
        const s = p++
        let head = STRING
        for (;;) {
          for (;;) {
            const v = dv.getInt32(p, true)
            const q = v ^ 0x22222222
            const z = v ^ 0x5c5c5c5c
            const m = (((q - 0x01010101) & ~q) | ((z - 0x01010101) & ~z) | ((v - 0x20202020) & ~v)) & 0x80808080
            if (m === 0) {
              p += 4
              continue
            }
            p += (31 - Math.clz32(m & -m)) >> 3
            break
          }
          const k = b[p]!
          if (k === 0x22) break
          if (k !== 0x5c) fail(p)
          head = STRING | ESCAPED
          this.seen.folds = true
          p = afterEscape(b, p)
        }
        p++
        // a list or an object of which all was removed needs no escape to stand in a string
        if ((b[p - 2]! | 0x20) === 0x7d) this.seen.folds = true
        if (node.plain) tape.push(inObject ? LEAF | head : LEAF | head | ITEM, node.site, s, p)
        else if (node.hot) this.#emit(node, inObject ? head : head | ITEM, s, p, sp)
      } else if (c === 0x7b || c === 0x5b) {
        if (sp >= maxDepth) deep(p)
        if (sp >= kinds.length) {
          this.#levels.deeper()
          kinds = this.#levels.kinds
          opens = this.#levels.opens
        }
        opens[sp] = -1
        lasts[sp] = last
        last = null
        inObject = c === 0x7b
        cur = node
        if (inObject) {
          kinds[sp] = OBJECT
          if (node.busy) cur = this.#enter(node, p, sp)
          st = FIRST_NAME
        } else {
          if (node.busy) this.#enterArray(node, p)
          kinds[sp] = ARRAY
          if (node.item === null) node.item = this.#graph.item(node)
          node = node.item
          st = FIRST_ITEM
        }
        nodes[sp++] = cur
        p++
        continue
      } else if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
        const s = p
        p = afterNumber(b, p)
        if (node.hot) this.#emit(node, inObject ? NUMBER : NUMBER | ITEM, s, p, sp)
      } else if (c === 0x5d && st === FIRST_ITEM) {
        st = AFTER
        continue
      } else {
        const s = p
        p = afterLiteral(b, p)
        if (node.hot && c !== 0x6e) this.#emit(node, inObject ? BOOLEAN : BOOLEAN | ITEM, s, p, sp)
        else if (node.mark === MARK_TYPE) invalid(s)
      }
      if (sp === 0) break
      st = AFTER
    }
    let c = b[p]!
    while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p]!
    if (p !== n) fail(p)
  }

  /** Goes to the node of a member, left in #node; returns its name when that is one to guess, else the one before. */
  #step(cur: Node, start: number, end: number, before: Name | null): Name | null {
    const { keys } = cur
    const length = end - start
    const first = firstWord(this.#payload.view, start, length)
    const last = length < 4 ? 0 : this.#payload.view.getInt32(end - 4, true)
    let ref = findName(keys, this.#payload.view, start, length, first, last)
    if (ref === 0) ref = this.#learn(cur, start, end, first, last)
    else {
      this.#node = keys.names[(ref > 0 ? ref : -ref) - 1]!.node
      if (ref < 0) this.#tape!.push(KEY, 0, start - 1, end + 1)
    }
    if (ref <= 0 || length < 2) return before
    const name = keys.names[ref - 1]!
    if (before === null) keys.first = name
    else before.next = name
    return name
  }

  #learn(cur: Node, start: number, end: number, first: number, last: number): number {
    const step = this.#graph.step(cur, this.#payload.name(start, end))
    this.#node = step.node
    if (step.unsafe) this.#tape!.push(KEY, 0, start - 1, end + 1)
    if (end - start > MAX_CACHED_KEY || !step.cache) return 0
    return this.#names.add(cur.keys, this.#payload.bytes, start, end, first, last, step)
  }

  #stepEscaped(cur: Node, start: number, end: number): Node {
    const step = this.#graph.step(cur, stringText(this.#payload.bytes, start - 1, end + 1))
    if (step.unsafe) this.#tape!.push(KEY | ESCAPED, 0, start - 1, end + 1)
    return step.node
  }

  /** A scalar that matters. */
  #emit(node: Node, head: number, start: number, end: number, depth: number): void {
    if (node.mark !== MARK_NONE) this.#mark(node.mark, head, start, end, depth)
    const tape = this.#tape!
    if (node.sift !== null && ((head & STRING) === 0 || !node.sift(stringText(this.#payload.bytes, start, end)))) {
      if (node.otherSite >= 0) tape.push(LEAF | head, node.otherSite, start, end)
    } else if (node.wrap >= 0) {
      const open = tape.open(node.wrap, start)
      if (node.site >= 0) tape.push(LEAF | head, node.site, start, end)
      tape.close(open, end)
    } else if (node.site >= 0) tape.push(LEAF | head, node.site, start, end)
  }

  #mark(mark: number, head: number, start: number, end: number, depth: number): void {
    if (mark === MARK_TYPE) {
      const at = this.#levels.types[depth - 1]!
      if (at === start) return
      if (
        (head & STRING) === 0 ||
        at < 0 ||
        textAt(this.#payload.bytes, at, this.#payload.length) !== stringText(this.#payload.bytes, start, end)
      )
        invalid(start)
    } else if (mark === MARK_MODE) {
      if (end - start !== 9 && (head & ESCAPED) === 0) return // neither word, both have seven letters
      const mode = stringText(this.#payload.bytes, start, end)
      if (mode === 'include' || mode === 'outcome') this.seen.excluded.push(start)
    } else if (mark === MARK_TOTAL && (head & NUMBER) !== 0) this.seen.totals.push(start, end)
  }

  /** An object that matters: counts it, finds its resource type and opens its scope. Returns its node. */
  #enter(node: Node, at: number, depth: number): Node {
    if (node.mark === MARK_TYPE) invalid(at)
    if (node.row > 0) this.seen.rows[node.row]!++
    const found = node.typed ? this.#typeOf(node, at, depth) : node
    if (found.bundle) this.seen.bundle = true
    if (found.scope >= 0) this.#levels.opens[depth] = this.#tape!.open(found.scope, at)
    return found
  }

  #enterArray(node: Node, at: number): void {
    if (node.mark === MARK_TYPE) invalid(at)
    if (node.list > 0) this.seen.lists |= 1 << node.list
  }

  #typeOf(node: Node, at: number, depth: number): Node {
    let where = typeAfterBrace(this.#payload.bytes, at)
    if (where < 0) {
      this.#typeIndex ??= indexTypes(this.#payload.bytes, at, this.#payload.length)
      where = this.#typeIndex.get(at) ?? -1
    }
    // What is no string is refused when the scan comes to it.
    if (where >= 0 && this.#payload.bytes[where] !== 0x22) where = -1
    this.#levels.types[depth] = where
    return where < 0 ? this.#graph.resource(node, null) : this.#resource(node, where)
  }

  /** The node of the resource whose type stands at `where`: known names are found by their bytes. */
  #resource(node: Node, where: number): Node {
    const b = this.#payload.bytes
    let end = where + 1
    while (end < this.#payload.length && b[end] !== 0x22 && b[end] !== 0x5c) end++
    const length = end - where - 1
    if (b[end] !== 0x22 || length === 0 || length > MAX_CACHED_KEY)
      return this.#graph.resource(node, textAt(this.#payload.bytes, where, this.#payload.length))
    const first = firstWord(this.#payload.view, where + 1, length)
    const last = length < 4 ? 0 : this.#payload.view.getInt32(end - 4, true)
    const found = findName(node.types, this.#payload.view, where + 1, length, first, last)
    if (found !== 0) return node.types.names[found - 1]!.node
    const resource = this.#graph.resource(node, textAt(this.#payload.bytes, where, this.#payload.length))
    if (!resource.blind)
      this.#names.add(node.types, b, where + 1, end, first, last, { node: resource, unsafe: false, cache: true })
    return resource
  }
}
