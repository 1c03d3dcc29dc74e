import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type RuleFolder, type RuleWatch, readRuleFolder, watchRuleFolder } from '../../src/adapters/rule-files.ts'

const made: string[] = []
const watches: RuleWatch[] = []

function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = mkdtempSync(join(tmpdir(), 'veilgate-rules-'))
  made.push(path)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  return path
}

afterEach(() => {
  for (const watch of watches.splice(0)) watch.close()
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true })
})

test('reads YAML and CSV files in path order, with / in their paths, and nothing else', async () => {
  const path = folder({
    'policies/b.yaml': 'b',
    'elements.yaml': '\ufeffe',
    'dictionaries/d.csv': 'd',
    'policies/samples/x.fhir.json': '{}',
    '.git/config.yaml': 'no',
    'notes.txt': 'no',
  })
  const { files, problems } = await readRuleFolder(path)
  assert.deepEqual(files, [
    { path: 'dictionaries/d.csv', text: 'd' },
    { path: 'elements.yaml', text: 'e' },
    { path: 'policies/b.yaml', text: 'b' },
  ])
  assert.deepEqual(problems, [])
})

test('links, other encodings and files over the limits are problems, not content', async () => {
  const path = folder({ 'a.yaml': 'a', 'big.yaml': 'x'.repeat(100), 'gbk.yaml': Buffer.from([0xb2, 0xdf, 0xc2, 0xd4]) })
  symlinkSync(join(path, 'a.yaml'), join(path, 'link.yaml'))
  const { files, problems } = await readRuleFolder(path, { files: 10, file: 50, total: 60 })
  assert.deepEqual(
    files.map((f) => f.path),
    ['a.yaml'],
  )
  assert.deepEqual(
    problems.map((p) => [p.file, p.code]),
    [
      ['big.yaml', 'too-large'],
      ['gbk.yaml', 'encoding'],
      ['link.yaml', 'link'],
    ],
  )
  assert.deepEqual(
    (await readRuleFolder(path, { files: 0, file: 50, total: 60 })).problems.map((p) => p.code),
    ['too-many-files'],
  )
  await assert.rejects(readRuleFolder(join(path, 'absent')))
})

async function watched(path: string, pollMs: number): Promise<RuleFolder[]> {
  const seen: RuleFolder[] = []
  const first = await readRuleFolder(path)
  watches.push(
    watchRuleFolder(
      path,
      first,
      (next) => seen.push(next),
      (error) => assert.fail(String(error)),
      { debounceMs: 30, pollMs },
    ),
  )
  return seen
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !holds(); i++) await pause(20)
  assert.ok(holds())
}

test('an edit, a new file in a new folder and a removal are told, each once', async () => {
  const path = folder({ 'elements.yaml': 'a' })
  const seen = await watched(path, 100)
  for (const text of ['b', 'c', 'd']) writeFileSync(join(path, 'elements.yaml'), text)
  await until(() => seen.at(-1)?.files[0]?.text === 'd')
  assert.ok(seen.length <= 2)
  mkdirSync(join(path, 'policies'))
  writeFileSync(join(path, 'policies', 'p.yaml'), 'p')
  await until(() => seen.at(-1)?.files.length === 2)
  rmSync(join(path, 'policies'), { recursive: true })
  await until(() => seen.at(-1)?.files.length === 1)
})

test('a touch without a change, and a file that is no rules file, tell nothing', async () => {
  const path = folder({ 'elements.yaml': 'a' })
  const seen = await watched(path, 50)
  writeFileSync(join(path, 'elements.yaml'), 'a')
  writeFileSync(join(path, 'notes.txt'), 'x')
  await pause(250)
  assert.deepEqual(seen, [])
})

test('a closed watch is silent', async () => {
  const path = folder({ 'elements.yaml': 'a' })
  const seen = await watched(path, 30)
  watches.pop()!.close()
  writeFileSync(join(path, 'elements.yaml'), 'b')
  await pause(150)
  assert.deepEqual(seen, [])
})

test('a foreign byte is told with its line and column', async () => {
  const place = async (bytes: Buffer): Promise<string> => {
    const { problems, files } = await readRuleFolder(folder({ 'a.yaml': bytes }))
    return problems.map(({ code, line, col }) => `${code} ${line}:${col}`).join() || files[0]!.text
  }
  const text = 'policy: p\n# 姓名\nbasis: '
  assert.equal(await place(Buffer.concat([Buffer.from(text), Buffer.from([0xd0, 0xd5, 0x0a])])), 'encoding 3:8')
  assert.equal(await place(Buffer.concat([Buffer.from('# 姓'), Buffer.from([0xe5, 0x90])])), 'encoding 1:4')
  assert.equal(await place(Buffer.from('\ufeffpolicy: p\n', 'utf16le')), 'encoding 1:1')
  assert.equal(await place(Buffer.from(`\ufeff${text}`)), text)
})
