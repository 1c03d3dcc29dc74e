/** Email: the first character of the local part and the domain (domain.md E06). */
import { MARK } from '../transforms/marks.ts'

const ADDRESS = /^([A-Za-z0-9._%+\-*?]{1,64})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24})$/

/** `z***@example.com`; a local part of one character is hidden: `*@example.com`. What is no address is hidden whole. */
export function maskEmail(value: string, char: string): string {
  const m = ADDRESS.exec(value)
  if (m === null) return MARK
  const [, local, domain] = m
  return local!.length === 1 ? `${char}@${domain}` : `${local![0]}${char.repeat(3)}@${domain}`
}
