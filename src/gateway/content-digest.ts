/** Content-Digest on request (RFC 9530): `Want-Content-Digest: sha-256=10, sha-512=3`. */
import { hash } from 'node:crypto'

const ALGORITHMS: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' }

/** The field's value for a body, or null when no algorithm we have is wanted. */
export function contentDigest(want: string, body: Uint8Array): string | null {
  let best: string | null = null
  let weight = 0
  for (const member of want.toLowerCase().split(',')) {
    const match = /^\s*([a-z0-9-]+)\s*=\s*(\d{1,2})\s*$/.exec(member)
    if (match === null || !Object.hasOwn(ALGORITHMS, match[1]!)) continue
    const wanted = Number(match[2])
    if (wanted <= weight || wanted > 10) continue
    best = match[1]!
    weight = wanted
  }
  return best === null ? null : `${best}=:${hash(ALGORITHMS[best]!, body, 'base64')}:`
}
