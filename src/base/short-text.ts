/** Texts of few characters out of UTF-8 bytes: going through the runtime costs several times their decoding. */

/** UTF-16 units at most, and how many are joined by one call */
const MOST = 30
const AT_ONCE = 10
const units = new Uint16Array(AT_ONCE)

/** As `source.toString('utf8', start, end)`. */
export function textOf(source: Buffer, start: number, end: number): string {
  if (end - start > 3 * MOST) return source.toString('utf8', start, end)
  let text = ''
  let left = MOST
  let n = 0
  for (let i = start; i < end; n++) {
    const c = source[i]!
    if (n === AT_ONCE) {
      text += joined(n)
      n = 0
    }
    if (left-- === 0) return source.toString('utf8', start, end)
    if (c < 0x80) {
      units[n] = c
      i++
      continue
    }
    // E3 to E9 begin three bytes each, none of them overlong or a surrogate: kana, Han and their marks.
    const [second, third] = [source[i + 1]!, source[i + 2]!]
    if (c < 0xe3 || c > 0xe9 || i + 2 >= end || (second & 0xc0) !== 0x80 || (third & 0xc0) !== 0x80)
      return source.toString('utf8', start, end)
    units[n] = ((c & 0xf) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
    i += 3
  }
  return text === '' ? joined(n) : text + joined(n)
}

const join = String.fromCharCode

/** One call with its arguments spelled out: spread ones are put into an array first. */
function joined(n: number): string {
  const u = units
  switch (n) {
    case 0:
      return ''
    case 1:
      return join(u[0]!)
    case 2:
      return join(u[0]!, u[1]!)
    case 3:
      return join(u[0]!, u[1]!, u[2]!)
    case 4:
      return join(u[0]!, u[1]!, u[2]!, u[3]!)
    case 5:
      return join(u[0]!, u[1]!, u[2]!, u[3]!, u[4]!)
    case 6:
      return join(u[0]!, u[1]!, u[2]!, u[3]!, u[4]!, u[5]!)
    case 7:
      return join(u[0]!, u[1]!, u[2]!, u[3]!, u[4]!, u[5]!, u[6]!)
    case 8:
      return join(u[0]!, u[1]!, u[2]!, u[3]!, u[4]!, u[5]!, u[6]!, u[7]!)
    case 9:
      return join(u[0]!, u[1]!, u[2]!, u[3]!, u[4]!, u[5]!, u[6]!, u[7]!, u[8]!)
    default:
      return join(u[0]!, u[1]!, u[2]!, u[3]!, u[4]!, u[5]!, u[6]!, u[7]!, u[8]!, u[9]!)
  }
}
