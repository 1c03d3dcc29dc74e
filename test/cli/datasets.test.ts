/** Methods with keys and maps as their user runs them: mask, then datasets and reveal. */
import assert from 'node:assert/strict'
import { cp, writeFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { veilgate } from '../fixtures/command.ts'
import { withFiles } from '../fixtures/tools.ts'

const RULES = fileURLToPath(new URL('../../rules/', import.meta.url))
const POLICY = `policy: study
basis: 委员会〔2026〕12号
owner: security
review: 2027-03-31
for: { roles: [analyst] }
elements:
  inpatient-no: { method: random-id, dataset: this-project }
  resident-id: { method: encrypt, cipher: sm4 }
  birth-date: { method: date-shift, days: 30 }
  person-name: { method: hash, algorithm: sm3 }
undecided: drop
unknown: drop
`
const ROW = JSON.stringify({ brxm: '张三', zyh: 'ZY20260001', sfzh: '500103199003070025', csrq: '1990-03-07' })
const SECRET = 'a secret of some length'
const RING = ['--keys', 'keys/ring.json', '--secret-file', 'secret']

const CONFIG = `node: test
rules: { approvers: [PEOPLE] }
keyring: { file: keys/ring.json, secret: { file: secret } }
data: { port: 0, address: 127.0.0.1, cert: c.pem, key: { file: k.pem }, client-ca: ca.pem, crls: [c.crl] }
tokens: { audience: a, issuers: [{ issuer: "https://issuer.example", keys: jwks.json }] }
operations: { port: 0 }
log: { file: veilgate.log }
`

async function workspace(
  run: (
    cli: (args: string[]) => Promise<{ code: number; out: string; err: string }>,
    write: (name: string, text: string) => Promise<void>,
  ) => Promise<void>,
) {
  await withFiles({ secret: SECRET, 'row.json': ROW, 'study.yaml': POLICY }, async (path) => {
    const cwd = path('.')
    const cli = async (args: string[]) => {
      const { code, out, err, bytes } = await veilgate(args, { cwd })
      return { code, out: out + bytes.toString(), err }
    }
    await cp(`${RULES}elements.yaml`, path('rules/elements.yaml'))
    await cp(`${RULES}bindings`, path('rules/bindings'), { recursive: true })
    await cp(path('study.yaml'), path('rules/policies/study.yaml'))
    assert.equal((await cli(['keys', 'init', '--secret-file', 'secret'])).code, 0)
    await run(cli, (name, text) => writeFile(path(name), text, { mode: 0o600 }))
  })
}

describe('veilgate mask, datasets, reveal', () => {
  it('the road there and the only ways back', async () => {
    await workspace(async (cli, write) => {
      const mask = () =>
        cli([
          'mask',
          '--role',
          'analyst',
          '--institution',
          'university',
          '--project',
          'p1',
          '--rules',
          'rules',
          '--datasets',
          'd.sqlite',
          ...RING,
          'row.json',
        ])
      const first = await mask()
      assert.equal(first.code, 0, first.err)
      const row = JSON.parse(first.out) as Record<string, string>
      assert.match(row['zyh']!, /^R[A-Z2-7]{19}$/)
      assert.match(row['sfzh']!, /^E2\.e1\./)
      assert.match(row['brxm']!, /^[0-9a-f]{64}$/)
      assert.match(row['csrq']!, /^(?:1989|1990)-\d{2}-\d{2}$/)
      assert.notEqual(row['csrq'], '1990-03-07')
      const second = await mask()
      assert.equal(second.code, 0, second.err)
      const again = JSON.parse(second.out) as Record<string, string>
      assert.equal(again['zyh'], row['zyh'])
      assert.notEqual(again['sfzh'], row['sfzh'])

      const map = ['--map', 'd.sqlite', ...RING]
      const of = ['--institution', 'university', '--dataset', 'p1']
      assert.match((await cli(['datasets', 'list', ...map])).out, /^university +p1 +1 since /)
      assert.equal((await cli(['datasets', 'find', ...of, ...map, row['zyh']!])).out, 'ZY20260001\n')
      const opened = await cli([
        'reveal',
        '--element',
        'resident-id',
        '--institution',
        'university',
        ...RING,
        row['sfzh']!,
      ])
      assert.equal(opened.out, '500103199003070025\n', opened.err)
      for (const wrong of [
        ['--element', 'mobile', '--institution', 'university'],
        ['--element', 'resident-id', '--institution', 'insurer'],
      ]) {
        const refused = await cli(['reveal', ...wrong, ...RING, row['sfzh']!])
        assert.equal(refused.code, 1)
        assert.equal(refused.out, '')
      }

      const people: string[] = []
      for (const id of ['chen', 'wang']) {
        const made = await cli(['keys', 'approver', '--as', id, '--out', `${id}.pem`, '--json'])
        assert.equal(made.code, 0, made.err)
        const { x, y } = JSON.parse(made.out) as { x: string; y: string }
        people.push(`{ id: ${id}, x: ${x}, y: ${y} }`)
      }
      await write('veilgate.yaml', CONFIG.replace('PEOPLE', people.join(', ')))
      const destroy = (...more: string[]) => cli(['datasets', 'destroy', ...of, ...map, ...more])
      for (const id of ['chen', 'wang']) {
        const signed = await destroy('--sign', '--key', `${id}.pem`, '--as', id, '--why', 'the study is over')
        assert.equal(signed.code, 0, signed.err)
        await write(`${id}.jws`, signed.out)
      }
      for (const few of [[], ['chen.jws'], ['chen.jws', 'chen.jws']]) {
        const refused = await destroy(...few.flatMap((file) => ['--statement', file]))
        assert.equal(refused.code, 1, refused.out)
      }
      const other = await cli([
        'datasets',
        'destroy',
        '--institution',
        'university',
        '--dataset',
        'p2',
        ...map,
        '--statement',
        'chen.jws',
        '--statement',
        'wang.jws',
      ])
      assert.equal(other.code, 1, 'another dataset')
      const gone = await destroy('--statement', 'chen.jws', '--statement', 'wang.jws')
      assert.equal(gone.code, 0, gone.err + gone.out)
      assert.equal((JSON.parse(gone.out) as { entries: number }).entries, 1)
      assert.equal((await cli(['datasets', 'certificates', ...map])).out, gone.out)
      const after = await mask()
      assert.equal(after.code, 1)
      assert.equal(after.out, '')
      assert.match(after.err, /DATASET_DESTROYED/)
      assert.equal((await cli(['datasets', 'find', ...of, ...map, row['zyh']!])).code, 1)
    })
  })
})
