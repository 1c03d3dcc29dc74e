/** The folder of the small authority and the shape of its commands. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { createAuthority, FILES, locked, openAuthority, put, readIndex } from '../../src/cli/authority/folder.ts'
import { issueInto } from '../../src/cli/authority/issue.ts'
import { RefusedError, refusing } from '../../src/cli/authority/refused.ts'
import { command as certs } from '../../src/cli/certs.ts'
import { command as keys } from '../../src/cli/keys.ts'
import { command as tokens } from '../../src/cli/tokens.ts'
import { withFiles } from '../fixtures/tools.ts'

describe('the authority’s folder', () => {
  it('lets one command work at a time and frees itself after a failure', async () => {
    await withFiles({}, async (path) => {
      const folder = path('.')
      await locked(folder, () =>
        assert.rejects(
          locked(folder, async () => 1),
          RefusedError,
        ),
      )
      await assert.rejects(
        locked(folder, async () => {
          throw new Error('inside')
        }),
        /inside/,
      )
      assert.equal(await locked(folder, async () => 2), 2)
      await assert.rejects(
        locked(path('missing'), async () => 1),
        RefusedError,
      )
    })
  })
  it('never replaces a file that must be fresh', async () => {
    await withFiles({ a: 'old' }, async (path) => {
      await assert.rejects(put(path('.'), 'a', 'new', true), RefusedError)
      assert.equal(await readFile(path('a'), 'utf8'), 'old')
      await put(path('.'), 'a', 'new')
      assert.equal(await readFile(path('a'), 'utf8'), 'new')
    })
  })
  it('tells a folder without an authority, or with a broken index', async () => {
    await withFiles({ [FILES.index]: '{' }, async (path) => {
      await assert.rejects(readIndex(path('.')), RefusedError)
      await assert.rejects(openAuthority(path('.')), RefusedError)
      await writeFile(path(FILES.index), '{"v":2,"issued":[]}')
      await assert.rejects(readIndex(path('.')), RefusedError)
    })
  })
  it('lists a certificate before it exists, and refuses contradictory wishes', async () => {
    await withFiles({}, async (path) => {
      await createAuthority(path('pki'), 'x', 7)
      const leaf = { name: 'a', use: 'client', days: 1 } as const
      const wish = { leaf, institution: null, rsa: false, csr: null, pack: false, passwordFile: null }
      const { line } = await issueInto(path('pki'), wish)
      assert.deepEqual((await readIndex(path('pki'))).issued, [line])
      await assert.rejects(issueInto(path('pki'), { ...wish, csr: 'x', pack: true }), RefusedError)
    })
  })
})

it('a refusal is one sentence on stderr and exit 1; other errors pass', async () => {
  let err = ''
  const io = { err: (text: string) => void (err += text) }
  assert.equal(await refusing('x', io, async () => 0), 0)
  assert.equal(await refusing('x', io, () => Promise.reject(new RefusedError('no'))), 1)
  assert.equal(err, 'veilgate x: no\n')
  await assert.rejects(
    refusing('x', io, () => Promise.reject(new TypeError('bug'))),
    TypeError,
  )
})

it('every command names itself in its usage', () => {
  for (const command of [certs, keys, tokens]) assert.ok(command.usage.startsWith(`veilgate ${command.name} `))
})
