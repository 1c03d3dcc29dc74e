/** Holds the papers to the program: generated pages are current, commands exist, marked blocks run, links lead somewhere. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { cliDoc } from '../scripts/cli-doc.ts'
import { errorsDoc } from '../scripts/errors-doc.ts'
import { methodsDoc } from '../scripts/methods-doc.ts'
import { wordsDoc } from '../scripts/words-doc.ts'
import { CODES } from '../src/base/errors.ts'
import { anchorOf, type Block, blocks, commands, headings, links, prose } from './house/markdown.ts'
import { ROOT, readText, readTree } from './house/tree.ts'

const TIMEOUT = 60_000
const TOP = ['README.md', 'README.zh-CN.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']
const papers = [
  ...TOP.map((path) => ({ path, text: readText(path) })),
  ...['docs', 'certs', 'spec', 'data', 'bench', 'rules'].flatMap((folder) => readTree(folder, ['.md'])),
]

describe('generated pages', () => {
  it('docs/errors.md is current', () => assert.equal(readText('docs/errors.md'), errorsDoc()))
  it('docs/words.md is current', () => assert.equal(readText('docs/words.md'), wordsDoc()))
  it('docs/methods.md is current', () => assert.equal(readText('docs/methods.md'), methodsDoc()))
  it('docs/cli.md is current', async () => assert.equal(readText('docs/cli.md'), await cliDoc()))
})

describe('commands', async () => {
  const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> }
  const known = [...(await cliDoc()).matchAll(/^## ([a-z]+)$/gm)].map((match) => match[1]!)
  for (const { path, text } of papers) {
    it(`named in ${path} exist`, () => {
      const named = commands(text)
      assert.deepEqual(
        named.scripts.filter((name) => !(name in scripts)),
        [],
      )
      assert.deepEqual(
        named.veilgate.filter((name) => !known.includes(name)),
        [],
      )
    })
  }

  it('the two commands stand in both READMEs', () => {
    for (const path of ['README.md', 'README.zh-CN.md']) {
      assert.match(readText(path), /^npm ci && npm run demo$/m)
      assert.match(readText(path), /^npm ci && npm test$/m)
    }
  })
})

describe('blocks marked as running', () => {
  const marked = papers.flatMap(({ path, text }) =>
    blocks(text).flatMap((block) => (block.runs ? [{ path, block }] : [])),
  )
  it('are there', () => assert.ok(marked.length >= 4))
  for (const { path, block } of marked) {
    it(`${path}:${block.line} runs`, () => run(block))
  }
})

function run(block: Block): void {
  const folder = mkdtempSync(join(tmpdir(), 'veilgate-docs-'))
  try {
    const { status, stdout, stderr } = block.language === 'ts' ? runSource(block.text, folder) : runShell(block.text)
    assert.equal(status, 0, stderr)
    assert.notEqual(stdout, '')
    assert.doesNotMatch(stdout, /13812345678|500103199003070025|示例路/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// The reader has the package installed; here its name stands for the sources.
function runSource(text: string, folder: string) {
  const file = join(folder, 'example.ts')
  const door = pathToFileURL(join(ROOT, 'src', 'index.ts')).href
  writeFileSync(file, text.replaceAll(/from 'veilgate'/g, `from '${door}'`))
  return spawnSync(process.execPath, [file], { cwd: ROOT, timeout: TIMEOUT, killSignal: 'SIGKILL', encoding: 'utf8' })
}

// Each line is started by itself, without shell and npm: a line that hangs is then ended, not orphaned.
function runShell(text: string) {
  let out = ''
  for (const line of text.split('\n')) {
    const words = /^npx veilgate((?: [\w./:-]+)+)$/.exec(line)?.[1]?.trim().split(' ')
    assert.ok(words !== undefined, `"${line}" is no plain npx veilgate line`)
    const done = spawnSync(process.execPath, ['bin/veilgate.js', ...words], {
      cwd: ROOT,
      timeout: TIMEOUT,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
    })
    if (done.status !== 0) return done
    out += done.stdout
  }
  return { status: 0, stdout: out, stderr: '' }
}

describe('links', () => {
  for (const { path, text } of papers) {
    it(`of ${path} lead somewhere`, () => {
      const dead = links(text).filter(({ target }) => !leads(path, text, target))
      assert.deepEqual(dead, [])
    })
  }
})

function leads(path: string, text: string, target: string): boolean {
  if (/^https?:/.test(target)) return true
  const [file, anchor] = target.split('#', 2)
  const there = file === '' ? path : posix.join(dirname(path), file!)
  if (!existsSync(join(ROOT, there))) return false
  if (anchor === undefined) return true
  return headings(file === '' ? text : readText(there)).some((heading) => anchorOf(heading) === anchor)
}

describe('vocabulary', () => {
  it('names only codes that exist', () => {
    const written = papers.flatMap(({ path, text }) =>
      [
        ...text.matchAll(
          /\b(?:CERT|TOKEN|UPSTREAM|MASK|PAYLOAD|INTERFACE|AUDIT|LEVEL5|ROLE|CRL|INSTITUTION)_[A-Z0-9_]+\b/g,
        ),
      ].map((match) => ({ path, code: match[0] })),
    )
    assert.ok(written.length > 20)
    // Notes of /readyz have their own check above; a family is written with a star.
    // ShardingSphere's names of masking algorithms are read as ours.
    const known = (code: string) =>
      code in CODES || /_$|_LAST_GOOD$|_SOON$|_[A-Z]+_N_|_[XY]_TO_|_SPECIAL_CHARS$/.test(code)
    assert.deepEqual(
      written.filter(({ code }) => !known(code)),
      [],
    )
  })

  it('the runbook explains every reason and note of /readyz', () => {
    const said = readTree('src/cli/serve', ['.ts'])
      .concat({ path: 'src/main.ts', text: readText('src/main.ts') })
      .flatMap(({ text }) => [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)*)'/g)].map((match) => match[1]!))
      .filter((word) => /^(?:STARTING|CLOSING|NO_WORKER|\w+_(?:UNAVAILABLE|LAST_GOOD|SOON|DIFFER))$/.test(word))
    const runbook = readText('docs/runbook.md')
    assert.ok(said.length > 5)
    assert.deepEqual(
      said.filter((word) => !runbook.includes(`| \`${word}\` |`)),
      [],
    )
  })

  it('no paper boasts of a figure nobody measured', () => {
    const boasts = papers
      .filter(({ path }) => !path.startsWith('docs/decisions/'))
      .flatMap(({ path, text }) =>
        [...prose(text).matchAll(/\b\d+(?:\.\d+)?\s*(?:x faster|times faster|req\/s|calls\/s|MB\/s)|\d+\s*倍/g)].map(
          (match) => `${path}: ${match[0]}`,
        ),
      )
    assert.deepEqual(boasts, [])
  })
})

describe('README.zh-CN.md', () => {
  const english = readText('README.md')
  const chinese = readText('README.zh-CN.md')
  const shape = (text: string) => headings(text).map((heading) => heading.split(' ', 1)[0])
  it('has the sections of README.md', () => assert.deepEqual(shape(chinese), shape(english)))
  it('has the same code', () => {
    const codeOf = (text: string) => blocks(text).map((block) => block.text)
    assert.deepEqual(codeOf(chinese), codeOf(english))
  })
})
