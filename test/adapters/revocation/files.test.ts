import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { before, describe, it } from 'node:test'
import { FileRevocationSource } from '../../../src/adapters/revocation/files.ts'
import type { Consortium } from '../../../src/pki/consortium.ts'
import { authorityId, readCertificates, serialOf } from '../../../src/pki/peer.ts'
import { consortium, mint } from '../../fixtures/consortium.ts'
import { withFiles } from '../../fixtures/tools.ts'

let c: Consortium
before(async () => {
  c = await consortium()
})
const minutes = (n: number): Date => new Date(Date.now() + n * 60_000)

describe('the revocation source of files', () => {
  it('verifies, keeps the newest list of each authority, and never takes a revocation back', async () => {
    const authorities = readCertificates(c.ca)
    const issuingId = authorityId(authorities[1]!)
    const serial = serialOf(c.clients.get('county')!.serial)
    const [root, clean] = await c.crls({ now: minutes(-10) })
    await withFiles({ 'root.pem': root, 'issuing.pem': clean }, async (path) => {
      const problems: string[] = []
      const source = new FileRevocationSource({
        files: [path('root.pem'), path('issuing.pem')],
        authorities: () => authorities,
        now: Date.now,
        onProblem: (_, problem) => problems.push(problem),
      })
      const listed = (): boolean | undefined => source.current().get(issuingId)?.serials.has(serial)
      assert.equal(source.current().size, 0)
      assert.equal(await source.reload(), true)
      assert.equal(source.current().size, 2)
      assert.equal(listed(), false)

      await writeFile(path('issuing.pem'), (await c.crls({ revoked: ['county'], now: minutes(-5) }))[1])
      const before = source.current()
      assert.equal(await source.reload(), true)
      assert.notEqual(source.current(), before)
      assert.equal(listed(), true)

      const foreign = (await (await mint({ institutions: ['x'] })).crls())[1]
      const ahead = (await c.crls({ now: minutes(60) }))[1]
      for (const [text, problem] of [
        [clean, null],
        [foreign, 'signature'],
        ['junk', 'syntax'],
        [ahead, 'not-yet-valid'],
      ] as const) {
        problems.length = 0
        await writeFile(path('issuing.pem'), text)
        assert.equal(await source.reload(), false)
        assert.equal(listed(), true)
        assert.deepEqual(problems, problem === null ? [] : [problem])
      }
    })
  })
  it('takes a list of the same second that revokes more: the second must not decide', async () => {
    const authorities = readCertificates(c.ca)
    const at = minutes(-5)
    await withFiles({ 'issuing.pem': (await c.crls({ now: at }))[1] }, async (path) => {
      const source = new FileRevocationSource({
        files: [path('issuing.pem')],
        authorities: () => authorities,
        now: Date.now,
        onProblem: (_, problem) => assert.fail(problem),
      })
      const listed = (id: string) =>
        source
          .current()
          .get(authorityId(authorities[1]!))
          ?.serials.has(serialOf(c.clients.get(id)!.serial))
      await source.reload()
      for (const id of ['county', 'research']) {
        await writeFile(path('issuing.pem'), (await c.crls({ revoked: [id], now: at }))[1])
        assert.equal(await source.reload(), true)
        assert.equal(await source.reload(), false)
      }
      assert.deepEqual([listed('county'), listed('research'), listed('teaching')], [true, true, false])
    })
  })
  it('tells a missing file', async () => {
    const problems: string[] = []
    const source = new FileRevocationSource({
      files: ['/nonexistent/a.crl'],
      authorities: () => [],
      now: Date.now,
      onProblem: (_, p) => problems.push(p),
    })
    assert.equal(await source.reload(), false)
    assert.deepEqual(problems, ['unreadable'])
  })
})
