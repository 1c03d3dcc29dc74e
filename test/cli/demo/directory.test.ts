import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileDirectory } from '../../../src/access/compile.ts'
import { PEOPLE } from '../../../src/cli/demo/cast.ts'
import { directoryFiles, INTERFACES } from '../../../src/cli/demo/directory.ts'

const systems = { teaching: 'http://127.0.0.1:1', county: 'http://127.0.0.1:2', research: 'http://127.0.0.1:3' }
const certificates = {
  teaching: ['a'.repeat(64)],
  county: ['b'.repeat(64), 'c'.repeat(64)],
  research: ['d'.repeat(64)],
}

describe('the demo directory', () => {
  const files = [...directoryFiles({ systems, certificates })].map(([path, text]) => ({ path, text }))
  const { directory, problems } = compileDirectory(files)

  it('has no problem', () => assert.deepEqual(problems.all, []))
  it('offers what the walk calls', () => {
    for (const id of Object.values(INTERFACES)) assert.ok(directory?.entries.has(id), id)
  })
  it('registers every certificate', () => {
    assert.equal(directory?.certificates.get('c'.repeat(64)), 'county')
    assert.equal(directory?.certificates.size, 4)
  })
  it('admits its people to their scenarios', () => {
    for (const who of Object.values(PEOPLE)) {
      assert.ok(directory?.institutions.get(who.institution)?.scenarios?.includes(who.scenario), who.en)
    }
  })
})
