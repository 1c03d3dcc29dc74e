/** Every place of a scalar in JSON samples, with items of lists taken together, and the texts that stand there. */
import { isUnsafeKey } from '../formats/unsafe-key.ts'

export interface Address {
  /** JSONPath, every list as `[*]`; `?` for a key that is payload itself: then no path leads here */
  readonly path: string
  readonly reachable: boolean
  /** keys from the root to the place, `?` as in the path */
  readonly keys: readonly string[]
  /** label of a {name: ..., value: ...} pair; null = no pair */
  readonly label: string | null
  /** texts that are neither null nor empty; at most {@link MOST_VALUES} */
  readonly values: string[]
  seen: number
}

const MOST_VALUES = 1000
const LABELS = ['name', 'label', 'key', 'title', '名称', '项目']
const VALUES = ['value', 'val', '值', '内容']
const HIDDEN = '?'
const SHORTHAND = /^[A-Za-z_\u0080-\u{10ffff}][A-Za-z0-9_\u0080-\u{10ffff}]*$/u

export function addressesIn(documents: readonly unknown[]): Map<string, Address> {
  const found = new Map<string, Address>()
  for (const document of documents) walk(document, '$', [], found)
  return found
}

function walk(value: unknown, path: string, keys: readonly string[], found: Map<string, Address>): void {
  if (Array.isArray(value)) for (const item of value) walk(item, `${path}[*]`, keys, found)
  else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
    const label = labelOf(members)
    for (const [written, member] of members) {
      const key = isUnsafeKey(written, false) ? HIDDEN : written
      const place = path + (key === HIDDEN || SHORTHAND.test(key) ? `.${key}` : `['${key.replace(/[\\']/g, '\\$&')}']`)
      if (label !== null && VALUES.includes(key) && typeof member !== 'object')
        note(found, place, [...keys, key], label, member)
      else walk(member, place, [...keys, key], found)
    }
  } else if (keys.length > 0) note(found, path, keys, null, value)
}

/** The label of an object that is a pair: one label in Chinese characters, one value, little else. */
function labelOf(members: readonly (readonly [string, unknown])[]): string | null {
  if (members.length > 4 || !members.some(([k]) => VALUES.includes(k))) return null
  const label = members.find(([k]) => LABELS.includes(k))?.[1]
  return typeof label === 'string' && /^[\p{Script=Han}A-Za-z]{2,20}$/u.test(label) ? label : null
}

function note(
  found: Map<string, Address>,
  path: string,
  keys: readonly string[],
  label: string | null,
  value: unknown,
): void {
  const id = `${path} ${label ?? ''}`
  let address = found.get(id)
  if (address === undefined)
    found.set(id, (address = { path, reachable: !keys.includes(HIDDEN), keys, label, values: [], seen: 0 }))
  address.seen++
  if (value === null || value === '' || typeof value === 'boolean' || address.values.length >= MOST_VALUES) return
  address.values.push(String(value))
}
