/**
 * Links between the pages of a FHIR search (rules-language.md, References): one is kept, with the gateway's base, only
 * if it leads to this entry's own path and everything its query says is kept for this caller.
 */
import { detectsAnything } from './detectors/index.ts'
import type { Paging } from './plan.ts'

const ORIGIN = /^https?:\/\/[^/?#\s]{1,255}/i
const LONGEST = 2048

/**
 * The link as the caller may follow it; null = it must go.
 * @param keeps does the caller see the element as it is?
 */
export function pageOf(
  link: string,
  { from, to, parameters }: Paging,
  publicBase: string | null,
  keeps: (element: string) => boolean,
): string | null {
  if (link.length > LONGEST || /[#\s\\]/.test(link)) return null
  const local = link.replace(ORIGIN, '')
  const mark = local.indexOf('?')
  const path = mark < 0 ? local : local.slice(0, mark)
  const query = mark < 0 ? '' : local.slice(mark + 1)
  if (path !== from && !(path !== '' && !path.startsWith('/') && from.endsWith(`/${path}`))) return null
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name, value] = decoded(pair)
    if (name === null || value === null) return null
    const element = parameters.get(name)
    if (element === undefined || (element === null ? detectsAnything(value) : !keeps(element))) return null
  }
  const origin = publicBase === null ? '' : (ORIGIN.exec(publicBase)?.[0] ?? '')
  return `${origin}${to}${query === '' ? '' : `?${query}`}`
}

function decoded(pair: string): readonly [string, string] | readonly [null, null] {
  const at = pair.indexOf('=')
  try {
    const plain = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
    return at < 0 ? [plain(pair), ''] : [plain(pair.slice(0, at)), plain(pair.slice(at + 1))]
  } catch {
    return [null, null]
  }
}
