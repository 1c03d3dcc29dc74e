/** What a reader's browser loads: each page's script under its budget, nothing inline, nothing from elsewhere. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ROOT } from '../house/tree.ts'
import { type BuiltFile, buildConsole } from './fixtures/pages.ts'

const BUDGET = 350_000
/** the editor's part: loaded by its page alone, and not counted there */
const EDITOR = /^assets\/(?:editor|yaml-editor)-/

interface Chunk {
  readonly file: string
  readonly src?: string
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
  readonly isEntry?: boolean
}

const missing = existsSync(join(ROOT, 'node_modules', 'vite')) ? false : 'no vite: npm ci'

describe('what the browser loads', { skip: missing }, () => {
  let files: Map<string, Buffer>
  let manifest: Record<string, Chunk>
  before(() => {
    const built: BuiltFile[] = buildConsole()
    files = new Map(built.map(({ path, bytes }) => [path, bytes]))
    manifest = JSON.parse(files.get('.vite/manifest.json')!.toString('utf8'))
  })

  const closure = (key: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(key)) return seen
    seen.add(key)
    for (const next of manifest[key]!.imports ?? []) closure(next, seen)
    return seen
  }
  const weight = (keys: Iterable<string>): number =>
    [...new Set([...keys].map((key) => manifest[key]!.file))]
      .filter((file) => file.endsWith('.js') && !EDITOR.test(file))
      .reduce((sum, file) => sum + gzipSync(files.get(file)!, { level: 9 }).length, 0)

  test('every view is under 350 KB of compressed script before the editor', () => {
    const entry = Object.keys(manifest).find((key) => manifest[key]!.isEntry === true)!
    const base = closure(entry)
    const pages = Object.keys(manifest).filter((key) => key.startsWith('pages/'))
    assert.ok(pages.length >= 16, pages.join(' '))
    const weights = pages.map((key) => [key, weight(new Set([...base, ...closure(key)]))] as const)
    for (const [key, bytes] of weights) assert.ok(bytes < BUDGET, `${key}: ${bytes} bytes`)
    const [name, most] = weights.toSorted((a, b) => b[1] - a[1])[0]!
    process.stdout.write(`# console: ${weights.length} views, the largest ${name} ${Math.round(most / 1000)} KB gzip\n`)
  })

  test('only the editor page loads the editor', () => {
    for (const key of Object.keys(manifest).filter((each) => each.startsWith('pages/'))) {
      const loads = [...closure(key)].some((part) => EDITOR.test(manifest[part]!.file))
      assert.equal(loads, key === 'pages/edit.tsx', key)
    }
  })

  test('the first page holds no inline script, style or foreign address', () => {
    const html = files.get('index.html')!.toString('utf8')
    assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|https?:\/\//)
    for (const [, attributes, body] of html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)) {
      assert.match(attributes!, /src="\.\/assets\//)
      assert.equal(body, '')
    }
    for (const [path, bytes] of files)
      if (path.endsWith('.css')) assert.doesNotMatch(bytes.toString('utf8'), /@import|url\((?!data:)/, path)
  })
})
