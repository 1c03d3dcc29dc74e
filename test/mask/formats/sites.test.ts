/** Every site and key of domain.md 2.4 is bound by the shipped files, or stands here with the reason why it is not. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isSelectorError, parseSelector } from '../../../src/mask/formats/hl7v2-selector.ts'
import { matchKey } from '../../../src/mask/formats/json-key.ts'
import { AMBIGUOUS_KEYS } from '../../../src/mask/normal-key.ts'
import { rulesOf } from './folded.ts'

const DOMAIN = fileURLToPath(new URL('../../../../shared/domain.md', import.meta.url))
const absent = existsSync(DOMAIN) ? false : `${DOMAIN} is not there`

/** Containers: what stands in them is bound by its own keys, or unknown. */
const CONTAINERS: ReadonlySet<string> = new Set(['contactlist'])

function blocks(): readonly (readonly [string, string])[] {
  const text = readFileSync(DOMAIN, 'utf8')
  const part = text.slice(text.indexOf('## 2.4'), text.indexOf('## 2.5'))
  return part
    .split(/^### /m)
    .slice(1)
    .map((block) => [block.slice(0, block.indexOf('\n')).slice(0, 24), block])
}

/** Names after `Keys` or `keys`, without remarks in brackets. */
const keysIn = (block: string): string[] =>
  [...block.matchAll(/\b[Kk]eys:? +([^\n]*)/g)]
    .flatMap((m) =>
      m[1]!
        .replace(/\([^)]*\)/g, '')
        .split(/[;.。]/)
        .flatMap((s) => s.split(/[,/]/)),
    )
    .map((key) => key.trim())
    .filter((key) => /^[A-Za-z_][A-Za-z_0-9]{1,23}$|^[\p{Script=Han}]{2,12}$/u.test(key))

/** `NK1-2/-30`, `IN1-16..-19`, `PV1-7/-8`: every field named. */
function fieldsIn(block: string): string[] {
  const found = new Set<string>()
  for (const m of block.matchAll(/\b([A-Z][A-Z0-9]{2})-(\d{1,2})((?:\.\d+|(?:, ?|\/|\.\.)-\d{1,2})*)/g)) {
    const [, segment, first, rest] = m
    let last = Number(first)
    found.add(`${segment}-${last}`)
    for (const [, sign, next] of rest!.matchAll(/(, ?|\/|\.\.)-(\d{1,2})/g)) {
      for (let n = sign === '..' ? last + 1 : Number(next); n <= Number(next); n++) found.add(`${segment}-${n}`)
      last = Number(next)
    }
  }
  return [...found]
}

describe('domain.md 2.4', { skip: absent }, () => {
  const { bindings } = rulesOf()
  const keys = new Set(bindings.flatMap((b) => (b.format === 'json' && b.key !== null ? [matchKey(b.key)] : [])))
  const fields = new Set(
    bindings.flatMap((b) => {
      if (b.format !== 'hl7v2') return []
      const selector = parseSelector(b.path ?? '')
      assert.ok(!isSelectorError(selector))
      return [`${selector.segment}-${selector.field}`]
    }),
  )
  it('has the elements', () => assert.ok(absent !== false || blocks().length >= 20))
  for (const [title, block] of absent === false ? blocks() : [])
    it(title, () => {
      const missing = keysIn(block).filter((key) => {
        const name = matchKey(key)
        return !keys.has(name) && !AMBIGUOUS_KEYS.has(name) && !CONTAINERS.has(name)
      })
      assert.deepEqual(missing, [], 'keys')
      assert.deepEqual(
        fieldsIn(block).filter((f) => !fields.has(f) && !STRUCTURE.has(f)),
        [],
        'HL7 v2',
      )
    })
})

/** Named in 2.4 and not bound: a flag of HL7 table 136, the type of OBX-5, and names of code systems that look like fields. */
const STRUCTURE: ReadonlySet<string> = new Set(['DG1-18', 'OBX-2', 'ICD-9', 'ICD-10'])
