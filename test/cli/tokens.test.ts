import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { veilgate } from '../fixtures/command.ts'
import { withFiles } from '../fixtures/tools.ts'

describe('veilgate tokens', () => {
  it('issues a bound token and says what is wrong with others', async () => {
    await withFiles({}, async (path) => {
      const cwd = path('.')
      await veilgate(['certs', 'init', 'certs'], { cwd })
      const certOf = async (name: string): Promise<string> =>
        (await veilgate(['certs', 'issue', '--name', name], { cwd })).out.split('\n')[0]!
      const [county, teaching] = [await certOf('county'), await certOf('teaching')]
      const issue = [
        'tokens',
        'issue',
        '--institution',
        'county',
        '--cert',
        county,
        '--role',
        'doctor',
        '--scope',
        'his.bill',
      ]
      const token = (await veilgate([...issue, '--scenario', 'treatment', '--project', 'p1'], { cwd })).out.trim()
      assert.equal((await stat(path('certs/token-issuer.key.json'))).mode & 0o777, 0o600)

      const inspect = (args: string[], stdin = token) => veilgate(['tokens', 'inspect', ...args], { cwd, stdin })
      const good = await inspect(['--cert', county, '--institution', 'county'])
      assert.deepEqual([good.code, good.out.endsWith('accepted\n')], [0, true])
      assert.match(good.out, /"project": "p1"/)
      assert.equal(good.out.includes(token.split('.')[2]!), false)
      for (const [args, code, stdin] of [
        [['--cert', teaching], 'TOKEN_CERT_MISMATCH', token],
        [['--institution', 'teaching'], 'TOKEN_INSTITUTION_MISMATCH', token],
        [['--audience', 'x'], 'TOKEN_AUDIENCE', token],
        [['--issuer', 'https://x'], 'TOKEN_ISSUER', token],
        [[], 'TOKEN_MALFORMED', 'nonsense'],
        [[], 'TOKEN_ALG_REJECTED', `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
      ] as const) {
        const bad = await inspect([...args], stdin)
        assert.deepEqual([bad.code, bad.out.split('\n').at(-2)], [1, `refused: ${code}`])
      }
      const second = (await veilgate(issue, { cwd })).out.trim()
      assert.equal((await inspect([], second)).code, 0)
    })
  })
  it('tells wrong usage and missing files', async () => {
    await withFiles({}, async (path) => {
      const cwd = path('.')
      for (const args of [[], ['x'], ['issue'], ['inspect', 'a', 'b']])
        assert.equal((await veilgate(['tokens', ...args], { cwd })).code, 2)
      assert.equal((await veilgate(['tokens', 'inspect', 'none'], { cwd })).code, 1)
      const args = ['tokens', 'issue', '--institution', 'a', '--cert', 'none.pem', '--role', 'r', '--scope', 's']
      assert.equal((await veilgate([...args, '--minutes', '61'], { cwd })).code, 2)
      assert.equal((await veilgate(args, { cwd })).code, 1)
    })
  })
})
