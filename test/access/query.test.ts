import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { QueryParameter } from '../../src/access/model.ts'
import { readTarget } from '../../src/access/path.ts'
import { checkQuery, readQuery, writeQuery } from '../../src/access/query.ts'

const codeOf = (raw: string): string => {
  const read = readQuery(raw)
  return read.ok ? 'ok' : read.code
}

describe('X19: parameters that could be read twice', () => {
  const cases: readonly [string, string][] = [
    ['id=1&id=2', 'DUPLICATE_PARAMETER'],
    ['id=1&%69d=2', 'DUPLICATE_PARAMETER'],
    ['id[]=1', 'DUPLICATE_PARAMETER'],
    ['id%5B%5D=1', 'DUPLICATE_PARAMETER'],
    ['id[name]=1', 'DUPLICATE_PARAMETER'],
    ['id=1%262', 'DUPLICATE_PARAMETER'],
    ['id=1%26id=2', 'DUPLICATE_PARAMETER'],
    ['id=1;id=2', 'DUPLICATE_PARAMETER'],
    ['id=1%3Bid=2', 'DUPLICATE_PARAMETER'],
    ['id=1%2526id=2', 'PARAMETER_SCHEMA'],
    ['id', 'PARAMETER_SCHEMA'],
    ['=1', 'PARAMETER_SCHEMA'],
    ['id=1&', 'PARAMETER_SCHEMA'],
    ['&id=1', 'PARAMETER_SCHEMA'],
    ['id=%00', 'PARAMETER_SCHEMA'],
    ['id=%0a', 'PARAMETER_SCHEMA'],
    ['id=%C0%AF', 'PARAMETER_SCHEMA'],
    ['id=%E2%80%8B', 'PARAMETER_SCHEMA'],
    ['id=%', 'PARAMETER_SCHEMA'],
    ['id="x"', 'PARAMETER_SCHEMA'],
    ['id=\u00e5', 'PARAMETER_SCHEMA'],
  ]
  for (const [raw, code] of cases) it(`${JSON.stringify(raw)} is ${code}`, () => assert.equal(codeOf(raw), code))

  it('is the same for every path, known or not', () => {
    for (const path of ['/', '/nowhere', '/teaching/labs'])
      assert.deepEqual(readTarget(`${path}?id=1&id=2`), { ok: false, code: 'DUPLICATE_PARAMETER' })
  })

  it('has a bound on the number of parameters', () => {
    const many = Array.from({ length: 65 }, (_, i) => `p${i}=1`).join('&')
    assert.equal(codeOf(many), 'PARAMETER_SCHEMA')
  })
})

describe('declared parameters', () => {
  const declared: readonly QueryParameter[] = [
    { name: 'zyh', required: true, pattern: '[A-Z0-9]{4,10}', element: null },
    { name: 'page', required: false, pattern: null, element: null },
  ]
  const check = (raw: string): string => {
    const read = readQuery(raw)
    assert.ok(read.ok)
    const result = checkQuery(declared, read.value)
    return result.ok ? 'ok' : result.code
  }
  it('are admitted with a fitting value', () => {
    assert.equal(check('zyh=ZY2026'), 'ok')
    assert.equal(check('page=1&zyh=ZY2026'), 'ok')
  })
  it('are held to the whole pattern, presence, and the list', () => {
    for (const raw of [
      '',
      'page=1',
      'zyh=zy',
      'zyh=ZY2026%0A',
      'zyh=xZY2026x',
      'zyh=ZY2026&x=1',
      'zyh=ZY2026&ZYH=1',
      'zyh=ZY2026&access_token=a',
    ])
      if (readQuery(raw).ok) assert.equal(check(raw), 'PARAMETER_SCHEMA', raw)
    assert.equal(check(`zyh=ZY2026&page=${'1'.repeat(257)}`), 'PARAMETER_SCHEMA')
  })
  it('take linear time for any pattern', () => {
    const evil: QueryParameter[] = [{ name: 'a', required: false, pattern: '(a+)+', element: null }]
    const began = process.hrtime.bigint()
    assert.equal(checkQuery(evil, new Map([['a', `${'a'.repeat(4000)}!`]])).ok, false)
    assert.ok(process.hrtime.bigint() - began < 1_000_000_000n)
  })
  it('have no inherited names', () => {
    const read = readQuery('__proto__=1&constructor=2')
    assert.ok(read.ok)
    assert.equal(read.value.get('__proto__'), '1')
    assert.equal(checkQuery(declared, read.value).ok, false)
  })
})

it('writes one canonical spelling that reads back to the same values', () => {
  const read = readQuery('name=%e5%bc%a0+%2B&code=a|b&date=ge2026-01-01T00:00:00%2B08:00&x=a=b')
  assert.ok(read.ok)
  const text = writeQuery(read.value)
  assert.equal(text, 'name=%E5%BC%A0%20%2B&code=a%7Cb&date=ge2026-01-01T00:00:00%2B08:00&x=a%3Db')
  const again = readQuery(text)
  assert.ok(again.ok)
  assert.deepEqual([...again.value], [...read.value])
  assert.equal(writeQuery(again.value), text)
})
