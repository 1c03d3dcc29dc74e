import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { anchorOf, blocks, commands, headings, links } from './markdown.ts'

const text = [
  '# One',
  'see [two](two.md#b) and `npm run demo`',
  '<!-- runs -->',
  '```sh',
  '# no heading',
  'npx veilgate mask [x](y)',
  '```',
  '## Two: 二, `x`',
].join('\n')

describe('markdown', () => {
  it('reads blocks and which run', () => {
    assert.deepEqual(blocks(text), [
      { language: 'sh', text: '# no heading\nnpx veilgate mask [x](y)', line: 4, runs: true },
    ])
    assert.throws(() => blocks('```\nx'))
  })
  it('reads headings outside code', () => assert.deepEqual(headings(text), ['# One', '## Two: 二, `x`']))
  it('reads links outside code', () => assert.deepEqual(links(text), [{ target: 'two.md#b', line: 2 }]))
  it('makes anchors', () => assert.equal(anchorOf('## Two: 二, `x`'), 'two-二-x'))
  it('finds commands', () => assert.deepEqual(commands(text), { scripts: ['demo'], veilgate: ['mask'] }))
})
