import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { readKeyring, readPrivateFile, readSecret, SecretError } from '../../../src/adapters/secret/files.ts'
import { createRing, fingerprint, KeyringError, seal } from '../../../src/base/keyring.ts'
import { withFiles } from '../../fixtures/tools.ts'

const problem = (of: Promise<unknown>): Promise<string> =>
  of.then(
    () => 'read',
    (error: unknown) =>
      error instanceof SecretError ? error.problem : error instanceof KeyringError ? error.code : String(error),
  )

describe('secrets', () => {
  it('come from environment or file, without the line break', async () => {
    await withFiles({ s: 'from file\r\n', empty: '\n' }, async (path) => {
      assert.equal(await readSecret({ env: 'A' }, { A: 'x' }), 'x')
      assert.equal(await readSecret({ file: path('s') }, {}), 'from file')
      assert.equal(await readSecret({ file: 's' }, {}, path), 'from file')
      assert.equal(await problem(readSecret({ env: 'A' }, {})), 'missing')
      assert.equal(await problem(readSecret({ file: path('empty') }, {})), 'empty')
      assert.equal(await problem(readSecret({ file: path('none') }, {})), 'unreadable')
    })
  })
  it('are refused from files that group or others may read', {
    skip: process.platform === 'win32' && 'no such mode bits',
  }, async () => {
    await withFiles({ s: 'secret' }, async (path) => {
      for (const mode of [0o640, 0o604, 0o660, 0o601]) {
        await chmod(path('s'), mode)
        assert.equal(await problem(readPrivateFile(path('s'))), 'readable-by-others')
      }
      await chmod(path('s'), 0o400)
      assert.equal(await problem(readPrivateFile(path('s'))), 'read')
    })
  })
  it('open keyrings', async () => {
    const ring = createRing(randomBytes(32), '2026-11-21T00:00:00Z')
    const secret = 'sixteen bytes or more'
    const text = seal(ring, Buffer.from(secret), { random: randomBytes(28), cost: { N: 1024, r: 8, p: 1 } })
    await withFiles({ ring: text, blank: ' \n' }, async (path) => {
      assert.equal(fingerprint(await readKeyring(path('ring'), secret)), fingerprint(ring))
      assert.equal(await problem(readKeyring(path('ring'), 'another secret here')), 'KEYRING_SECRET')
      assert.equal(await problem(readKeyring(path('blank'), secret)), 'KEYRING_SYNTAX')
    })
  })
})
