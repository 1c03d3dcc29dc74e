/**
 * Source networks: CIDR lists of institutions, IPv4 and IPv6 (RFC 4632, RFC 4291). Both kinds live in one 128-bit space
 * in which IPv4 is `::ffff:0:0/96`, so a mapped address and its plain form are the same address. Odd spellings (octal,
 * zero-padded, shortened, hexadecimal IPv4; zone ids) are no addresses here: parsers disagree about them.
 */

/** 128 bits as four words, most significant first */
type Address = readonly [number, number, number, number]

export interface Network {
  readonly base: Address
  /** significant bits, 0 to 128 */
  readonly bits: number
}

export type CidrProblem = 'syntax' | 'host-bits'

/** `10.1.0.0/16`, `2001:db8::/32`. A prefix is required and no bit may be set behind it. */
export function parseCidr(text: string): Network | CidrProblem {
  const m = /^([0-9A-Fa-f:.]+)\/(0|[1-9]\d{0,2})$/.exec(text)
  if (m === null) return 'syntax'
  const base = parseAddress(m[1]!)
  if (base === null) return 'syntax'
  const v4 = !m[1]!.includes(':')
  const length = Number(m[2])
  if (length > (v4 ? 32 : 128)) return 'syntax'
  const bits = v4 ? length + 96 : length
  for (let i = 0; i < 4; i++) if ((base[i]! & ~mask(bits, i)) !== 0) return 'host-bits'
  return { base, bits }
}

/** The network a host address with a prefix lies in: `10.1.2.3/16` -> `10.1.0.0/16`. Null for what is no such text. */
export function networkOf(text: string): string | null {
  const [host = '', length = ''] = text.split('/')
  const base = parseAddress(host)
  if (base === null || parseCidr(text) !== 'host-bits') return null
  const bits = host.includes(':') ? Number(length) : Number(length) + 96
  const cut = base.map((word, i) => (word & mask(bits, i)) >>> 0)
  if (!host.includes(':')) return `${[24, 16, 8, 0].map((shift) => (cut[3]! >>> shift) & 0xff).join('.')}/${length}`
  return `${compress(cut.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)]))}/${length}`
}

/** Whether an address lies in one of the networks. What is no address lies in none. */
export function isWithin(address: string, networks: readonly Network[]): boolean {
  const parsed = known(address)
  return parsed !== null && networks.some((n) => contains(n, parsed))
}

/** callers come from few addresses, and each of them again and again */
const KNOWN = new Map<string, Address | null>()
const MAX_KNOWN = 4096

function known(text: string): Address | null {
  let address = KNOWN.get(text)
  if (address === undefined) {
    address = parseAddress(text)
    if (KNOWN.size >= MAX_KNOWN) KNOWN.clear()
    KNOWN.set(text, address)
  }
  return address
}

function contains(network: Network, address: Address): boolean {
  // `::/0` means IPv6: whoever writes it did not name any IPv4 network
  if (network.bits < 96 && isMapped(address)) return false
  for (let i = 0; i < 4; i++) if (((address[i]! ^ network.base[i]!) & mask(network.bits, i)) !== 0) return false
  return true
}

/** Mask of word `i` for a prefix of `bits` bits. */
function mask(bits: number, i: number): number {
  const own = Math.min(32, Math.max(0, bits - 32 * i))
  return own === 0 ? 0 : (0xffffffff << (32 - own)) | 0
}

/** The one text form of an address for records: dotted IPv4 also for mapped ones, RFC 5952 lower case for IPv6; null if none. */
export function canonicalAddress(text: string): string | null {
  const a = parseAddress(text)
  if (a === null) return null
  if (isMapped(a)) return [24, 16, 8, 0].map((shift) => (a[3] >>> shift) & 0xff).join('.')
  const groups = a.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)])
  return compress(groups)
}

const isMapped = (a: Address): boolean => a[0] === 0 && a[1] === 0 && a[2] === 0xffff

/** RFC 5952: the longest run of two or more zero groups, the first of equals, becomes `::`. */
function compress(groups: readonly string[]): string {
  let best = { start: -1, length: 1 }
  for (let i = 0; i < groups.length; i++) {
    let n = 0
    while (groups[i + n] === '0') n++
    if (n > best.length) best = { start: i, length: n }
  }
  if (best.start < 0) return groups.join(':')
  const tail = groups.slice(best.start + best.length).join(':')
  return `${groups.slice(0, best.start).join(':')}::${tail}`
}

function parseAddress(text: string): Address | null {
  if (!text.includes(':')) {
    const word = parseV4(text)
    return word === null ? null : [0, 0, 0xffff, word]
  }
  return parseV6(text)
}

function parseV4(text: string): number | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  let word = 0
  for (const part of parts) {
    // a leading zero is octal to some and decimal to others
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null
    word = (word << 8) | Number(part)
  }
  return word
}

function parseV6(text: string): Address | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const head = groupsOf(halves[0]!, halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1]!, true) : []
  if (head === null || tail === null) return null
  const gap = 8 - head.length - tail.length
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null
  const all = [...head, ...new Array<number>(gap).fill(0), ...tail]
  const word = (i: number): number => (all[2 * i]! << 16) | all[2 * i + 1]! | 0
  return [word(0), word(1), word(2), word(3)]
}

function groupsOf(text: string, last: boolean): number[] | null {
  if (text === '') return []
  const out: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes('.')) {
      const word = parseV4(part)
      if (word === null) return null
      out.push(word >>> 16, word & 0xffff)
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) out.push(Number.parseInt(part, 16))
    else return null
  }
  return out
}
