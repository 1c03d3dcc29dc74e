/**
 * What codes-only lets out, judged without the engine's grammar: every word of every text is a word of the dictionary
 * files as they lie there, a mark of the polarity file, or a number of the source with a unit of the units file.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { isGatewayError } from '../../src/base/errors.ts'
import { explainPayload, type FormatName, NO_HINTS } from '../../src/mask/index.ts'
import { scaled } from '../fixtures/scale.ts'
import { LIMITS, planFor, policy, rulesWith, SHIPPED } from './attacks/fixture.ts'
import { chance } from './fixtures.ts'
import { absent, samples } from './oracle/corpora.ts'
import { type Fate, JsonJudge } from './oracle/outside.ts'
import { judgeEr7 } from './oracle/outside-er7.ts'
import { fhirText, hisText, hl7Text, Values } from './oracle/random-payloads.ts'
import { compositeOf } from './oracle/survivors.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const words = (text: string): string[] => text.split(' ')

/** Rows of the dictionary files with their kind. */
const ROWS: readonly (readonly [kind: string | undefined, cells: readonly string[]])[] = readdirSync(
  new URL('../../rules/dictionaries/', import.meta.url),
).flatMap((name) => {
  const [header, ...lines] = read(`rules/dictionaries/${name}`)
    .split(/\r?\n/)
    .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replace(/^"|"$/g, '')))
  return lines.map((cells) => [cells[header!.indexOf('kind')], cells] as const)
})
/** Every cell: what can be written is in one of them. */
const TERMS: ReadonlySet<string> = new Set(ROWS.flatMap(([, cells]) => cells))
const marks = JSON.parse(read('data/polarity-marks.json')) as { negation: string; finding: string }
const MARKS = new Set([...words(marks.negation), ...words(marks.finding)].flatMap((m) => [m, m.replaceAll('-', ' ')]))
const units = JSON.parse(read('data/units.json')) as { latin: string; chinese: string }
const UNITS = [...words(units.latin), ...words(units.chinese)].sort((a, b) => b.length - a.length)
/** at most six digits, a fraction's among them */
const NUMBER = /^(?:[<>≤≥]|=|[<>]=)?(?=(?:\d\.?){1,6}(?![\d.]))\d+(?:\.\d+)?/
/** what a number may follow without a unit: every cell of a row of analytes */
const ANALYTES: ReadonlySet<string> = new Set([...ROWS].flatMap(([kind, cells]) => (kind === 'analyte' ? cells : [])))

/** The longest word the text begins with, after another; null = it begins with nothing that may leave. */
function wordAt(text: string, before: string): string | null {
  const ends = (n: number): boolean => n === text.length || text[n] === ' ' || text[n] === '；'
  for (let n = Math.min(text.length, 80); n > 0; n--)
    if (ends(n) && (TERMS.has(text.slice(0, n)) || MARKS.has(text.slice(0, n)))) return text.slice(0, n)
  const number = NUMBER.exec(text)?.[0]
  if (number === undefined) return null
  if (ends(number.length)) return ANALYTES.has(before) ? number : null
  const unit = UNITS.find((u) => text.startsWith(u, number.length) && ends(number.length + u.length))
  return unit === undefined ? null : number + unit
}

const plain = (text: string): string => text.normalize('NFKC').replace(/[\s\p{Cf}]/gu, '')

/** What of an output is neither word, mark nor number of its source; null = nothing. */
function stranger(output: string, source: string): string | null {
  let before = ''
  for (let rest = output; rest !== ''; ) {
    if (rest[0] === ' ') rest = rest.slice(1)
    else if (rest[0] === '；') {
      before = ''
      rest = rest.slice(1)
    } else {
      const word = wordAt(rest, before)
      if (word === null) return rest
      const digits = TERMS.has(word) ? null : /\d[\d.]*/.exec(word)
      if (digits !== null && !plain(source).includes(plain(digits[0]))) return `${word} (a number the source has not)`
      before = word
      rest = rest.slice(word.length)
    }
  }
  return null
}

/** Everything that can be is codes-only, the rest is removed. */
const TEXTS = SHIPPED.elements.filter((e) => e.kind === 'text' && e.level < 5)
const rules = rulesWith([
  policy(
    'only',
    TEXTS.map((e) => `${e.id}: codes-only`),
    'drop',
    'codes-only',
  ),
])

function fatesOf(format: FormatName, text: string): readonly Fate[] | null {
  const { leaves, body } = explainPayload(planFor('only', format, { rules }), Buffer.from(text), NO_HINTS, LIMITS)
  try {
    if (format === 'hl7v2') return judgeEr7(leaves, text, body.toString())
    const judge = new JsonJudge(format === 'fhir')
    judge.judge(leaves, text, body.toString())
    return judge.fates
  } catch (error) {
    // Samples made to be wrong are not told place by place.
    if (error instanceof assert.AssertionError) return null
    throw error
  }
}

class Count {
  texts = 0
  said = 0

  judge(fates: readonly Fate[]): void {
    for (const fate of fates) {
      const { method, result, address } = fate
      if (method !== 'codes-only') continue
      this.texts++
      if (result === null) continue
      this.said++
      // The parts of a composite are read as one text, written in one of them or passed part by part: 30^s.
      const all = fates.filter((f) => f.method === 'codes-only' && compositeOf(f) === compositeOf(fate))
      const source = all.map((f) => f.value).join(' ')
      const together = all.map((f) => f.result ?? '').join('')
      const found = stranger(result, source) ?? null
      if (found !== null && together !== result && stranger(together, source) === null) continue
      assert.equal(found, null, `${address}: ${JSON.stringify(source)} -> ${JSON.stringify(result)}`)
    }
  }
}

describe('codes-only: nothing of the source outside dictionary and admitted numbers', () => {
  for (const [format, make] of [
    ['json', hisText],
    ['fhir', fhirText],
    ['hl7v2', hl7Text],
  ] as const)
    it(`random payloads, ${format}`, (t) => {
      const count = new Count()
      for (let seed = 1; seed <= scaled(1000, 100); seed++) {
        const pick = chance(seed * 104_729)
        const fates = fatesOf(format, make(pick, new Values(pick)))
        assert.ok(fates, `seed ${seed}`)
        count.judge(fates)
      }
      t.diagnostic(`${count.texts} texts, ${count.said} say something`)
      assert.ok(count.said > 5)
    })

  it('all samples', { skip: absent }, (t) => {
    const count = new Count()
    const seen = { judged: 0, refused: 0, 'not told': 0 }
    for (const format of ['fhir', 'hl7v2', 'json'] as const)
      for (const sample of samples(format)) {
        let fates: readonly Fate[] | null
        try {
          fates = fatesOf(format, sample.body.toString())
        } catch (error) {
          if (!isGatewayError(error)) throw error
          seen.refused++
          continue
        }
        seen[fates === null ? 'not told' : 'judged']++
        count.judge(fates ?? [])
      }
    t.diagnostic(`${JSON.stringify(seen)}: ${count.texts} texts, ${count.said} say something`)
    assert.ok(seen.judged > 100 && count.said > 30)
  })
})
