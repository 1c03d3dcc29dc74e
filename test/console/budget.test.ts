/** What a reader's browser loads: each page's script under its budget, nothing inline, nothing from elsewhere. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Role } from '../../src/accounts/index.ts'
import { ROOT, readText } from '../house/tree.ts'
import { type BuiltFile, buildConsole, NO_BROWSER, Stage } from './fixtures/pages.ts'
import { RULE_FILES } from './fixtures/rules.ts'

/** in the page: every script it was sent, as it came over the wire and unpacked */
const SENT = `performance.getEntriesByType('resource').filter((each) => each.name.endsWith('.js'))
  .map((each) => [new URL(each.name).pathname.slice(1), each.encodedBodySize, each.decodedBodySize])`
/** as the table of the pages names them */
const PAGE_IDS = [...readText('src/console/web/pages.ts').matchAll(/\bid: '([a-z]+)'/g)].map(([, id]) => id!)

/** A draft of the first reader. */
function draftOf({ at }: Stage): string {
  const { id } = at.accounts.accountNamed('reader.0')!
  const own = at.workshop.drafts().find((draft) => draft.author === id)
  if (own !== undefined) return own.id
  const state = { base: null, state: 'open', proposal: null, createdAt: NOW, changedAt: NOW } as const
  const draft = { id: 'a'.repeat(26), title: 'look', author: id, ...state }
  const copied = RULE_FILES.map(({ path, text, encoding }) => ({ path, text, base: text, encoding }))
  at.workshop.addDraft(draft, copied)
  return draft.id
}

const NOW = '2026-11-20T02:00:00Z'
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

  /** What comes with a part at once; `later`, too: what it loads when it is shown. */
  const closure = (key: string, later = false, seen = new Set<string>()): Set<string> => {
    if (seen.has(key)) return seen
    seen.add(key)
    const { imports = [], dynamicImports = [] } = manifest[key]!
    for (const next of later ? [...imports, ...dynamicImports] : imports) {
      // the entry knows every page
      if (manifest[next]!.isEntry !== true) closure(next, later, seen)
    }
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
    const weights = pages.map((key) => [key, weight(new Set([...base, ...closure(key, true)]))] as const)
    for (const [key, bytes] of weights) assert.ok(bytes < BUDGET, `${key}: ${bytes} bytes`)
    const [name, most] = weights.toSorted((a, b) => b[1] - a[1])[0]!
    process.stdout.write(`# console: ${weights.length} views, the largest ${name} ${Math.round(most / 1000)} KB gzip\n`)
  })

  test('and that is what a browser is sent, view by view', { skip: NO_BROWSER, timeout: 200_000 }, async () => {
    const stage = await Stage.open([...files].map(([path, bytes]) => ({ path, bytes })))
    try {
      const seen = new Map<string, number>()
      const watched = ['ops', 'audit']
      const readers: readonly (readonly [roles: readonly Role[], pages: readonly string[]])[] = [
        [['editor', 'approver'], PAGE_IDS.filter((id) => id !== 'users' && !watched.includes(id))],
        [['admin'], ['users']],
        [['auditor'], watched],
      ]
      for (const [i, [roles, pages]] of readers.entries()) {
        const { page } = await stage.person(`reader.${i}`, '王芳', roles, 'zh')
        for (const id of pages) {
          await page.goto('about:blank')
          await stage.visit(page, id === 'edit' || id === 'review' ? `${id}?draft=${draftOf(stage)}` : id)
          const sent = (await page.evaluate(SENT)) as readonly (readonly [name: string, bytes: number, whole: number])[]
          const scripts = sent.filter(([name]) => !EDITOR.test(name))
          assert.ok(scripts.length > 2, `${id}: ${scripts.length} scripts`)
          for (const [name, bytes, whole] of scripts) assert.ok(whole < 5000 || bytes < whole / 2, `${name} ${bytes}`)
          const sum = scripts.reduce((total, [, bytes]) => total + bytes, 0)
          seen.set(id, sum)
        }
      }
      for (const [id, bytes] of seen) assert.ok(bytes < BUDGET, `${id}: ${bytes} bytes`)
      assert.equal(seen.size, PAGE_IDS.length)
      const [name, most] = [...seen].toSorted((a, b) => b[1] - a[1])[0]!
      process.stdout.write(`# console: sent to a browser, the largest ${name} ${Math.round(most / 1000)} KB\n`)
    } finally {
      await stage.close()
    }
  })

  test('only the editor page loads the editor', () => {
    for (const key of Object.keys(manifest).filter((each) => each.startsWith('pages/'))) {
      const loads = [...closure(key, true)].some((part) => EDITOR.test(manifest[part]!.file))
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
