/** Every attack and mistake case this gateway answers has a test that says its number in its title. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Cases of parts that do not exist: there is nothing to attack. */
const NO_SUCH_PART: Readonly<Record<string, string>> = {
  X11: 'one-time tokens',
  X12: 'revocation of single tokens and users',
  X53: 'XML',
  X54: 'long-window counters',
  X55: 'consents',
  X56: 'break-glass',
  X57: 'comparing an answer with the person asked for',
  X65: 'reactions to anomalies',
}

const TITLE = /\b(?:describe|it|test)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g
/** cases of a table are titles too */
const ROW = /^\s*(?:name: )?'(X\d\d: [^']*)'/gm

test('every case has a title', () => {
  const titles = globSync('**/*.test.ts', { cwd: ROOT }).flatMap((path) => {
    const text = readFileSync(ROOT + path, 'utf8')
    return [...text.matchAll(TITLE), ...text.matchAll(ROW)].map((m) => m[1] ?? m[2] ?? m[3] ?? '')
  })
  const named = new Set(titles.flatMap((title) => title.match(/\bX\d\d\b/g) ?? []))
  const cases = Array.from({ length: 66 }, (_, i) => `X${String(i + 1).padStart(2, '0')}`)
  assert.deepEqual(
    cases.filter((one) => !named.has(one)),
    Object.keys(NO_SUCH_PART),
  )
})
