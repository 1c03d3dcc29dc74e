// biome-ignore-all lint/suspicious/noTemplateCurlyInString: source text under test
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { code, computedImports, functions, imports } from './source.ts'

describe('code', () => {
  it('keeps every place', () => {
    const text = "const a = 'x' // y\nconst b = `p${q}r` /* 姓 */ + /[/]\\//g.source"
    assert.equal(code(text).length, text.length)
    assert.equal(code(text).replaceAll(/ +/g, ' '), "const a = ' ' \nconst b = ` ${q} ` + / /g.source")
  })
  it('sees code in nested templates', () => {
    assert.match(code('`a${f(`b${g({ c })}d`)}e`'), /f\(`\s*\$\{g\(\{ c \}\)\}\s*`\)/)
  })
  it('does not take a division for a regular expression', () => {
    assert.equal(code('a / b / c'), 'a / b / c')
    assert.equal(code('f(x) / 2 // half').trimEnd(), 'f(x) / 2')
  })
  it('survives text beyond the basic plane', () => {
    const text = "const a = '𠮷' + b"
    assert.equal(code(text).length, text.length)
    assert.ok(code(text).endsWith('+ b'))
  })
})

describe('imports', () => {
  it('finds every form with its line', () => {
    const text = [
      "import a from 'a'",
      "import type { B } from 'b'",
      "import c, { type C } from 'c'",
      "import * as d from 'd'",
      "import 'e'",
      "export { f } from 'f'",
      "export * from 'g'",
      "const h = await import('h')",
      "export type { I } from 'i'",
      "export const from = 'no'",
      "// import j from 'j'",
    ].join('\n')
    const found = imports(text).toSorted((x, y) => x.line - y.line)
    assert.deepEqual(
      found.map(
        (each) => `${each.line} ${each.specifier}${each.typeOnly ? ' type' : ''}${each.dynamic ? ' dynamic' : ''}`,
      ),
      ['1 a', '2 b type', '3 c', '4 d', '5 e', '6 f', '7 g', '8 h dynamic', '9 i type'],
    )
  })
  it('finds computed names', () => assert.deepEqual(computedImports("import('a')\nimport(name)"), [2]))
})

describe('functions', () => {
  it('tells functions from blocks', () => {
    const text = [
      'function one(a: string): Promise<void> {',
      '  if (a) {',
      '    two()',
      '  }',
      '}',
      'const two = (a: () => void) => {',
      '  for (const x of y) {',
      '  }',
      '}',
      'class C {',
      '  #m<T>(a: T): { readonly ok: true } {',
      '    return { ok: true }',
      '  }',
      '}',
      'const o = f() ? {',
      '} : {}',
    ].join('\n')
    assert.deepEqual(
      functions(text).map((each) => `${each.name} ${each.line} ${each.lines}`),
      ['one 1 3', 'two 6 2', '#m 11 1'],
    )
  })
  it('counts a signature over several lines to its brace', () => {
    assert.deepEqual(functions('function f(\n  a: string,\n): number {\n  return 1\n}'), [
      { name: 'f', line: 3, lines: 1 },
    ])
  })
})
