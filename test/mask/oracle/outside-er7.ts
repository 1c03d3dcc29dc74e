/** The same judgement for HL7 v2: place by place, by the delimiters each message declares. */
import assert from 'node:assert/strict'
import type { Explained } from '../../../src/mask/index.ts'
import { type Fate, fateOf, Verdicts } from './outside.ts'

interface Leaf {
  readonly address: string
  readonly at: readonly [line: number, field: number, repetition: number, component: number, sub: number]
  readonly value: string
}

interface Er7 {
  readonly f: string
  readonly c: string
  readonly r: string
  readonly s: string
}

interface Line {
  readonly text: string
  readonly d: Er7
  /** message[n]/SEG[m] */
  readonly name: string
}

const HEADER = /^MSH/

/** Lines of all messages with their ends cut off. */
function linesOf(text: string): Line[] {
  const lines = text.split(/\r\n|\r|\n/)
  const messages = lines.filter((line) => HEADER.test(line)).length
  let d: Er7 = { f: '|', c: '^', r: '~', s: '&' }
  let message = 0
  let seen = new Map<string, number>()
  return lines.map((line) => {
    if (HEADER.test(line)) {
      d = { f: line[3]!, c: line[4]!, r: line[5]!, s: line[7]! }
      message++
      seen = new Map()
    }
    const id = line.slice(0, 3)
    const nth = (seen.get(id) ?? 0) + 1
    seen.set(id, nth)
    return { text: line, d, name: `${messages > 1 ? `message[${message}]/` : ''}${id}${nth > 1 ? `[${nth}]` : ''}` }
  })
}

/** Fields from 1 on; of MSH the first after the delimiters is 3. */
function fieldsOf(line: Line): (readonly [number: number, text: string])[] {
  const parts = line.text.split(line.d.f)
  if (!HEADER.test(line.text)) return parts.slice(1).map((text, i) => [i + 1, text] as const)
  return parts.slice(2).map((text, i) => [i + 3, text] as const)
}

function* leavesOf(lines: readonly Line[]): Generator<Leaf> {
  for (const [n, line] of lines.entries()) {
    const { c, r, s } = line.d
    for (const [field, text] of fieldsOf(line)) {
      const repetitions = text.split(r)
      for (const [i, repetition] of repetitions.entries()) {
        const components = repetition.split(c)
        for (const [j, component] of components.entries()) {
          const subs = component.split(s)
          for (const [k, value] of subs.entries()) {
            const composite = subs.length > 1 || components.length > 1
            const place = `${line.name}-${field}${repetitions.length > 1 ? `[${i + 1}]` : ''}`
            const inside = composite ? `.${j + 1}${subs.length > 1 ? `.${k + 1}` : ''}` : ''
            yield { address: place + inside, at: [n, field, i, j, k], value }
          }
        }
      }
    }
  }
}

/** What a line is without its values. */
const skeleton = (line: Line, until: number): string =>
  fieldsOf(line)
    .map(([field, text]) =>
      field === until ? '' : text.replace(/./gsu, (sign) => (Object.values(line.d).includes(sign) ? sign : '')),
    )
    .join(line.d.f)

/** @throws AssertionError where the output is not what was said */
export function judgeEr7(leaves: readonly Explained[], source: string, output: string): Fate[] {
  const verdicts = new Verdicts(leaves)
  const before = linesOf(source)
  const after = linesOf(output)
  assert.deepEqual(source.match(/\r\n|\r|\n/g), output.match(/\r\n|\r|\n/g), 'ends of lines')
  const there = new Map([...leavesOf(after)].map((leaf) => [leaf.at.join(), leaf.value]))
  const fates: Fate[] = []
  const touched = new Set<number>()
  const whole = new Map<string, boolean>()
  for (const { address, at, value } of leavesOf(before)) {
    const result = there.get(at.join()) ?? ''
    const repetition = at.slice(0, 3).join()
    const said = verdicts.take(address)
    if (said?.outcome === 'removed') touched.add(at[0])
    // A removed composite is spoken of once, at its first value, and takes its use codes with it.
    whole.set(repetition, (whole.get(repetition) ?? false) || said?.outcome === 'removed')
    if (said === undefined) {
      if (result !== value)
        assert.ok(whole.get(repetition) && result === '', `${address}: changed in silence: ${value} -> ${result}`)
    } else if (said.outcome === 'kept') assert.equal(result, value, `${address}: kept`)
    else if (said.outcome === 'removed') assert.equal(result, '', `${address}: removed`)
    else assert.ok(result !== '' && result !== value, `${address}: replaced: ${value} -> ${result}`)
    const gone = said?.outcome === 'removed' || (said === undefined && result !== value)
    fates.push(fateOf(address, value, said, gone ? null : result))
  }
  assert.deepEqual(verdicts.left(), [], 'explain speaks of places that are not there')
  for (const [n, line] of before.entries()) {
    assert.equal(fieldsOf(after[n]!).length, fieldsOf(line).length, `${line.name}: number of fields`)
    if (!touched.has(n)) assert.equal(skeleton(after[n]!, 0), skeleton(line, 0), `${line.name}: delimiters`)
  }
  return fates
}
