/** Percent escapes (RFC 3986 2.1) and strict UTF-8: shared by the path's and the query's decoding. */

/** Controls, invisible and unassigned characters, private use, lone surrogates: no part of any path or parameter. */
export const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Shortest-form UTF-8 only; null otherwise. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}

/** Bytes of a text in which `%HH` stands for one byte; the rest must be ASCII. */
export function percentDecode(raw: string): Buffer {
  const bytes = Buffer.allocUnsafe(raw.length)
  let n = 0
  for (let i = 0; i < raw.length; i++) {
    const c = raw.charCodeAt(i)
    if (c === 0x25) {
      bytes[n++] = Number.parseInt(raw.slice(i + 1, i + 3), 16)
      i += 2
    } else bytes[n++] = c
  }
  return bytes.subarray(0, n)
}

/** Upper-case escapes of the UTF-8 bytes of a text. */
export function percentEncode(text: string): string {
  let out = ''
  for (const byte of Buffer.from(text, 'utf8')) out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return out
}
