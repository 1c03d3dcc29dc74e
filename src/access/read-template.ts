/** Path templates of the directory: literal segments in canonical spelling, `{name}` for one segment. */
import type { Reading, Say } from '../base/fields.ts'
import type { Position } from '../base/problem.ts'
import { encodeSegment, isSegment, readPath } from './path.ts'

const NAME = /^\{([A-Za-z][A-Za-z0-9_-]*)\}$/
const EXPECTED: Say = { zh: '路径，如 /teaching/inpatients/{no}', en: 'a path such as /teaching/inpatients/{no}' }
/** prefix of the gateway's own addresses */
const RESERVED = '.veilgate'

/** The canonical template, or undefined after a problem. A literal may be written with escapes or as plain text. */
export function readTemplate(text: string, at: Position, reading: Reading): string | undefined {
  const fail = (zh: string, en: string): undefined => {
    reading.error(at, 'path-template', { zh, en }, EXPECTED)
    return undefined
  }
  if (/[?#]/.test(text))
    return fail(
      '路径里不写参数（?）：参数登记在“参数”之下',
      'a path holds no query (?): parameters are declared under `query:`',
    )
  if (!text.startsWith('/')) return fail('路径模板必须以 / 开头', 'a path template starts with /')
  const seen = new Set<string>()
  let out = ''
  for (const part of text.slice(1).split('/')) {
    const name = NAME.exec(part)?.[1]
    if (name !== undefined) {
      if (seen.has(name)) return fail(`参数“${name}”出现两次`, `the parameter "${name}" stands twice`)
      seen.add(name)
      out += `/{${name}}`
      continue
    }
    const literal = part.includes('%') ? readPath(`/${part}`)?.segments[0] : part
    if (literal === undefined || /[{}]/.test(literal) || !isSegment(literal))
      return fail(`“${part}”不能作为路径段`, `"${part}" cannot be a path segment`)
    out += `/${encodeSegment(literal)}`
  }
  return out
}

/** First segment of a canonical template when it may be owned by a provider; undefined after a problem. */
export function ownedSegment(template: string, at: Position, reading: Reading): string | undefined {
  const first = template.split('/')[1]!
  if (!first.startsWith('{') && first !== RESERVED) return decodeURIComponent(first)
  reading.error(
    at,
    'path-owner',
    { zh: '首段必须是固定文字，且不能是 .veilgate', en: 'the first segment must be literal and not .veilgate' },
    EXPECTED,
  )
  return undefined
}
