import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeSegment, isSegment, MAX_TARGET, readPath, readTarget } from '../../src/access/path.ts'
import { percentDecode } from '../../src/access/percent.ts'

describe('X15: one canonical decode of the path', () => {
  const refused: readonly [string, string][] = [
    ['dot segments', '/api/../admin'],
    ['a single dot', '/api/./x'],
    ['three dots', '/api/.../x'],
    ['encoded dots', '/api/%2e%2e/admin'],
    ['half encoded dots', '/api/.%2E/admin'],
    ['double encoding of dots', '/api/%252e%252e/admin'],
    ['any encoded percent', '/api/100%25'],
    ['dots behind a path parameter', '/api/..;/admin'],
    ['a path parameter', '/api/x;jsessionid=1'],
    ['an encoded semicolon', '/api/x%3Bjsessionid=1'],
    ['a backslash', '/api\\admin'],
    ['an encoded backslash', '/api%5Cadmin'],
    ['an encoded backslash in lower case', '/api%5cadmin'],
    ['an empty segment', '/api//admin'],
    ['an empty first segment', '//api/admin'],
    ['a trailing slash', '/api/admin/'],
    ['a trailing dot', '/api/admin.'],
    ['an encoded trailing dot', '/api/admin%2E'],
    ['a trailing blank', '/api/admin%20'],
    ['a leading blank', '/api/%20admin'],
    ['a no-break blank at the end', '/api/admin%C2%A0'],
    ['an encoded slash in an id', '/api/a%2Fb'],
    ['an encoded slash in lower case', '/api/a%2fb'],
    ['a zero byte', '/api/x%00'],
    ['a line break', '/api/x%0d%0aSet-Cookie:a'],
    ['a C1 control', '/api/x%C2%85'],
    ['delete', '/api/x%7F'],
    ['an encoded question mark', '/api/x%3Fa=1'],
    ['an encoded number sign', '/api/x%23a'],
    ['a fragment', '/api/x#a'],
    ['overlong UTF-8 of a slash', '/api/%C0%AF'],
    ['overlong UTF-8 of a dot', '/api/%E0%80%AE'],
    ['a lone continuation byte', '/api/%80'],
    ['a truncated sequence', '/api/%E5%BC'],
    ['an encoded surrogate', '/api/%ED%A0%80'],
    ['a code point over U+10FFFF', '/api/%F4%90%80%80'],
    ['a full-width slash', `/api/${encodeURIComponent('a／b')}`],
    ['full-width dots', `/api/${encodeURIComponent('．．')}`],
    ['a full-width digit', `/api/${encodeURIComponent('１')}`],
    ['a decomposed letter', `/api/${encodeURIComponent('e\u0301')}`],
    ['a zero-width blank', `/api/${encodeURIComponent('a\u200bb')}`],
    ['a byte order mark', '/api/%EF%BB%BFa'],
    ['a bidirectional override', `/api/${encodeURIComponent('a\u202eb')}`],
    ['an incomplete escape', '/api/%4'],
    ['a broken escape', '/api/%zz'],
    ['a lone percent', '/api/%'],
    ['a raw byte above ASCII', '/api/\u00e5\u00bc\u00a0'],
    ['a raw blank', '/api/a b'],
    ['a raw control', '/api/a\u0001'],
    ['characters outside RFC 3986', '/api/{x}'],
    ['a quote', '/api/"x'],
    ['absolute form', 'http://other/api/x'],
    ['absolute form with another case', 'HTTPS://other/'],
    ['authority form', 'other:443'],
    ['asterisk form', '*'],
    ['nothing', ''],
    ['a path without its slash', 'api/x'],
    ['too many segments', `/${'a/'.repeat(40)}a`],
  ]
  for (const [what, raw] of refused)
    it(`refuses ${what}`, () => assert.deepEqual(readTarget(raw), { ok: false, code: 'BAD_PATH_ENCODING' }))

  it('refuses a target over the limit before anything else', () => {
    assert.deepEqual(readTarget(`/${'a'.repeat(MAX_TARGET)}`), { ok: false, code: 'URI_TOO_LONG' })
    assert.equal(readTarget(`/${'a'.repeat(MAX_TARGET - 1)}`).ok, true)
  })

  it('gives every admitted spelling of one path the same canonical form', () => {
    const forms = ['/teaching/%E5%BC%A0', '/teaching/%e5%bc%a0', '/%74eaching/%e5%BC%A0', '/t%65aching/%E5%bc%a0']
    for (const raw of forms) {
      assert.equal(readPath(raw)?.path, '/teaching/%E5%BC%A0')
      assert.deepEqual(readPath(raw)?.segments, ['teaching', '张'])
    }
  })

  it('keeps case, since paths are case-sensitive', () => {
    assert.equal(readPath('/API/x')?.path, '/API/x')
    assert.notEqual(readPath('/API/x')?.path, readPath('/api/x')?.path)
  })

  it('keeps what real ids and FHIR paths use', () => {
    for (const path of [
      '/',
      '/a',
      '/fhir/Patient/a-1.b_2~',
      '/fhir/Patient/$everything',
      '/a/x@y:z,(1)',
      '/a/.well-known',
    ])
      assert.equal(readPath(path)?.path, path)
    assert.deepEqual(readPath('/a/b%20c')?.segments, ['a', 'b c'])
  })

  it('spells a plus so that no server reads a blank', () => {
    assert.equal(readPath('/a/b+c')?.path, '/a/b%2Bc')
    assert.deepEqual(readPath('/a/b+c')?.segments, ['a', 'b+c'])
  })
})

describe('properties of canonical paths', () => {
  it('canonical(canonical(x)) = canonical(x), and decoding gives the same segments', () => {
    let admitted = 0
    for (let seed = 1; seed <= 20_000; seed++) {
      const raw = randomPath(seed)
      const once = readPath(raw)
      if (once === null) continue
      admitted++
      assert.deepEqual(readPath(once.path), once, raw)
      assert.equal(`/${once.segments.map(encodeSegment).join('/')}`, once.path)
      assert.match(once.path, /^(?:\/(?:[A-Za-z0-9._~!$&'()*,=:@-]|%[0-9A-F]{2})+)+$/)
      assert.equal(once.segments.every(isSegment), true)
      const decoded = percentDecode(once.path).toString('utf8')
      assert.equal(/\\|;|\/\.{1,2}(?:\/|$)|\/\//.test(decoded), false, raw)
      assert.equal(decoded.split('/').length - 1, once.segments.length)
    }
    assert.ok(admitted > 2000, `only ${admitted} admitted`)
  })
})

/** A path made of pieces that are likely to collide; the same seed gives the same path. */
function randomPath(seed: number): string {
  let state = seed * 2654435761
  const next = (n: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 374761393) >>> 0
    return state % n
  }
  const pieces = [
    'a',
    'B',
    '9',
    '.',
    '-',
    '~',
    '%41',
    '%61',
    '%2e',
    '%2E',
    '%5C',
    '%e5%bc%a0',
    '%E5%BC%A0',
    '+',
    '%2B',
    '$',
    '%24',
    ':',
    '%20',
    ';',
    '%25',
    '%2f',
    '(',
    '%28',
    '%C3%A9',
    'e%CC%81',
    '%F0%9F%98%80',
  ]
  let out = ''
  for (let i = 0; i <= next(3); i++) {
    out += '/'
    for (let j = 0; j <= next(4); j++) out += next(5) > 0 ? pieces[next(8)] : pieces[next(pieces.length)]
  }
  return out
}
