import assert from 'node:assert/strict'
import { chmod, readFile, stat } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { veilgate } from '../fixtures/command.ts'
import { withFiles } from '../fixtures/tools.ts'

describe('veilgate keys', () => {
  it('makes a sealed ring once and lists it', async () => {
    await withFiles({ secret: 'a secret of some length\n' }, async (path) => {
      const cwd = path('.')
      const made = await veilgate(['keys', 'init', '--secret-file', 'secret'], { cwd })
      assert.equal(made.code, 0, made.err)
      assert.equal((await stat(path('keys/ring.json'))).mode & 0o777, 0o600)
      const before = await readFile(path('keys/ring.json'), 'utf8')
      assert.equal((await veilgate(['keys', 'init', '--secret-file', 'secret'], { cwd })).code, 1)
      assert.equal(await readFile(path('keys/ring.json'), 'utf8'), before)

      const env = { S: 'a secret of some length' }
      const listed = await veilgate(['keys', 'list', '--secret-env', 'S', '--json'], { cwd, env })
      const { epochs, fingerprint } = JSON.parse(listed.out) as {
        epochs: { id: string; state: string }[]
        fingerprint: string
      }
      assert.deepEqual(
        epochs.map((e) => [e.id, e.state]),
        [['e1', 'active']],
      )
      assert.ok(made.out.includes(fingerprint))
      assert.equal(listed.out.includes('"key"'), false)
    })
  })
  it('refuses wrong, short and readable secrets and files', async () => {
    await withFiles({ secret: 'a secret of some length', short: 'short' }, async (path) => {
      const cwd = path('.')
      const of = async (args: string[], env: Record<string, string> = {}): Promise<string> => {
        const r = await veilgate(['keys', ...args], { cwd, env })
        return `${r.code} ${r.err.split('\n')[0]}`
      }
      assert.match(await of(['init', '--secret-file', 'short']), /^1 .*too short/)
      await of(['init', '--secret-file', 'secret'])
      assert.match(await of(['list', '--secret-env', 'S'], { S: 'another secret of length' }), /^1 .*does not open/)
      assert.match(await of(['list', '--secret-env', 'S']), /^1 .*not set/)
      await chmod(path('keys/ring.json'), 0o644)
      assert.match(await of(['list', '--secret-file', 'secret']), /^1 .*readable by group or others/)
      await chmod(path('secret'), 0o644)
      assert.match(await of(['init', '--file', 'b', '--secret-file', 'secret']), /^1 .*readable by group or others/)
      assert.match(await of(['init']), /^2 /)
      assert.match(await of(['init', '--secret-file', 'a', '--secret-env', 'b']), /^2 /)
      assert.match(await of([]), /^2 /)
    })
  })
})
