import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { match, templateNames, upstreamPath } from '../../src/access/directory.ts'
import type { Match } from '../../src/access/model.ts'
import { readTarget } from '../../src/access/path.ts'
import { overlap, templateSegments } from '../../src/access/routes.ts'
import { directoryOf } from '../fixtures/directory.ts'

const directory = directoryOf()
function look(method: string, raw: string): Match {
  const target = readTarget(raw)
  assert.ok(target.ok, raw)
  return match(directory, method, target.value)
}
const idOf = (m: Match): string => (m.kind === 'entry' ? m.entry.id : m.code)

describe('matching method and canonical path', () => {
  it('finds the entry and its parameters, decoded', () => {
    const m = look('GET', '/teaching/inpatients/%E5%BC%A0-1')
    assert.ok(m.kind === 'entry')
    assert.equal(m.entry.id, 'his.record')
    assert.equal(m.params.no, '张-1')
    assert.equal(upstreamPath(m.entry, m.params), '/api/%E5%BC%A0-1')
  })
  it('prefers a literal segment', () => assert.equal(idOf(look('GET', '/teaching/inpatients/summary')), 'his.summary'))
  it('goes back to the parameter when the literal leads nowhere', () => {
    const yaml = `provider: teaching
upstream: { base: "http://127.0.0.1:1" }
entries:
  a: { zh: 甲, status: published, call: GET /t/b/d, format: json, roles: [doctor] }
  b: { zh: 乙, status: published, call: "GET /t/{x}/c", format: json, roles: [doctor] }
  c: { zh: 丙, status: published, call: "DELETE /t/{x}/d", format: json, roles: [doctor] }
`
    const other = directoryOf({ 'interfaces/teaching.yaml': yaml })
    const of = (method: string, path: string): string => {
      const target = readTarget(path)
      assert.ok(target.ok)
      return idOf(match(other, method, target.value))
    }
    assert.deepEqual(
      [of('GET', '/t/b/d'), of('GET', '/t/b/c'), of('DELETE', '/t/b/d'), of('GET', '/t/z/d')],
      ['a', 'b', 'c', 'METHOD_NOT_ALLOWED'],
    )
  })
  it('treats HEAD as GET and nothing else as anything (X18)', () => {
    assert.equal(idOf(look('HEAD', '/teaching/inpatients/1')), 'his.record')
    for (const method of ['OPTIONS', 'TRACE', 'get', 'PROPFIND', 'constructor'])
      assert.deepEqual(look(method, '/teaching/labs'), {
        kind: 'miss',
        code: 'METHOD_NOT_ALLOWED',
        provider: 'teaching',
        allow: ['GET', 'HEAD', 'POST'],
      })
  })
  it('names the owner of a missed path, or nobody', () => {
    assert.deepEqual(look('GET', '/teaching/nowhere'), {
      kind: 'miss',
      code: 'INTERFACE_NOT_FOUND',
      provider: 'teaching',
      allow: [],
    })
    for (const path of ['/', '/nowhere', '/Teaching/labs', '/__proto__/x', '/constructor'])
      assert.deepEqual(
        look('GET', path),
        { kind: 'miss', code: 'INTERFACE_NOT_FOUND', provider: null, allow: [] },
        path,
      )
  })
  it('does not know drafts', () => assert.equal(idOf(look('GET', '/teaching/draft')), 'INTERFACE_NOT_FOUND'))
  it('keeps parameters named like object members apart', () =>
    assert.deepEqual(templateNames('/a/{constructor}/{x}'), ['constructor', 'x']))
})

describe('overlap of templates', () => {
  const of = (a: string, b: string): string => overlap(templateSegments(a), templateSegments(b))
  it('is decided segment by segment', () => {
    assert.equal(of('/a/{x}', '/a/b'), 'second-beats')
    assert.equal(of('/a/b', '/a/{x}'), 'first-beats')
    assert.equal(of('/a/{x}', '/a/{y}'), 'ambiguous')
    assert.equal(of('/a/{x}/c', '/a/b/{y}'), 'ambiguous')
    assert.equal(of('/a/{x}/c', '/a/b/d'), 'none')
    assert.equal(of('/a/b', '/a/b/c'), 'none')
  })

  it('no path has two matches when no two templates are ambiguous', () => {
    const parts = ['a', 'b', '{x}']
    const templates = parts.flatMap((p) => parts.flatMap((q) => parts.map((r) => `/${p}/${q}/${r}`)))
    const fits = (t: string, path: string): boolean =>
      templateSegments(t).every((s, i) => s === null || s === path.slice(1).split('/')[i])
    for (const s of templates)
      for (const t of templates) {
        const both = [
          '/a/a/a',
          '/a/a/b',
          '/a/b/a',
          '/b/a/a',
          '/b/b/b',
          '/c/c/c',
          '/a/c/b',
          '/c/a/b',
          '/c/b/a',
          '/b/a/b',
          '/a/b/b',
          '/b/b/a',
        ].filter((p) => fits(s, p) && fits(t, p))
        if (overlap(templateSegments(s), templateSegments(t)) === 'none') assert.deepEqual(both, [], `${s} ${t}`)
      }
  })
})
