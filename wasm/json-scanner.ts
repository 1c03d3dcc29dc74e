/**
 * The JSON scanner's loop (src/mask/scan/json.ts, #run) in AssemblyScript with 128-bit SIMD. Same grammar, same tape,
 * same refusals; what a graph does not know yet and what is rare is asked of the host. Compiled by scripts/wasm.ts into
 * data/json-scanner.json; src/mask/scan/simd.ts is its host and keeps the memory map.
 *
 * Positions on the tape are relative to `input`. Memory holds, each at its own place:
 *   node   flags, site, scope, item, keys (table, mask, count), first name, types (table, mask, count), row, list, id
 *   name   size with closing quote and colon, node, next name, unsafe; then its bytes, padded with zeros to blocks of 16
 *   level  tape index of the open scope, last name, node, kind, place of the resourceType
 *   table  pointers to names, open addressing, 0 = free
 */
// @ts-nocheck: AssemblyScript

/** throws PAYLOAD_UNPARSEABLE */
@external("host", "fail") declare function fail(at: i32): void
/** throws PAYLOAD_TOO_DEEP */
@external("host", "deep") declare function deep(at: i32): void
/** throws PAYLOAD_INVALID */
@external("host", "invalid") declare function invalid(at: i32): void
/** a name that is not in the node's table: the name that was added, or minus the node it leads to */
@external("host", "learn") declare function learn(node: i32, start: i32, end: i32): i32
/** the node a name with escapes leads to */
@external("host", "escaped") declare function escaped(node: i32, start: i32, end: i32): i32
/** a scalar of which more than the site matters */
@external("host", "emit") declare function emit(node: i32, head: i32, start: i32, end: i32, type: i32): void
/** the node of the resource whose brace is here; sets the level's place of the type */
@external("host", "resource") declare function resource(node: i32, at: i32, level: i32): i32
/** the node of the items of an array */
@external("host", "item") declare function item(node: i32): i32
/** makes room on the tape */
@external("host", "room") declare function room(): void

const MASKS: i32 = 1024
const RESOURCE_TYPE: i32 = 1536
const ROWS: i32 = 1600
const SEEN: i32 = 1664
const LEVELS: i32 = 4096
const LEVEL: i32 = 32

const HOT: i32 = 1
const PLAIN: i32 = 2
const BUSY: i32 = 4
const SKIP: i32 = 8
const TYPED: i32 = 16
const BUNDLE: i32 = 32
const TYPE: i32 = 64
/** marks a type and nothing else */
const QUIET: i32 = 128
/** marks a search mode and nothing else: of concern are words of seven letters only */
const MODE: i32 = 256

const SITE: i32 = 4
const SCOPE: i32 = 8
const ITEM_NODE: i32 = 12
const KEYS: i32 = 16
const FIRST: i32 = 28
const TYPES: i32 = 32
const ROW: i32 = 44
const LIST: i32 = 48

const NAME_NODE: i32 = 4
const NAME_NEXT: i32 = 8
const NAME_UNSAFE: i32 = 12
const NAME_BYTES: i32 = 16

// tape.ts
const LEAF: i32 = 1
const OPEN: i32 = 2
const CLOSE: i32 = 3
const KEY: i32 = 4
const STRING: i32 = 8
const NUMBER: i32 = 16
const BOOLEAN: i32 = 32
const ESCAPED: i32 = 128
const IN_ARRAY: i32 = 256

/** address of the payload's byte 0 */
let input: i32 = 0
/** address of the tape's word 0, of the next entry, and behind the last there is room for */
let tape: i32 = 0
let tapeAt: i32 = 0
let tapeEnd: i32 = 0
/** node of everything dead */
let dead: i32 = 0
/** what was seen: 1 = something that may be folded, 2 = a Bundle; bits of lists */
let seen: i32 = 0
let lists: i32 = 0
/** the next free byte for nodes, names and tables, and where there is no more */
let arenaAt: i32 = 0
let arenaEnd: i32 = 0

/** Where nodes, names and tables have room: begins it anew. */
export function setArena(at: i32, end: i32): void { arenaAt = at; arenaEnd = end }
/** The tape's word 0, the next entry, the end of its room: by the host, who moved it or wrote on it. */
export function setTape(base: i32, at: i32, end: i32): void { tape = base; tapeAt = at; tapeEnd = end }
/** The next entry of the tape. */
export function nextEntry(): i32 { return tapeAt }

/** Room for that many bytes, zeroed; 0 = there is none. */
export function allot(bytes: i32): i32 {
  const at = arenaAt
  const next = (at + bytes + 15) & ~15
  if (next > arenaEnd) return 0
  memory.fill(at, 0, next - at)
  arenaAt = next
  return at
}

// @ts-ignore
@inline function byte(p: i32): i32 { return <i32>load<u8>(p) }

// @ts-ignore
@inline function hash(p: i32, length: i32): i32 {
  const first = length < 4 ? load<i32>(p) & ((1 << (length << 3)) - 1) : load<i32>(p)
  const last = length < 4 ? 0 : load<i32>(p + length - 4)
  const h = (first ^ (last * 0x27d4eb2d) ^ length) * 0x9e3779b1
  return h ^ (h >>> 15)
}

/** Do `length` bytes at p agree with those of the name? Its size is known to fit. */
// @ts-ignore
@inline function agrees(name: i32, p: i32, length: i32): bool {
  let at = name + NAME_BYTES
  while (length > 16) {
    if (v128.any_true(v128.xor(v128.load(p), v128.load(at)))) return false
    p += 16
    at += 16
    length -= 16
  }
  return !v128.any_true(v128.and(v128.xor(v128.load(p), v128.load(at)), v128.load(MASKS + (length << 4))))
}

/** The name in the table whose header is at `table`; 0 = not there. */
export function find(table: i32, p: i32, length: i32): i32 {
  const slots = load<i32>(table)
  if (slots == 0) return 0
  const mask = load<i32>(table, 4)
  let at = hash(p, length) & mask
  while (true) {
    const name = load<i32>(slots + (at << 2))
    if (name == 0) return 0
    if (load<i32>(name) == length + 2 && agrees(name, p, length)) return name
    at = (at + 1) & mask
  }
  return 0
}

function put(slots: i32, mask: i32, name: i32): void {
  let at = hash(name + NAME_BYTES, load<i32>(name) - 2) & mask
  while (load<i32>(slots + (at << 2)) != 0) at = (at + 1) & mask
  store<i32>(slots + (at << 2), name)
}

/** Adds a name to a table that does not have it; 0 = no room. A full table begins anew. */
export function add(table: i32, start: i32, length: i32, node: i32, unsafe: i32): i32 {
  const name = allot(NAME_BYTES + ((length + 2 + 15) & ~15) + 16)
  if (name == 0) return 0
  store<i32>(name, length + 2)
  store<i32>(name, node, NAME_NODE)
  store<i32>(name, unsafe, NAME_UNSAFE)
  memory.copy(name + NAME_BYTES, start, length)
  store<u8>(name + NAME_BYTES + length, 0x22)
  store<u8>(name + NAME_BYTES + length + 1, 0x3a)
  let slots = load<i32>(table)
  let mask = load<i32>(table, 4)
  let count = load<i32>(table, 8)
  if (count >= 512) {
    memory.fill(slots, 0, (mask + 1) << 2)
    count = 0
  } else if (slots == 0 || count * 2 >= mask) {
    const size = slots == 0 ? 16 : (mask + 1) * 2
    const bigger = allot(size << 2)
    if (bigger == 0) return 0
    for (let i = 0; slots != 0 && i <= mask; i++) {
      const old = load<i32>(slots + (i << 2))
      if (old != 0) put(bigger, size - 1, old)
    }
    slots = bigger
    mask = size - 1
    store<i32>(table, slots)
    store<i32>(table, mask, 4)
  }
  put(slots, mask, name)
  store<i32>(table, count + 1, 8)
  return name
}

// @ts-ignore
@inline function push(head: i32, id: i32, start: i32, end: i32): void {
  const t = tapeAt
  store<i32>(t, head)
  store<i32>(t, id, 4)
  store<i32>(t, start, 8)
  store<i32>(t, end, 12)
  tapeAt = t + 16
}

// @ts-ignore
@inline function isHex(c: i32): bool { return <u32>(c - 0x30) < 10 || <u32>((c | 0x20) - 0x61) < 6 }

/** After the escape sequence at p. */
function afterEscape(p: i32): i32 {
  const c = byte(p + 1)
  if (c == 0x75) {
    if (isHex(byte(p + 2)) && isHex(byte(p + 3)) && isHex(byte(p + 4)) && isHex(byte(p + 5))) return p + 6
  } else if (c == 0x22 || c == 0x5c || c == 0x2f || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74) return p + 2
  fail(p - input)
  return 0
}

function afterNumber(p: i32): i32 {
  let c = byte(p)
  if (c == 0x2d) c = byte(++p)
  if (c == 0x30) c = byte(++p)
  else {
    if (<u32>(c - 0x31) >= 9) fail(p - input)
    do c = byte(++p)
    while (<u32>(c - 0x30) < 10)
  }
  if (c == 0x2e) {
    c = byte(++p)
    if (<u32>(c - 0x30) >= 10) fail(p - input)
    do c = byte(++p)
    while (<u32>(c - 0x30) < 10)
  }
  if ((c | 0x20) == 0x65) {
    c = byte(++p)
    if (c == 0x2b || c == 0x2d) c = byte(++p)
    if (<u32>(c - 0x30) >= 10) fail(p - input)
    do c = byte(++p)
    while (<u32>(c - 0x30) < 10)
  }
  return p
}

function afterLiteral(p: i32): i32 {
  const word = load<i32>(p)
  if (word == 0x65757274 || word == 0x6c6c756e) return p + 4
  if (word == 0x736c6166 && byte(p + 4) == 0x65) return p + 5
  fail(p - input)
  return 0
}

/** After white space that begins at p. */
function afterBlank(p: i32): i32 {
  while (true) {
    const c = byte(p)
    if (c > 0x20) return p
    if (c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09) {
      const v = v128.load(p)
      const m = i8x16.bitmask(
        v128.or(
          v128.or(i8x16.eq(v, i8x16.splat(0x20)), i8x16.eq(v, i8x16.splat(0x0a))),
          v128.or(i8x16.eq(v, i8x16.splat(0x0d)), i8x16.eq(v, i8x16.splat(0x09))),
        ),
      ) ^ 0xffff
      p += m == 0 ? 16 : ctz(m)
    } else fail(p - input)
  }
  return 0
}

// @ts-ignore
@inline function stops(v: v128): i32 {
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
      i8x16.lt_u(v, i8x16.splat(0x20)),
    ),
  )
}

/** Place of the quote that ends the string whose first byte is at p. Sets `wasEscaped`. */
let wasEscaped: bool = false
function closing(p: i32): i32 {
  wasEscaped = false
  while (true) {
    const m = stops(v128.load(p))
    if (m == 0) {
      p += 16
      continue
    }
    p += ctz(m)
    const c = byte(p)
    if (c == 0x22) return p
    if (c != 0x5c) fail(p - input)
    wasEscaped = true
    seen |= 1
    p = afterEscape(p)
  }
  return 0
}

/** Are all `length` bytes ASCII letters or `_` and their like (0x40 to 0x7f)? No name of concern is. */
function isPlainName(p: i32, length: i32): bool {
  while (length > 0) {
    const v = v128.load(p)
    const odd = i8x16.bitmask(i8x16.ne(v128.and(v, i8x16.splat(-64)), i8x16.splat(0x40)))
    if (length >= 16 ? odd != 0 : (odd & ((1 << length) - 1)) != 0) return false
    p += 16
    length -= 16
  }
  return true
}

/** The node of an object's typed place, by a table of known types; 0 = the host must look. */
function typed(node: i32, at: i32, level: i32): i32 {
  if (v128.any_true(v128.xor(v128.load(at + 1), v128.load(RESOURCE_TYPE)))) return 0
  const start = at + 17
  const m = stops(v128.load(start)) | (stops(v128.load(start + 16)) << 16)
  if (m == 0) return 0
  const length = ctz(m)
  if (byte(start + length) != 0x22 || length == 0) return 0
  const name = find(node + TYPES, start, length)
  if (name == 0) return 0
  store<i32>(level, start - 1 - input, 16)
  return load<i32>(name, NAME_NODE)
}

const VALUE: i32 = 0
const AFTER: i32 = 1
const NAME: i32 = 2
const FIRST_ITEM: i32 = 4
const FIRST_NAME: i32 = 5

/**
 * Scans [from, to) of the payload at `at` as one JSON text; `root` is its node, `nothing` that of everything dead. Ends
 * by what the host throws, or returns the next entry of the tape; what was seen stands at SEEN and ROWS.
 */
export function run(at: i32, from: i32, to: i32, root: i32, nothing: i32, maxDepth: i32): i32 {
  input = at
  dead = nothing
  seen = 0
  lists = 0
  store<i64>(ROWS, 0)
  store<i64>(ROWS, 0, 8)
  store<i64>(ROWS, 0, 16)
  store<i64>(ROWS, 0, 24)
  store<i64>(ROWS, 0, 32)
  store<i64>(ROWS, 0, 40)
  store<i64>(ROWS, 0, 48)
  store<i64>(ROWS, 0, 56)
  let p = input + from
  const end = input + to
  if (byte(p) == 0xef && byte(p + 1) == 0xbb && byte(p + 2) == 0xbf) p += 3
  let depth: i32 = 0
  let level: i32 = LEVELS
  let inObject = false
  let cur = root
  let node = root
  let last: i32 = 0
  let state = VALUE
  while (true) {
    if (tapeAt + 1024 > tapeEnd) room()
    if (byte(p) <= 0x20) p = afterBlank(p)
    let c = byte(p)
    if (state == AFTER) {
      if (c != 0x2c) {
        if (inObject ? c != 0x7d : c != 0x5d) fail(p - input)
        p++
        depth--
        level -= LEVEL
        last = load<i32>(level, 4)
        const open = load<i32>(level)
        if (open >= 0) {
          const t = tape + (open << 4)
          store<i32>(t, (tapeAt - tape) >> 4, 12)
          push(CLOSE, load<i32>(t, 4), p - input, open)
        }
        if (depth == 0) break
        inObject = load<i32>(level - LEVEL, 12) == 1
        cur = load<i32>(level - LEVEL, 8)
        continue
      }
      p++
      if (byte(p) <= 0x20) p = afterBlank(p)
      c = byte(p)
      if (inObject) state = NAME
      else {
        node = load<i32>(cur, ITEM_NODE)
        state = VALUE
      }
    }
    if (state >= NAME && state != FIRST_ITEM) {
      if (c != 0x22) {
        if (state != FIRST_NAME || c != 0x7d) fail(p - input)
        state = AFTER
        continue
      }
      const start = ++p
      const guess = last == 0 ? load<i32>(cur, FIRST) : load<i32>(last, NAME_NEXT)
      if (guess != 0 && agrees(guess, start, load<i32>(guess))) {
        p = start + load<i32>(guess)
        node = load<i32>(guess, NAME_NODE)
        last = guess
      } else {
        const close = closing(start)
        const spelt = wasEscaped
        p = close + 1
        if (byte(p) <= 0x20) p = afterBlank(p)
        if (byte(p) != 0x3a) fail(p - input)
        p++
        const length = close - start
        if (spelt) node = escaped(cur, start - input, close - input)
        else if ((load<i32>(cur) & SKIP) != 0 && isPlainName(start, length)) node = dead
        else {
          let name = find(cur + KEYS, start, length)
          if (name == 0) name = learn(cur, start - input, close - input)
          if (name < 0) node = -name
          else {
            node = load<i32>(name, NAME_NODE)
            if (load<i32>(name, NAME_UNSAFE) != 0) push(KEY, 0, start - 1 - input, close + 1 - input)
            else if (length >= 2) {
              if (last == 0) store<i32>(cur, name, FIRST)
              else store<i32>(last, name, NAME_NEXT)
              last = name
            }
          }
        }
      }
      if (byte(p) <= 0x20) p = afterBlank(p)
      c = byte(p)
      state = VALUE
    }
    if (c == 0x22) {
      const start = p
      p++
      // most strings end within the first sixteen bytes
      const m = stops(v128.load(p))
      const near = p + ctz(m)
      let head = STRING
      if (m != 0 && byte(near) == 0x22) p = near + 1
      else {
        p = closing(p) + 1
        if (wasEscaped) head = STRING | ESCAPED
      }
      // a list or an object of which all was removed needs no escape to stand in a string
      if ((byte(p - 2) | 0x20) == 0x7d) seen |= 1
      const flags = load<i32>(node)
      if ((flags & (HOT | PLAIN)) != 0) {
        if (!inObject) head |= IN_ARRAY
        if ((flags & PLAIN) != 0) push(LEAF | head, load<i32>(node, SITE), start - input, p - input)
        else if ((flags & MODE) != 0 && p - start != 9 && (head & ESCAPED) == 0) {
          // match
        } else if ((flags & QUIET) == 0 || load<i32>(level - LEVEL, 16) != start - input)
          emit(node, head, start - input, p - input, depth == 0 ? -1 : load<i32>(level - LEVEL, 16))
      }
    } else if (c == 0x7b) {
      if (depth >= maxDepth) deep(p - input)
      store<i32>(level, -1)
      store<i32>(level, last, 4)
      last = 0
      const flags = load<i32>(node)
      cur = node
      if ((flags & BUSY) != 0) {
        if ((flags & TYPE) != 0) invalid(p - input)
        const row = load<i32>(node, ROW)
        if (row > 0) store<i32>(ROWS + (row << 2), load<i32>(ROWS + (row << 2)) + 1)
        if ((flags & TYPED) != 0) {
          cur = typed(node, p, level)
          if (cur == 0) cur = resource(node, p - input, level)
        }
        if ((load<i32>(cur) & BUNDLE) != 0) seen |= 2
        const scope = load<i32>(cur, SCOPE)
        if (scope >= 0) {
          store<i32>(level, (tapeAt - tape) >> 4)
          push(OPEN, scope, p - input, -1)
        }
      }
      store<i32>(level, cur, 8)
      store<i32>(level, 1, 12)
      inObject = true
      state = FIRST_NAME
      level += LEVEL
      depth++
      p++
      continue
    } else if (c == 0x5b) {
      if (depth >= maxDepth) deep(p - input)
      store<i32>(level, -1)
      store<i32>(level, last, 4)
      last = 0
      const flags = load<i32>(node)
      if ((flags & BUSY) != 0) {
        if ((flags & TYPE) != 0) invalid(p - input)
        const list = load<i32>(node, LIST)
        if (list > 0) lists |= 1 << list
      }
      cur = node
      store<i32>(level, cur, 8)
      store<i32>(level, 0, 12)
      let items = load<i32>(node, ITEM_NODE)
      if (items == 0) items = item(node)
      node = items
      inObject = false
      state = FIRST_ITEM
      level += LEVEL
      depth++
      p++
      continue
    } else if (c == 0x2d || <u32>(c - 0x30) < 10) {
      const start = p
      p = afterNumber(p)
      if ((load<i32>(node) & HOT) != 0)
        scalar(node, inObject ? NUMBER : NUMBER | IN_ARRAY, start - input, p - input, depth, level)
    } else if (c == 0x5d && state == FIRST_ITEM) {
      state = AFTER
      continue
    } else {
      const start = p
      p = afterLiteral(p)
      const flags = load<i32>(node)
      if ((flags & HOT) != 0 && c != 0x6e)
        scalar(node, inObject ? BOOLEAN : BOOLEAN | IN_ARRAY, start - input, p - input, depth, level)
      else if ((flags & TYPE) != 0) invalid(start - input)
    }
    if (depth == 0) break
    state = AFTER
  }
  while (true) {
    const c = byte(p)
    if (c != 0x20 && c != 0x0a && c != 0x0d && c != 0x09) break
    p++
  }
  if (p != end) fail(p - input)
  store<i32>(SEEN, seen)
  store<i32>(SEEN, lists, 4)
  return tapeAt
}

// @ts-ignore
@inline function scalar(node: i32, head: i32, start: i32, end: i32, depth: i32, level: i32): void {
  if ((load<i32>(node) & PLAIN) != 0) push(LEAF | head, load<i32>(node, SITE), start, end)
  else emit(node, head, start, end, depth == 0 ? -1 : load<i32>(level - LEVEL, 16))
}
