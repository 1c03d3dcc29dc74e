/** Chinese surnames (data/surnames.json): how long the surname of a name is. */
import surnames from '../../data/surnames.json' with { type: 'json' }

const COMPOUND: ReadonlySet<string> = new Set(surnames.compound.split(' '))
const SINGLE: ReadonlySet<string> = new Set(surnames.single)

/** Is it one of the compound surnames (复姓), two characters? */
export const isCompoundSurname = (text: string): boolean => COMPOUND.has(text)

/** Does the name begin with a known surname? */
export const isSurnamed = (name: string): boolean => COMPOUND.has(name.slice(0, 2)) || SINGLE.has(name.slice(0, 1))

const PAIRS: ReadonlySet<number> = new Set([...COMPOUND].map((s) => s.charCodeAt(0) * 65_536 + s.charCodeAt(1)))

/** {@link isCompoundSurname} for two code points. */
export const isCompoundPair = (first: number, second: number): boolean => PAIRS.has(first * 65_536 + second)
