/** The package as its user gets it: packed, installed into an empty folder, imported, masked with, started. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { blocks } from './house/markdown.ts'
import { ROOT, readText } from './house/tree.ts'

const TIMEOUT = 240_000
const run = (command: string, args: readonly string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', timeout: TIMEOUT, stdio: ['ignore', 'pipe', 'pipe'] })

/** The example of the README, which its reader would paste. */
const example = () => blocks(readText('README.md')).find((block) => block.language === 'ts')!.text

describe('the package', { timeout: 2 * TIMEOUT }, () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'veilgate-package-'))
    run(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], ROOT)
    run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], ROOT)
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
    writeFileSync(join(folder, 'package.json'), '{"name":"reader","private":true,"type":"module"}')
    const quiet = ['--prefer-offline', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--silent']
    run('npm', ['install', ...quiet, join(folder, tarball)], folder)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('holds what it needs and no sources, tests or keys', () => {
    const names = run('npm', ['pack', '--ignore-scripts', '--dry-run', '--json'], ROOT)
    const [{ files }] = JSON.parse(names) as [{ files: { path: string }[] }]
    const paths = files.map((file) => file.path)
    for (const path of [
      'bin/veilgate.js',
      'dist/src/index.js',
      'dist/src/index.d.ts',
      'LICENSE',
      'README.md',
      'rules/elements.yaml',
    ]) {
      assert.ok(paths.includes(path), path)
    }
    assert.deepEqual(
      paths.filter((path) => /^(?:src|test|bench|certs|scripts)\/|\.(?:pem|key|p12)$/.test(path)),
      [],
    )
  })

  it('opens its library door and masks', () => {
    writeFileSync(join(folder, 'example.ts'), example())
    assert.equal(run(process.execPath, ['example.ts'], folder), '{ "brxm": "欧阳**", "je": "***" }\n')
  })

  it('has one door', () => {
    const { status, stderr } = spawnSync(process.execPath, ['-e', "import('veilgate/dist/src/main.js')"], {
      cwd: folder,
      encoding: 'utf8',
    })
    assert.notEqual(status, 0)
    assert.match(stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/)
  })

  it('has a command', () => {
    assert.match(run('npx', ['--no-install', 'veilgate', '--help'], folder), /veilgate COMMAND/)
    assert.match(readText('bin/veilgate.js'), /^#!\/usr\/bin\/env node\n/)
  })

  it('masks a payload', () => {
    const sample = join(ROOT, 'data', 'demo', 'inpatient.his.json')
    const masked = run(
      'npx',
      ['--no-install', 'veilgate', 'mask', '--role', 'researcher', '--scenario', 'research', sample],
      folder,
    )
    assert.ok(masked.includes('2.350'))
    for (const secret of ['张三丰', '13812345678', 'ZY20260001', '500103']) assert.ok(!masked.includes(secret))
  })
})
