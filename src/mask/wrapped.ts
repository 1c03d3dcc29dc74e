/**
 * Texts that are documents of their own and were not opened: JSON nested too deep, XML, JSON in base64 or URL encoding
 * (X32). What such a text holds nobody has judged, so it is kept under no element's name.
 */

/** Longer ones are looked at by their first bytes only. */
const MAX_PARSED = 1 << 20
const XML = /^<(?:\?xml\b|!DOCTYPE\b|!\[CDATA\[|([A-Za-z_][\w.:-]{0,63})(?:\s[^<>]*)?(?:\/>|>[\s\S]*<\/\1\s*>\s*$))/i
const URL_ENCODED = /^(?:%7B|%5B|%3C)[^\s"<>{}[\]]*$/i
/** base64 of `{"`, `{\n`, `{ `, `[{`, `["`, `<?`, `<!` and `<` with a letter */
const BASE64 = /^(?:ey[A-Za-z0-9+/_-]|ew[A-Za-z0-9+/_-]|W3[s-v]|Wy[A-Za-z0-9+/_-]|P[C-H])[A-Za-z0-9+/_-]{12,}={0,2}$/

export function isWrapped(text: string): boolean {
  // Nearly every text is no such thing, which its first sign tells.
  const c = text.charCodeAt(0)
  if (c > 0x20 && c < 0xfeff && c !== 0x7b && c !== 0x5b && c !== 0x3c && c !== 0x22 && c !== 0x25 && !isBase64Start(c))
    return false
  const body = text.replace(/^[\ufeff\s]+/, '')
  switch (body.charCodeAt(0)) {
    case 0x7b:
    case 0x5b:
      return isDocument(body)
    case 0x3c:
      return XML.test(body)
    case 0x22:
      return isQuoted(body)
    case 0x25:
      return URL_ENCODED.test(body) && isWrapped(unescaped(body))
    default:
      return BASE64.test(body) && isWrapped(Buffer.from(body, 'base64').toString('utf8'))
  }
}

/** e, W, P */
const isBase64Start = (c: number): boolean => c === 0x65 || c === 0x57 || c === 0x50

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** A text that is a JSON string once more. */
function isQuoted(text: string): boolean {
  try {
    const inner: unknown = JSON.parse(text)
    return typeof inner === 'string' && isWrapped(inner)
  } catch {
    return false
  }
}

/** JSON with a member or a text in it; a list of few numbers (a range, a pair of readings) is a value like others. */
function isDocument(text: string): boolean {
  if (text.length > MAX_PARSED) return /^[[{][\s[{]*"/.test(text)
  try {
    JSON.parse(text)
  } catch {
    return false
  }
  return text.includes('"') || /\d{6}/.test(text)
}
