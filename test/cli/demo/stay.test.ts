import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { it } from 'node:test'
import { MEMBERS, PEOPLE } from '../../../src/cli/demo/cast.ts'
import { curlLines, writeTokens } from '../../../src/cli/demo/stay.ts'
import { Workspace } from '../../../src/cli/demo/workspace.ts'
import { mintConsortium } from '../../../src/pki/consortium.ts'

it('gives every person a token file of their own', () => {
  const names = Object.values(PEOPLE).map((who) => who.en)
  assert.equal(new Set(names).size, names.length)
})

it('prints curl lines whose files exist, tokens readable by their user only', async () => {
  const workspace = new Workspace()
  try {
    const consortium = await mintConsortium({ crypto: webcrypto, now: new Date() }, { institutions: MEMBERS })
    await writeTokens(workspace, consortium)
    const lines = curlLines(workspace, 8443, 9443)
    const tokens = [...lines.matchAll(/cat "\$DEMO\/([\w-]+\.token)"/g)].map((match) => match[1]!)
    assert.ok(tokens.length >= 5)
    for (const token of tokens) {
      assert.ok(existsSync(workspace.path(token)), token)
      assert.equal(statSync(workspace.path(token)).mode & 0o777, 0o600)
    }
    assert.match(lines, /https:\/\/localhost:8443\/teaching\/inpatients\//)
    assert.match(lines, /to be refused\)\n.*\n.*third-party\.token.*\/teaching\/hl7\//)
    assert.match(lines, /https:\/\/localhost:9443\/api\/anomalies/)
  } finally {
    workspace.remove()
  }
})
