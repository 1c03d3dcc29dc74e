/** family + given; a blank between Latin ones. */
export function joinParts(parts: readonly string[]): string {
  let out = ''
  for (const part of parts) {
    const text = part.trim()
    if (text === '') continue
    out += out !== '' && /[A-Za-z.'-]$/.test(out) && /^[A-Za-z]/.test(text) ? ` ${text}` : text
  }
  return out
}
