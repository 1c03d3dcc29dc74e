import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Workspace } from '../../../src/cli/demo/workspace.ts'

describe('the workspace', () => {
  it('belongs to its user alone, holds the rules and goes away whole', () => {
    const workspace = new Workspace()
    try {
      assert.equal(statSync(workspace.folder).mode & 0o777, 0o700)
      const key = workspace.write('keys/a.key', 'x')
      assert.equal(statSync(key).mode & 0o777, 0o600)
      assert.equal(readFileSync(key, 'utf8'), 'x')
      workspace.copyRules()
      assert.ok(existsSync(workspace.path('rules', 'elements.yaml')))
      assert.ok(!existsSync(workspace.path('rules', 'institutions.yaml')))
    } finally {
      workspace.remove()
    }
    assert.ok(!existsSync(workspace.folder))
  })
})
