// biome-ignore-all lint/suspicious/noTemplateCurlyInString: source text under test
/** Every rule of the house can fail: a good small tree passes it, a bad one is named. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  checkCycles,
  checkDoors,
  checkFloors,
  checkLists,
  checkNames,
  checkNever,
  checkPurity,
  checkSizes,
  checkTwins,
} from './checks.ts'
import type { SourceFile } from './tree.ts'

const file = (path: string, text: string): SourceFile => ({ path, text })

const FLOORS = [
  { folder: 'src/base', 'may import': '–', 'may touch the world': 'no' },
  { folder: 'src/mask, src/access', 'may import': 'src/base', 'may touch the world': 'no' },
  { folder: 'src/ports', 'may import': 'types of src/base', 'may touch the world': 'no' },
  { folder: 'src/gateway', 'may import': 'src/base, src/mask, src/ports', 'may touch the world': 'socket' },
  { folder: 'src/cli', 'may import': 'all', 'may touch the world': 'yes' },
]

describe('checkFloors', () => {
  it('passes imports downwards and inside a folder', () => {
    const good = [
      file('src/mask/a.ts', "import { b } from '../base/b.ts'\nimport { c } from './deep/c.ts'"),
      file('src/mask/deep/c.ts', "import { a } from '../a.ts'"),
      file('src/ports/p.ts', "import type { b } from '../base/b.ts'"),
      file('src/cli/x.ts', "await import('../gateway/road.ts')"),
    ]
    assert.deepEqual(checkFloors(good, FLOORS), [])
  })

  const bad: readonly (readonly [string, string, string])[] = [
    ['upwards', 'src/base/b.ts', "import { a } from '../mask/a.ts'"],
    ['a sibling', 'src/mask/a.ts', "import { a } from '../access/a.ts'"],
    ['a sibling for its types', 'src/mask/a.ts', "import type { A } from '../access/a.ts'"],
    ['a sibling by re-export', 'src/mask/a.ts', "export * from '../access/a.ts'"],
    ['a sibling at run time', 'src/mask/a.ts', "const a = await import('../access/a.ts')"],
    ['a sibling over several lines', 'src/mask/a.ts', "import {\n  a,\n  b,\n} from '../access/a.ts'"],
    ['a value where types are admitted', 'src/ports/p.ts', "import { b } from '../base/b.ts'"],
    ['a computed name', 'src/cli/x.ts', 'await import(name)'],
    ['outside the house', 'src/mask/a.ts', "import { b } from '../../test/b.ts'"],
    ['from no floor', 'src/attic/a.ts', 'export const a = 1'],
  ]
  for (const [what, path, text] of bad) {
    it(`refuses ${what}`, () => assert.equal(checkFloors([file(path, text)], FLOORS).length, 1))
  }
})

describe('checkPurity', () => {
  const bad: readonly string[] = [
    'const t = Date.now()',
    'const t = new Date()',
    'const n = Math.random()',
    "console.log('x')",
    "const e = process.env['X']",
    "await fetch('x')",
    'setTimeout(f, 1)',
    'const t = performance.now()',
    'const b = randomBytes(8)',
    'const g = globalThis',
    "import crypto from 'node:crypto'",
    "import * as crypto from 'node:crypto'",
    "import { createHash, randomBytes as b } from 'node:crypto'",
    "import { webcrypto } from 'node:crypto'",
    "import fs from 'node:fs'",
    "import { readFile } from 'node:fs/promises'",
    "import http from 'node:http'",
    "import net from 'net'",
    "await import('node:worker_threads')",
    '`${Date.now()}`',
  ]
  for (const text of bad) {
    it(`hears ${text}`, () => assert.equal(checkPurity([file('src/mask/a.ts', text)], FLOORS).length, 1))
  }

  it('is deaf to comments, strings, own names and types', () => {
    const good = [
      '// Date.now()',
      "const a = 'Math.random()'",
      'const b = `console.log`',
      'const c = /process.exit/',
      'const d = new Date(millis)',
      'const e = clock.fetch()',
      'const f = post_process(x)',
      "import type { Socket } from 'node:net'",
      "import { createHash, type webcrypto } from 'node:crypto'",
      'const r = crypto.getRandomValues(bytes)',
    ].join('\n')
    assert.deepEqual(checkPurity([file('src/mask/a.ts', good)], FLOORS), [])
  })

  it('lets the road speak HTTP and nothing else', () => {
    assert.deepEqual(checkPurity([file('src/gateway/l.ts', "import https from 'node:https'")], FLOORS), [])
    assert.equal(checkPurity([file('src/gateway/l.ts', "import fs from 'node:fs'")], FLOORS).length, 1)
  })

  it('lets the top floor do its job', () => {
    assert.deepEqual(checkPurity([file('src/cli/x.ts', "import fs from 'node:fs'\nprocess.exit(1)")], FLOORS), [])
  })
})

describe('checkDoors', () => {
  const doors = [
    { package: 'ajv', door: 'base/schema' },
    { package: '@peculiar/x509', door: 'pki/issue, pki/crl/' },
  ]
  const good = [
    file('src/base/schema.ts', "import Ajv from 'ajv/dist/2020.js'"),
    file('src/pki/issue.ts', "import { X } from '@peculiar/x509'"),
    file('src/pki/crl/list.ts', "import type { Y } from '@peculiar/x509'"),
  ]
  const installed = ['ajv', '@peculiar/x509']

  it('passes a package at its doors', () => assert.deepEqual(checkDoors(good, doors, installed), []))
  it('refuses another place', () => {
    const bad = [...good, file('src/mask/a.ts', "import type Ajv from 'ajv'")]
    assert.deepEqual(checkDoors(bad, doors, installed), ['src/mask/a.ts:1: is no door of ajv'])
  })
  it('refuses a package without a row', () => {
    const bad = [...good, file('src/mask/a.ts', "import _ from 'lodash'")]
    assert.equal(checkDoors(bad, doors, [...installed, 'lodash']).length, 2)
  })
  it('refuses a row that is not installed', () => assert.equal(checkDoors(good, doors, ['ajv']).length, 1))
  it('refuses a door nobody uses', () => assert.equal(checkDoors(good.slice(0, 2), doors, installed).length, 1))
})

describe('checkCycles', () => {
  const a = file('src/a.ts', "import { b } from './b.ts'")
  const b = file('src/b.ts', "import { c } from './c.ts'")
  it('passes a line', () => assert.deepEqual(checkCycles([a, b, file('src/c.ts', '')]), []))
  it('names a circle once', () => {
    const c = file('src/c.ts', "import { a } from './a.ts'")
    assert.deepEqual(checkCycles([c, b, a]), ['src/a.ts -> src/b.ts -> src/c.ts'])
  })
  it('sees a file that imports itself', () => {
    assert.equal(checkCycles([file('src/a.ts', "import { a } from './a.ts'")]).length, 1)
  })
  it('counts types only when asked', () => {
    const c = file('src/c.ts', "import type { A } from './a.ts'")
    assert.deepEqual(checkCycles([a, b, c], true), [])
    assert.equal(checkCycles([a, b, c]).length, 1)
  })
})

describe('checkLists', () => {
  const lists = [{ folder: 'src/t', list: 'src/t/index.ts', 'besides parts': 'transform' }]
  const index = file('src/t/index.ts', "import { keep } from './keep.ts'")
  const good = [index, file('src/t/keep.ts', ''), file('src/t/transform.ts', '')]
  it('passes a complete list', () => assert.deepEqual(checkLists(good, lists), []))
  it('names a part that was forgotten', () => {
    assert.deepEqual(checkLists([...good, file('src/t/drop.ts', '')], lists), [
      'src/t/drop.ts: is not in src/t/index.ts',
    ])
  })
  it('names a list that is missing', () => assert.equal(checkLists(good.slice(1), lists).length, 1))
})

describe('checkSizes', () => {
  const long = `function f() {\n${'  g()\n'.repeat(51)}}\n`
  it('passes short files', () => assert.deepEqual(checkSizes([file('src/a.ts', 'const a = 1\n')], [], 110), []))
  it('refuses a long file', () => {
    assert.equal(checkSizes([file('src/a.ts', 'a\n'.repeat(401))], [], 1000).length, 1)
  })
  it('refuses a high median', () => assert.equal(checkSizes([file('src/a.ts', 'a\n'.repeat(120))], [], 110).length, 1))
  it('refuses a long function', () => assert.equal(checkSizes([file('src/a.ts', long)], [], 110).length, 1))
  it('admits a long function with a reason', () => {
    const row = { file: 'src/a.ts', function: 'f', reason: 'one scanner loop' }
    assert.deepEqual(checkSizes([file('src/a.ts', long)], [row], 110), [])
    assert.equal(checkSizes([file('src/a.ts', long)], [{ ...row, reason: '' }], 110).length, 2)
  })
  it('refuses a reason nobody needs', () => {
    const row = { file: 'src/a.ts', function: 'f', reason: 'x' }
    assert.equal(checkSizes([file('src/a.ts', 'a\n')], [row], 110).length, 1)
  })
})

describe('checkTwins', () => {
  const logic = file('src/a.ts', 'export function a() {\n  return 1\n}')
  const twin = file('test/a.test.ts', "import { a } from '../src/a.ts'")
  const row = { file: 'src/a.ts', 'held by': 'test/a.test.ts', why: 'through the door' }
  it('passes a file with a twin', () => assert.deepEqual(checkTwins([logic], [twin], []), []))
  it('asks nothing of types', () => {
    assert.deepEqual(checkTwins([file('src/t.ts', 'export interface T { readonly a: (b: 1) => 1 }')], [], []), [])
  })
  it('names a file without', () => assert.equal(checkTwins([logic], [], []).length, 1))
  it('accepts a row whose test reaches the file', () => {
    const door = file('src/index.ts', "export { a } from './a.ts'")
    const other = file('test/a.test.ts', "import { a } from '../src/index.ts'")
    assert.deepEqual(checkTwins([logic, door], [other], [row]), [])
    assert.equal(checkTwins([logic, door], [], [row]).length, 1)
    assert.equal(checkTwins([logic, door], [file('test/a.test.ts', '')], [row]).length, 1)
    assert.equal(checkTwins([logic, door], [other], [{ ...row, why: '' }]).length, 1)
  })
  it('refuses a row nobody needs', () => assert.equal(checkTwins([logic], [twin], [row]).length, 1))
})

describe('checkNever', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['src/a.ts', `// ${'TO' + 'DO'}: later`],
    ['src/a.ts', `const at = '/${'ro' + 'ot'}/x'`],
    ['docs/a.md', `see /${'wo' + 'rk'}/main`],
    ['src/a.ts', `-----BEGIN ${'PRIV' + 'ATE'} KEY-----\nMIGHAgEAMBMGByqGSM49AgEG`],
    ['test/a.test.ts', `it.on${'ly'}('x', f)`],
    ['test/a.test.ts', `describe.sk${'ip'}('x', f)`],
  ]
  for (const [path, text] of bad) it(`finds ${text}`, () => assert.equal(checkNever([file(path, text)]).length, 1))
  it('passes ordinary text', () => {
    const text = "const framework = 'https://example.org/home/x'\ntest('x', { skip: reason }, f)"
    assert.deepEqual(checkNever([file('test/a.test.ts', text)]), [])
  })
})

describe('checkNames', () => {
  it('passes a word that says something', () => assert.deepEqual(checkNames([file('src/mask/age-band.ts', '')]), []))
  it('refuses one that does not', () => assert.equal(checkNames([file('src/mask/string-utils.ts', '')]).length, 1))
  it('refuses other spelling', () => assert.equal(checkNames([file('src/mask/ageBand.ts', '')]).length, 1))
})
