/** The keyring over its life: rotated, retired, destroyed by two, sealed to two custodians and opened by both. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { veilgate } from '../fixtures/command.ts'
import { withFiles } from '../fixtures/tools.ts'

const SECRET = ['--secret-file', 'secret'] as const

interface Shown {
  readonly fingerprint: string
  readonly epochs: readonly { readonly id: string; readonly state: string }[]
}

describe('veilgate keys over time', { timeout: 120_000 }, () => {
  const inFolder = (
    body: (run: (...args: string[]) => ReturnType<typeof veilgate>, path: (name: string) => string) => Promise<void>,
  ) =>
    withFiles({ secret: 'a secret of some length', other: 'another secret of length' }, async (path) => {
      const run = (...args: string[]) => veilgate(['keys', ...args], { cwd: path('.') })
      await run('init', ...SECRET)
      await body(run, path)
    })
  const shown = async (run: (...args: string[]) => ReturnType<typeof veilgate>): Promise<Shown> =>
    JSON.parse((await run('list', ...SECRET, '--json')).out) as Shown

  it('rotates and retires; never without an active epoch', () =>
    inFolder(async (run, path) => {
      const before = await shown(run)
      assert.equal((await run('rotate', ...SECRET)).code, 0)
      const after = await shown(run)
      assert.deepEqual(
        after.epochs.map((e) => [e.id, e.state]),
        [
          ['e1', 'active'],
          ['e2', 'active'],
        ],
      )
      assert.notEqual(after.fingerprint, before.fingerprint)
      assert.equal((await stat(path('keys/ring.json'))).mode & 0o777, 0o600)
      assert.equal((await run('retire', 'e1', ...SECRET)).code, 0)
      assert.match((await run('retire', 'e2', ...SECRET)).err, /last active/)
      assert.match((await run('retire', 'e9', ...SECRET)).err, /no epoch/)
      assert.equal((await run('retire', ...SECRET)).code, 2)
      assert.deepEqual(
        (await shown(run)).epochs.map((e) => e.state),
        ['retired', 'active'],
      )
    }))

  it('destroys what two approvers signed for, once, and leaves a certificate', () =>
    inFolder(async (run, path) => {
      await run('rotate', ...SECRET)
      const lines: string[] = []
      for (const id of ['lin.wei', 'chen.yu', 'zhao.min'])
        lines.push((await run('approver', '--as', id, '--out', `${id}.pem`)).out.trim())
      const config = `node: n
rules: { approvers: [${lines.slice(0, 2).join(', ')}] }
keyring: { file: keys/ring.json, secret: { file: secret } }
data: { cert: c, key: { file: k }, client-ca: ca, crls: [a] }
tokens: { audience: a, issuers: [{ issuer: i, keys: j }] }
`
      await writeFile(path('veilgate.yaml'), config)
      const sign = async (id: string, out: string, epoch = 'e1') => {
        const args = ['--sign', '--key', `${id}.pem`, '--as', id, '--out', out, '--why', '项目结束']
        assert.equal((await run('destroy', epoch, ...SECRET, ...args)).code, 0)
        return ['--statement', out]
      }
      const lin = await sign('lin.wei', 'a.jws')
      const chen = await sign('chen.yu', 'b.jws')
      const destroy = (...statements: string[]) => run('destroy', 'e1', ...SECRET, ...statements)
      assert.match((await destroy()).err, /APPROVAL_MISSING/)
      assert.match((await destroy(...lin)).err, /APPROVAL_MISSING/)
      assert.match((await destroy(...lin, ...lin)).err, /APPROVAL_TWICE/)
      assert.match((await destroy(...lin, ...(await sign('zhao.min', 'c.jws')))).err, /APPROVAL_UNKNOWN_KEY/)
      assert.match((await destroy(...lin, ...(await sign('chen.yu', 'd.jws', 'e2')))).err, /APPROVAL_BUNDLE/)
      assert.deepEqual(
        (await shown(run)).epochs.map((e) => e.state),
        ['active', 'active'],
      )

      const before = (await shown(run)).fingerprint
      const done = await destroy(...lin, ...chen)
      assert.equal(done.code, 0, done.err)
      assert.deepEqual(
        (await shown(run)).epochs.map((e) => e.state),
        ['destroyed', 'active'],
      )
      const certificate = JSON.parse(await readFile(path('keys/ring.json.e1.destroyed.json'), 'utf8')) as Record<
        string,
        unknown
      >
      assert.deepEqual(certificate['by'], ['lin.wei', 'chen.yu'])
      assert.deepEqual(certificate['ring'], { before, after: (await shown(run)).fingerprint })
      // the ring they signed for is another one now
      assert.match((await run('destroy', 'e2', ...SECRET, ...lin, ...chen)).err, /last active/)
    }))

  it('seals the ring to two custodians: both open it, one does not', () =>
    inFolder(async (run, path) => {
      const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 })
      const weak = generateKeyPairSync('rsa', { modulusLength: 2048 })
      const third = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      for (const [name, pair] of Object.entries({ ec, rsa, weak, third })) {
        await writeFile(path(`${name}.pem`), pair.publicKey.export({ format: 'pem', type: 'spki' }))
        await writeFile(path(`${name}.key`), pair.privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
      }
      assert.match((await run('list', ...SECRET)).err, /no escrow/)
      assert.match((await run('escrow', ...SECRET, '--to', 'ec.pem', 'weak.pem')).err, /3072/)
      assert.match((await run('escrow', ...SECRET, '--to', 'ec.pem', 'ec.pem')).err, /two custodians/)
      assert.equal((await run('escrow', ...SECRET, '--to', 'ec.pem')).code, 2)
      const sealed = await run('escrow', ...SECRET, '--to', 'ec.pem', 'rsa.pem')
      assert.equal(sealed.code, 0, sealed.err)
      assert.equal((await run('list', ...SECRET)).err, '')

      const from = ['--from', 'keys/ring.json.escrow.json', '--file', 'keys/again.json', '--secret-file', 'other']
      assert.match((await run('recover', ...from, '--with', 'ec.key', 'third.key')).err, /both custodians/)
      assert.match((await run('recover', ...from, '--with', 'ec.key', 'ec.key')).err, /both custodians/)
      const text = await readFile(path('keys/ring.json.escrow.json'), 'utf8')
      await writeFile(
        path('altered.json'),
        text.replace(/"data": "(.)/, (_all, c: string) => `"data": "${c === 'A' ? 'B' : 'A'}`),
      )
      const altered = ['--from', 'altered.json', '--file', 'keys/again.json', '--secret-file', 'other']
      assert.match((await run('recover', ...altered, '--with', 'rsa.key', 'ec.key')).err, /altered/)
      const opened = await run('recover', ...from, '--with', 'rsa.key', 'ec.key')
      assert.equal(opened.code, 0, opened.err)
      const again = await run('list', '--file', 'keys/again.json', '--secret-file', 'other', '--json')
      assert.equal((JSON.parse(again.out) as Shown).fingerprint, (await shown(run)).fingerprint)
      await run('rotate', ...SECRET)
      assert.match((await run('list', ...SECRET)).err, /no escrow/, 'it is older than the newest epoch')
    }))

  it('makes keys of approvers that nobody else can read', () =>
    inFolder(async (run, path) => {
      const made = await run('approver', '--as', 'lin.wei', '--out', 'lin.pem', '--passphrase-file', 'secret', '--json')
      const { id, x, y } = JSON.parse(made.out) as Record<string, string>
      assert.equal(id, 'lin.wei')
      assert.match(`${x} ${y}`, /^[\w-]{43} [\w-]{43}$/)
      assert.equal((await stat(path('lin.pem'))).mode & 0o777, 0o600)
      assert.match(await readFile(path('lin.pem'), 'utf8'), /ENCRYPTED/)
      assert.equal((await run('approver', '--as', 'lin.wei', '--out', 'lin.pem')).code, 1)
      assert.equal((await run('approver', '--as', 'Lin Wei', '--out', 'new.pem')).code, 1)
      assert.equal((await run('approver', '--as', 'lin.wei')).code, 2)
    }))
})
