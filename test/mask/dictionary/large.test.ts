import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as pause } from 'node:timers/promises'
import { finish } from '../../../src/base/steps.ts'
import { lexiconOf, lexiconSteps } from '../../../src/mask/dictionary/build.ts'
import { digestOf } from '../../../src/mask/dictionary/digest.ts'
import { DictionaryCache } from '../../../src/mask/dictionary/prepare.ts'
import { dictionarySteps } from '../../../src/mask/dictionary/read.ts'
import { tableOf } from '../../../src/mask/dictionary/table.ts'
import { largeDictionary, textWith } from './scale.ts'

const COUNT = 100_000
const { csv, terms } = largeDictionary(COUNT)
const cpu = (since: NodeJS.CpuUsage): number => process.cpuUsage(since).user / 1000

test('100,000 terms: every one is found, built in well under a second, in slices of milliseconds', async (t) => {
  const read = finish(dictionarySteps('dictionaries/large.csv', csv))
  assert.deepEqual(read.problems, [])
  const dictionary = read.dictionary!
  const began = process.cpuUsage()
  const lexicon = finish(lexiconSteps([dictionary]))
  const building = cpu(began)
  assert.ok(building < 1000, `the automaton took ${building} ms of CPU`)
  assert.ok(lexicon.bytes < 40 * 2 ** 20, `${lexicon.bytes} bytes`)
  const matcher = lexicon.matcher({
    today: () => '2026-11-21',
    role: null,
    care: false,
    dictionaries: null,
    own: false,
  })
  for (const term of terms) {
    const hits = matcher.find(`。${term}。`)
    assert.equal(hits.length, 1, term)
    assert.equal(hits[0]!.end, term.length + 1)
  }
  const text = textWith(terms, 2_000_000)
  matcher.scan(text.slice(0, 200_000), [], () => {})
  let hits = 0
  const scanning = process.cpuUsage()
  matcher.scan(text, [], () => hits++)
  const seconds = cpu(scanning) / 1000
  const rate = (n: number) => Math.round(n / seconds / 1000) * 1000
  t.diagnostic(
    `built in ${Math.round(building)} ms, ${(lexicon.bytes / 2 ** 20).toFixed(1)} MiB, ${lexicon.parts.trie.nodes} nodes; ` +
      `${rate(text.length)} characters/s, ${rate(hits)} matches/s`,
  )
  assert.ok(hits > 10_000)
})

test('100,000 terms made ready while the event loop runs: no turn is longer than a moment', async (t) => {
  const cache = new DictionaryCache()
  const files = [{ path: 'dictionaries/large.csv', text: csv }]
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  const began = performance.now()
  const prepared = await cache.prepare(files, pause)
  const took = performance.now() - began
  clearInterval(timer)
  t.diagnostic(`made ready in ${Math.round(took)} ms, longest turn of the event loop ${longest.toFixed(1)} ms`)
  assert.ok(longest < 1500, `a turn of ${longest} ms`)
  const { dictionary } = prepared.get('dictionaries/large.csv')!
  const kept = performance.now()
  lexiconOf(new Map([['large', dictionary!]]))
  tableOf(dictionary!)
  digestOf(dictionary!)
  assert.ok(performance.now() - kept < 200, 'all of it is there')
  const again = await cache.prepare(files, pause)
  assert.equal(again.get('dictionaries/large.csv')!.dictionary, dictionary, 'an unchanged file is not read again')
})
