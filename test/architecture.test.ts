/** Holds the tree to the tables of ARCHITECTURE.md. The rules themselves are proved on bad examples in test/house/. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CODES } from '../src/base/errors.ts'
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
} from './house/checks.ts'
import { checkGlossary, checkPorts, checkRoad } from './house/paper.ts'
import { tableUnder } from './house/tables.ts'
import { readText, readTree } from './house/tree.ts'

const MEDIAN_CAP = 110

const paper = readText('ARCHITECTURE.md')
const sources = readTree('src', ['.ts'])
// the browser application has a compiler, packages and tests of its own (test/console, in a real browser)
const served = sources.filter(({ path }) => !path.startsWith('src/console/web/'))
const tests = readTree('test', ['.ts'])
const scripts = [
  ...readTree('scripts', ['.ts', '.mjs']),
  ...readTree('bench', ['.ts', '.mjs']),
  ...readTree('bin', ['.js']),
]
const texts = [
  ...readTree('docs', ['.md']),
  ...readTree('rules', ['.yaml', '.csv']),
  ...readTree('spec', ['.md', '.json']),
  ...readTree('certs', ['.md']),
  ...['README.md', 'README.zh-CN.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].map(
    (path) => ({ path, text: readText(path) }),
  ),
]

const holds = (offences: readonly string[]) =>
  assert.equal(offences.length, 0, `${offences.length} offences:\n  ${offences.join('\n  ')}`)

describe('architecture', () => {
  it('has sources to look at', () => assert.ok(sources.length > 50 && tests.length > 20))

  it('keeps floors and siblings apart', () => holds(checkFloors(sources, tableUnder(paper, 'Floors'))))

  it('keeps the world out of the pure floors', () => holds(checkPurity(sources, tableUnder(paper, 'Floors'))))

  it('imports each package at its own door', () => {
    const { dependencies } = JSON.parse(readText('package.json')) as { dependencies: Record<string, string> }
    holds(checkDoors(served, tableUnder(paper, 'Doors'), Object.keys(dependencies)))
  })

  it('keeps the browser application apart', () =>
    holds(
      served
        .filter(({ text }) => /from '[^']*console\/web\//.test(text) || /from '\.\.\/web\//.test(text))
        .map(({ path }) => `${path}: imports the browser application`),
    ))

  it('has no import cycle', () => {
    holds(checkCycles(sources, true))
    holds(checkCycles(sources))
  })

  it('lists every part', () => holds(checkLists(sources, tableUnder(paper, 'Lists'))))

  it('keeps files and functions short', () =>
    holds(checkSizes(served, tableUnder(paper, 'Long functions'), MEDIAN_CAP)))

  it('tests every file with logic', () => holds(checkTwins(served, tests, tableUnder(paper, 'Tested through'))))

  it('follows the road of the paper', () =>
    holds(checkRoad(sources, tableUnder(paper, 'The road'), Object.keys(CODES))))

  it('has the ports of the paper', () => holds(checkPorts(sources, tests, tableUnder(paper, 'Ports'))))

  it('speaks the words of the glossary', () =>
    holds(
      checkGlossary(
        [...sources, ...texts.filter(({ path }) => path !== 'ARCHITECTURE.md')],
        tableUnder(paper, 'Words'),
      ),
    ))

  it('names files by what they do', () => {
    // services/ is the folder of the real Kafka and Redis the tests run against.
    holds(checkNames([...sources, ...tests.filter(({ path }) => !path.startsWith('test/services/'))]))
  })

  it('holds no unfinished work, machine path, key or silenced test', () =>
    holds(checkNever([...sources, ...tests, ...scripts, ...texts])))
})
